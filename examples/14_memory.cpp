// Where memory comes from, how much of it, and how a call is stopped.
#include <braid/braid.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory_resource>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace braid::literals;

// snippet: allocators
// Each thread has an allocator of its own: results come from it and go back to it, without a lock.
int allocate_per_thread(braid::ThreadSafeCompressor& shared) {
  std::array<bool, 3> good{};
  {
    std::vector<std::jthread> threads;
    for (bool& mine : good) {
      threads.emplace_back([&shared, &mine] {
        std::pmr::unsynchronized_pool_resource memory;
        const braid::Result<braid::Buffer> packed = shared.compress("a page of text", &memory);
        mine = packed && packed->memory() == &memory;
      });
    }
  }
  return good == std::array{true, true, true} ? 0 : 1;
}

// snippet: end

// snippet: ceiling
// All calls of an engine share one limit. A call that would like more runs with fewer threads; one
// that cannot have the least it needs is refused and told how much that is.
int stay_below(std::string_view text) {
  const auto config = braid::CompressionConfig(braid::Algorithm::xz).level(6).chunk_size(1_MiB);
  braid::Engine small({.memory_limit = 1_MiB});
  const auto refused = braid::ParallelCompressor(small, config).compress(text);
  if (refused || refused.error().code != braid::Errc::memory_limit) return 1;
  std::puts(refused.error().text().c_str());

  braid::Engine enough({.memory_limit = 256_MiB});
  if (!braid::ParallelCompressor(enough, config).compress(text)) return 1;
  std::printf("at most %ju bytes at once\n", enough.stats().peak_memory);
  return enough.stats().peak_memory <= 256_MiB ? 0 : 1;
}

// snippet: end

// A source that never ends by itself.
class Endless final : public braid::Source {
 public:
  braid::Result<std::size_t> read(braid::MutableBytes out) override {
    std::ranges::fill(out, std::byte{'x'});
    return out.size();
  }
};

// snippet: cancel
// Progress comes from one thread at a time and cannot cancel; a stop token can, within a chunk.
int stop_half_way(braid::Engine& engine) {
  std::stop_source stop;
  Endless source;
  braid::NullSink sink;
  const auto run = braid::ParallelCompressor(engine).compress(
      source, sink, {.stop = stop.get_token(), .on_progress = [&](const braid::Progress& progress) {
                       if (progress.bytes_in > 50'000'000) stop.request_stop();
                     }});
  return !run && run.error().code == braid::Errc::cancelled ? 0 : 1;
}

// snippet: end

}  // namespace

int main() {
  braid::Engine engine;
  braid::ThreadSafeCompressor shared;
  const int allocated = allocate_per_thread(shared);
  const int bounded = stay_below(std::string(4 << 20, 'x'));
  const int stopped = stop_half_way(engine);
  return allocated + bounded + stopped;
}
