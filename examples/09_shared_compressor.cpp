// One compressor for all threads, with statistics that add up.
#include <braid/braid.hpp>

#include <cstdio>
#include <string>
#include <thread>
#include <vector>

namespace {

// snippet: shared
int share_a_compressor() {
  braid::ThreadSafeCompressor shared(
      braid::CompressionConfig(braid::Algorithm::lz4).level(braid::Level::fastest));
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&shared, t] {
        for (int i = 0; i < 10; ++i) {
          const std::string text =
              "Thread " + std::to_string(t) + " iteration " + std::to_string(i) + " data";
          const auto packed = shared.compress(text);
          if (packed) (void)shared.decompress(*packed);
        }
      });
    }
  }
  // A snapshot: every operation that has returned, whole, and no other.
  const braid::CompressionStats stats = shared.stats();
  std::printf("%ju operations, %ju failures, %ju -> %ju bytes (%.1f %%), %ju us\n",
              stats.compress.operations, stats.compress.failures, stats.compress.plain_bytes,
              stats.compress.packed_bytes, 100 * stats.compress.ratio(),
              stats.compress.busy_ns / 1000);
  return stats.compress.operations == 40 && stats.decompress.operations == 40 ? 0 : 1;
}

// snippet: end

}  // namespace

int main() {
  return share_a_compressor();
}
