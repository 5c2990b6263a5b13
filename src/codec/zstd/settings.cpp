#include "codec/zstd/settings.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/try.hpp"
#include "codec/cut.hpp"
#include "codec/zstd/zstd.hpp"

namespace braid::codec::zstd {

namespace {

bool long_distance(const CompressionConfig& config) {
  return config.get(Knob::long_distance, 0) != 0;
}

// The window of a level for large inputs, as libzstd 1.5 has it: with it a chunk's size is chosen,
// which must not change with the library. Base-two logarithm.
int level_window_log(int level) {
  if (level == 0) level = 3;
  if (level <= 2) return level == 2 ? 20 : 19;
  if (level <= 8) return 21;
  if (level <= 16) return 22;
  if (level <= 19) return 23;
  return level + 5;  // 25, 26 and 27 at the "ultra" levels
}

// The reference tool reads larger windows only when told to (ZSTD_WINDOWLOG_LIMIT_DEFAULT); also
// the library's default with long-distance matching.
constexpr int largest_common_window_log = 27;

// The history a stream is written with, before the library cuts it to the input.
int window_log(const CompressionConfig& config) {
  const int chosen = chosen_window_log(config);
  if (chosen != 0) return chosen;
  return long_distance(config) ? largest_common_window_log : level_window_log(config.level());
}

Error bad(std::string message) {
  return {
      .code = Errc::invalid_argument, .message = std::move(message), .algorithm = Algorithm::zstd};
}

}  // namespace

bool is_single(const CompressionConfig& config) {
  return config.get(Knob::layout, static_cast<int>(Layout::standard)) ==
         static_cast<int>(Layout::single);
}

int chosen_window_log(const CompressionConfig& config) {
  if (config.is_set(Knob::window_log)) return static_cast<int>(config.get(Knob::window_log, 0));
  if (is_single(config) || long_distance(config)) return 0;
  return std::min(level_window_log(config.level()) + 1, largest_common_window_log);
}

Result<void> validate(const CompressionConfig& config) {
  for (const Knob knob : {Knob::chunk_size, Knob::rsyncable}) {
    if (is_single(config) && config.is_set(knob)) {
      return bad(std::string(name(knob)) +
                 " has no meaning with layout single, which has no chunks");
    }
  }
  constexpr std::array long_distance_knobs = {Knob::ldm_hash_log, Knob::ldm_min_match,
                                              Knob::ldm_bucket_size_log, Knob::ldm_hash_rate_log};
  for (const Knob knob : long_distance_knobs) {
    if (config.is_set(knob) && !long_distance(config)) {
      return bad(std::string(name(knob)) + " needs long_distance");
    }
  }
  if (config.is_set(Knob::dictionary_id) && config.dictionary().empty()) {
    return bad("dictionary_id needs a dictionary");
  }
  const auto strategy = static_cast<Strategy>(config.get(Knob::strategy, 0));
  if (strategy != Strategy::automatic && strategy < Strategy::fast) {
    return bad("strategy " + std::to_string(static_cast<int>(strategy)) +
               " is one of zlib's, not of zstd's");
  }
  return {};
}

std::size_t chunk_size(const CompressionConfig& config) {
  if (is_single(config)) return 0;
  // Two of the frame's windows, four of the level's. The slowest levels have large windows and need
  // half of that to lose nothing: it is better spent on more chunks for more threads.
  const bool slowest =
      config.level() >= 17 && !config.is_set(Knob::window_log) && !long_distance(config);
  const std::uint64_t size = std::uint64_t{slowest ? 1U : 2U} << window_log(config);
  // With rsyncable the largest; most are a third of it.
  const std::uint64_t most = cuts_by_content(config) ? 2_MiB : max_chunk_size;
  const std::uint64_t by_default = std::clamp<std::uint64_t>(size, 1_MiB, most);
  return static_cast<std::size_t>(
      config.get(Knob::chunk_size, static_cast<std::int64_t>(by_default)));
}

// The library tells what a context takes only through functions that it does not keep stable, so
// this is a table of what ZSTD_sizeof_CCtx() said, by level, of contexts for large inputs.
std::uint64_t encoder_memory(const CompressionConfig& config) {
  // KiB of tables at levels 1 to 22.
  constexpr std::array<std::uint32_t, 22> tables = {
      576,   768,   1280,  2560,  3584,  3584,  6656,  6656,  12800,  25088,  25088,
      49664, 33280, 49664, 66048, 33536, 49920, 50432, 83200, 165120, 329000, 665000};
  const int level = config.level() == 0 ? 3 : std::max(config.level(), 1);
  std::uint64_t size = std::uint64_t{tables[static_cast<std::size_t>(level - 1)]} << 10;
  const auto add_log = [&](Knob knob, std::uint64_t entry) {
    if (config.is_set(knob)) size += entry << config.get(knob, 0);
  };
  add_log(Knob::hash_log, 4);
  add_log(Knob::chain_log, 4);
  // Optimal parsing keeps statistics and a second table, whatever the level set aside for it.
  if (config.get(Knob::strategy, 0) >= static_cast<int>(Strategy::btopt)) size += 2_MiB;
  if (long_distance(config)) {
    // Eight bytes an entry and a byte a bucket; by default the window's log less seven.
    size += std::uint64_t{9} << config.get(Knob::ldm_hash_log, window_log(config) - 7);
    size += 2_MiB;  // sequences found ahead of a block
  }
  // A dictionary is kept twice, and tables for it, which grow with it and not with the level alone.
  const std::uint64_t dictionary = config.dictionary().size();
  if (dictionary != 0) size += std::min(size, 32 * dictionary + 1_MiB) + 2 * dictionary;
  // The stream encoder keeps a window and buffers of its own.
  if (is_single(config)) size += (std::uint64_t{1} << window_log(config)) + 1_MiB;
  return size;
}

}  // namespace braid::codec::zstd
