// What is compressed with any valid configuration restores, and is the same on three threads.
#include "fuzz/support.hpp"

namespace {

using namespace braid;
constexpr Algorithm algorithm = Algorithm::BRAID_FUZZ_FORMAT;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  static Engine engine({.threads = 3});
  const AlgorithmInfo& row = info(algorithm);
  CompressionConfig config(algorithm);
  // Levels above 5 only cost time, but in the deflate family, where 6 to 9 have another encoder.
  const bool deflates = algorithm == Algorithm::deflate || algorithm == Algorithm::zlib ||
                        algorithm == Algorithm::gzip;
  config.level(row.min_level < 0 ? data[0] % 8 - 3
                                 : std::min(row.min_level + data[0] % 10, deflates ? 9 : 5));
  if (row.knob(Knob::chunk_size) != nullptr && data[1] % 2 == 0) {
    config.chunk_size(std::uint64_t{4096} << (data[1] / 2 % 6));
  }
  if (!row.knobs.empty() && data[2] % 2 == 0) {
    const KnobRange& knob = row.knobs[data[2] / 2 % row.knobs.size()];
    if (knob.max - knob.min < 64)
      config.set(knob.knob, knob.min + data[3] % (knob.max - knob.min + 1));
  }
  const ByteView plain(static_cast<const void*>(data + 4), size - 4);
  const auto packed = compress(plain, config);
  if (!packed) {
    const Errc code = packed.error().code;
    fuzz::require(code == Errc::invalid_argument || code == Errc::memory_limit);
    return 0;
  }
  const auto parallel = ParallelCompressor(engine, config).compress(plain);
  fuzz::require(parallel && parallel->view() == packed->view());
  const auto restored = decompress(*packed, {.algorithm = algorithm, .memory_limit = UINT64_MAX});
  fuzz::require(restored && restored->view() == plain);
  return 0;
}
