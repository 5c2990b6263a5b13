// One large buffer on all threads, there and back: a standard stream, the same for any number.
#include <braid/braid.hpp>

#include <chrono>
#include <cstdio>
#include <string>

namespace {

// snippet: chunks
using namespace braid::literals;

int compress_in_chunks(std::string_view data) {
  braid::Engine engine;  // as many threads as this process may use CPUs
  const auto config = braid::CompressionConfig(braid::Algorithm::zstd).chunk_size(1_MiB);
  const braid::ParallelCompressor compressor(engine, config);

  const auto start = std::chrono::steady_clock::now();
  const braid::Result<braid::Buffer> packed = compressor.compress(data);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  if (!packed) {  // one chunk's failure is the call's, and says which chunk it was
    std::puts(packed.error().text().c_str());
    return 1;
  }
  std::printf("%zu -> %zu bytes in %.1f ms on %u threads\n", data.size(), packed->size(),
              took.count(), engine.threads());

  // Reading is parallel too, and refuses what is cut, reordered, damaged or followed by anything.
  const braid::Buffer plain = compressor.decompress(*packed).value();
  const auto cut = compressor.decompress(packed->view().first(packed->size() / 2));
  return plain.view() == braid::ByteView(data) && !cut ? 0 : 1;
}

// snippet: end

}  // namespace

int main() {
  std::string data(10_MiB, '\0');
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<char>(i % 256);
  return compress_in_chunks(data);
}
