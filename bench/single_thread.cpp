// One thread of braid against the codec library called directly: same input, same level, in turn.
//
//   bench_single_thread [--benchmark_filter=zstd/3] [--benchmark_repetitions=5] ...
//
// BRAID_BENCH_MB sets the size of the input (default 128).
#include <braid/braid.hpp>

#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <tuple>

#include <benchmark/benchmark.h>

#include "bench/data.hpp"
#include "bench/raw_codecs.hpp"

namespace braid::bench {
namespace {

const std::string& plain_data() {
  static const std::string data = [] {
    const char* megabytes = std::getenv("BRAID_BENCH_MB");
    return machine_data((megabytes != nullptr ? std::strtoull(megabytes, nullptr, 10) : 128) *
                        1000000);
  }();
  return data;
}

// What the library itself makes of the data: both sides read the same bytes.
const std::string& packed_data(const RawCodec& codec) {
  static std::map<std::tuple<std::string_view, int>, std::string> packed;
  std::string& bytes = packed[{codec.format, codec.level}];
  if (bytes.empty()) {
    bytes.resize(plain_data().size() + plain_data().size() / 50 + 65536);
    bytes.resize(codec.compress(plain_data(), bytes, codec.level));
  }
  return bytes;
}

void report(benchmark::State& state, std::size_t packed) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(plain_data().size()));
  state.counters["ratio"] = static_cast<double>(packed) / static_cast<double>(plain_data().size());
}

void raw_compress(benchmark::State& state, const RawCodec& codec) {
  std::string packed(plain_data().size() + plain_data().size() / 50 + 65536, '\0');
  std::size_t size = 0;
  for (auto _ : state) size = codec.compress(plain_data(), packed, codec.level);
  report(state, size);
}

// Into a buffer that was used before, as the raw call has one.
void braid_compress(benchmark::State& state, const RawCodec& codec) {
  const auto config =
      CompressionConfig(algorithm_from_name(codec.format).value()).level(codec.level);
  Buffer packed;
  packed.resize(plain_data().size() + plain_data().size() / 50 + 65536);
  std::memset(packed.data(), 1, packed.size());
  for (auto _ : state) {
    packed.clear();
    MemorySource source(plain_data());
    BufferSink sink(packed);
    compress(source, sink, config).value();
  }
  report(state, packed.size());
}

void raw_decompress(benchmark::State& state, const RawCodec& codec) {
  const std::string& packed = packed_data(codec);
  std::string plain(plain_data().size(), '\0');
  for (auto _ : state) codec.decompress(packed, plain);
  if (plain != plain_data()) state.SkipWithError("the library restored other bytes");
  report(state, packed.size());
}

void braid_decompress(benchmark::State& state, const RawCodec& codec) {
  const std::string& packed = packed_data(codec);
  const DecompressionConfig config{.algorithm = algorithm_from_name(codec.format).value()};
  Buffer plain(plain_data().size());
  std::memset(plain.data(), 1, plain.size());
  auto decoder = Decoder::make(config).value();
  for (auto _ : state) {
    decoder.reset().value();
    const Step step = decoder.step(packed, plain.writable(), Input::last).value();
    if (step.state != StepState::finished) state.SkipWithError("braid did not finish");
  }
  if (!(plain.view() == ByteView(plain_data()))) {
    state.SkipWithError("braid restored other bytes");
  }
  report(state, packed.size());
}

}  // namespace
}  // namespace braid::bench

int main(int argc, char** argv) {
  using namespace braid::bench;
  for (std::size_t i = 0; i < raw_codec_count; ++i) {
    const RawCodec& codec = raw_codecs[i];
    const std::string name = std::string(codec.format) + "/" + std::to_string(codec.level);
    const auto add = [&](const std::string& what, auto* run) {
      benchmark::RegisterBenchmark((name + "/" + what).c_str(), run, codec)
          ->Unit(benchmark::kMillisecond);
    };
    add("compress/library", raw_compress);
    add("compress/braid", braid_compress);
    add("decompress/library", raw_decompress);
    add("decompress/braid", braid_decompress);
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
