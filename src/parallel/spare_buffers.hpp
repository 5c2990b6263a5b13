#pragma once

#include <braid/bytes.hpp>

#include <memory_resource>
#include <vector>

#include "base/mutex.hpp"

namespace braid::parallel {

// The buffers that a call's items are worked into, passed from item to item. The one given back
// last goes out first: its pages are there and its bytes may still be in a cache, so that a call
// touches no more memory than its items need at once. Each buffer stays on the NUMA node of the
// thread that first wrote to it, and goes to threads of that node alone. Every member may be called
// from any thread.
class SpareBuffers {
 public:
  // At most `most` are out and spare together: no more may be out at once. `memory`: where they
  // come from. Throws std::bad_alloc.
  SpareBuffers(unsigned nodes, std::size_t most, std::pmr::memory_resource* memory);

  // A buffer for the calling thread to fill, and the node that it lies on. Its size and content are
  // unspecified; a new one has no memory yet.
  [[nodiscard]] Buffer take(unsigned& node) noexcept BRAID_EXCLUDES(mutex_);

  void give(Buffer buffer, unsigned node) noexcept BRAID_EXCLUDES(mutex_);

 private:
  std::pmr::memory_resource* memory_;
  const std::size_t most_;
  base::Mutex mutex_;
  std::size_t count_ BRAID_GUARDED_BY(mutex_) = 0;                   // out and spare
  std::vector<std::vector<Buffer>> spare_ BRAID_GUARDED_BY(mutex_);  // by node
};

}  // namespace braid::parallel
