#pragma once

#include <braid/shared_compressor.hpp>

#include <algorithm>
#include <vector>

#include "base/mutex.hpp"
#include "engine/context_shelf.hpp"

namespace braid::engine {

// Statistics that many threads add to: one locked part for each CPU. An operation is added to one
// part in one piece, so that a sum over the parts never holds half of it.
// Measured on two cores, two threads adding without pause: 21 ns an operation, as against 60 ns
// with one lock for all; a sequence lock needs the same writer's lock and gains readers only.
class ShardedStats {
 public:
  explicit ShardedStats(std::size_t parts) : parts_(parts) {}

  // `direction`: &CompressionStats::compress or decompress.
  void add(DirectionStats CompressionStats::*direction, const DirectionStats& more) {
    Part& part = parts_[cpu_hint() % parts_.size()];
    const base::Lock lock(part.mutex);
    merge(part.stats.*direction, more);
  }

  [[nodiscard]] CompressionStats sum() const {
    CompressionStats total;
    for (const Part& part : parts_) {
      const base::Lock lock(part.mutex);
      merge(total, part.stats);
    }
    return total;
  }

  CompressionStats take() {
    CompressionStats total;
    for (Part& part : parts_) {
      const base::Lock lock(part.mutex);
      merge(total, part.stats);
      part.stats = {};
    }
    return total;
  }

 private:
  struct alignas(64) Part {  // whole cache lines: neighbours belong to different CPUs
    mutable base::Mutex mutex;
    CompressionStats stats BRAID_GUARDED_BY(mutex);
  };

  static void merge(DirectionStats& into, const DirectionStats& more) {
    into.operations += more.operations;
    into.failures += more.failures;
    into.plain_bytes += more.plain_bytes;
    into.packed_bytes += more.packed_bytes;
    into.busy_ns += more.busy_ns;
    into.least_plain = std::min(into.least_plain, more.least_plain);
    into.most_plain = std::max(into.most_plain, more.most_plain);
  }

  static void merge(CompressionStats& into, const CompressionStats& more) {
    merge(into.compress, more.compress);
    merge(into.decompress, more.decompress);
  }

  std::vector<Part> parts_;
};

}  // namespace braid::engine
