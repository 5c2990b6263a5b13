// Three threads and one agree on verdict and bytes for any input, from memory and from a pipe.
#include "fuzz/support.hpp"

namespace {

using namespace braid;
constexpr Algorithm algorithm = Algorithm::BRAID_FUZZ_FORMAT;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Engine engine({.threads = 3});
  static const ParallelCompressor compressor(engine, CompressionConfig(algorithm));
  const ByteView packed(static_cast<const void*>(data), size);
  const auto one = decompress(packed, fuzz::reading(algorithm));
  const auto memory = compressor.decompress(packed, fuzz::reading(algorithm));
  Buffer plain;
  fuzz::PieceSource source(packed);
  BufferSink sink(plain);
  const auto pipe = compressor.decompress(source, sink, fuzz::reading(algorithm));
  fuzz::require(one.has_value() == memory.has_value());
  fuzz::require(one.has_value() == pipe.has_value());
  if (one) {
    fuzz::require(one->view() == memory->view());
    fuzz::require(one->view() == plain.view());
  }
  return 0;
}
