#include <algorithm>
#include <chrono>
#include <vector>

#include <fmt/core.h>

#include "cli/archive_job.hpp"
#include "cli/commands.hpp"
#include "cli/configs.hpp"
#include "cli/input.hpp"
#include "cli/json_output.hpp"
#include "cli/numbers.hpp"

namespace braid::cli {

namespace {

// More tells no more, and all of it is held in memory, twice.
constexpr std::size_t most_bytes = 256 << 20;
constexpr std::size_t sample_bytes = 16 << 20;

constexpr std::uint64_t usual_runs = 3;
constexpr double long_run = 5;  // seconds; what takes longer is run once

// Text of words in no order, the same each time.
Buffer sample() {
  Buffer text;
  text.reserve(sample_bytes + 16);
  std::uint64_t state = 1;
  while (text.size() < sample_bytes) {
    state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    // Small numbers are common: so are some words.
    const std::uint64_t word = (state >> 33) % 4096 * ((state >> 50) % 64) / 64;
    text.append(ByteView(
        fmt::format("{:x}{}", word * 2'654'435'761U % 0xfffff, word % 9 == 0 ? '\n' : ' ')));
  }
  return text;
}

Result<Buffer> read_input(ArchiveJob& job) {
  const auto& operands = job.settings().operands;
  if (operands.empty()) return sample();
  auto input = Input::open_operand(operands.front(), job.signals().descriptor());
  if (!input) return std::move(input).error();
  Buffer bytes;
  while (bytes.size() < most_bytes) {
    const std::size_t end = bytes.size();
    bytes.resize(std::min(most_bytes, end + (std::size_t{1} << 20)));
    auto count = input->read(bytes.writable().subspan(end));
    if (!count) return std::move(count).error();
    bytes.resize(end + *count);
    if (*count == 0) break;
  }
  if (bytes.empty()) {
    return Error{.code = Errc::invalid_argument, .message = "there is nothing in it to measure"};
  }
  return bytes;
}

// The levels to be measured, each once.
Result<std::vector<CompressionConfig>> configs_for(const Settings& settings, Algorithm algorithm) {
  std::vector<CompressionConfig> configs;
  auto base = compression_config(settings, algorithm);
  if (!base) return std::move(base).error();
  if (settings.level || settings.named_level) return std::vector{*std::move(base)};
  for (const Level level : {Level::fastest, Level::fast, Level::normal, Level::best}) {
    CompressionConfig config = *base;
    config.level(level);
    const bool known = std::ranges::any_of(
        configs, [&](const CompressionConfig& other) { return other.level() == config.level(); });
    if (!known) configs.push_back(std::move(config));
  }
  return configs;
}

// The median of the seconds that `runs` calls take, fewer when they are long.
template <typename Call>
Result<double> median_seconds(std::uint64_t runs, const Call& call) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> seconds;
  while (seconds.size() < runs) {
    const Clock::time_point begun = Clock::now();
    if (auto done = call(); !done) return std::move(done).error();
    seconds.push_back(std::chrono::duration<double>(Clock::now() - begun).count());
    if (seconds.back() > long_run) break;
  }
  std::ranges::sort(seconds);
  return seconds[seconds.size() / 2];
}

Result<BenchRow> measure(ArchiveJob& job, const CompressionConfig& config, ByteView plain) {
  const ParallelCompressor compressor(job.engine(), config);
  const std::uint64_t runs = job.settings().runs.value_or(usual_runs);
  Buffer packed;
  auto packing = median_seconds(runs, [&]() -> Result<void> {
    auto result = compressor.compress(plain);
    if (!result) return std::move(result).error();
    packed = *std::move(result);
    return {};
  });
  if (!packing) return std::move(packing).error();
  bool equal = true;
  const DecompressionConfig reading{.algorithm = config.algorithm(), .output_limit = plain.size()};
  auto restoring = median_seconds(runs, [&]() -> Result<void> {
    auto result = compressor.decompress(packed.view(), reading);
    if (!result) return std::move(result).error();
    equal = equal && result->view() == plain;
    return {};
  });
  if (!restoring) return std::move(restoring).error();
  if (!equal) return Error{.code = Errc::internal, .message = "other bytes came back"};
  return BenchRow{.format = info(config.algorithm()).name,
                  .level = config.level(),
                  .plain = plain.size(),
                  .compressed = packed.size(),
                  .compress_seconds = *packing,
                  .restore_seconds = *restoring};
}

Result<void> bench(ArchiveJob& job, const std::string& name) {
  const Settings& settings = job.settings();
  auto plain = read_input(job);
  if (!plain) return std::move(plain).error();
  if (!settings.json) {
    job.report().text(fmt::format("{}: {} on {} threads\n{:<8} {:>6} {:>14} {:>9} {:>15} {:>15}\n",
                                  name, size_text(plain->size()), job.engine().threads(), "FORMAT",
                                  "LEVEL", "COMPRESSED", "RATIO", "COMPRESS MB/s", "RESTORE MB/s"));
  }
  for (const Algorithm algorithm : algorithms()) {
    const bool asked = settings.format ? *settings.format == algorithm
                                       : algorithm != Algorithm::none && info(algorithm).built;
    if (!asked) continue;
    auto configs = configs_for(settings, algorithm);
    if (!configs) return std::move(configs).error();
    for (const CompressionConfig& config : *configs) {
      auto row = measure(job, config, plain->view());
      if (!row) return std::move(row).error();
      job.report().bench_row(*row);
    }
  }
  return {};
}

}  // namespace

int run_bench(const Settings& settings) {
  ArchiveJob job(settings);
  const std::string name = settings.operands.empty() ? "made-up text" : settings.operands.front();
  if (auto done = bench(job, name); !done) {
    job.report().error(settings.operands.empty() ? "" : name, done.error());
  }
  return job.finish();
}

}  // namespace braid::cli
