#pragma once

#include <braid/bytes.hpp>

#include <memory_resource>
#include <vector>

#include "base/mutex.hpp"

namespace braid::parallel {

// Keeps the buffers of a call's items on the NUMA node that works on them. The system gives a page
// the node of the thread that writes to it first, and items go through the same buffers again and
// again, worked on by whoever is free: without care most would lie far away after a while.
// Holds at most one spare buffer for each node. Every member may be called from any thread.
class NodeBuffers {
 public:
  static constexpr unsigned nowhere = ~0U;

  // On one node it does nothing and costs a comparison. `memory`: where buffers come from.
  NodeBuffers(unsigned nodes, std::pmr::memory_resource* memory);

  // Makes `buffer` one of the node that the calling thread works on (WorkerPool::node_here()),
  // which is about to fill it: what it holds is lost unless it is that already. `node` is where it
  // lies, nowhere at first. Throws nothing: a buffer that is new has no memory yet.
  void settle(Buffer& buffer, unsigned& node) noexcept {
    if (nodes_ > 1) exchange(buffer, node);
  }

 private:
  void exchange(Buffer& buffer, unsigned& node) noexcept BRAID_EXCLUDES(mutex_);

  const unsigned nodes_;
  std::pmr::memory_resource* memory_;
  base::Mutex mutex_;
  std::vector<Buffer> spare_ BRAID_GUARDED_BY(mutex_);  // by node
};

}  // namespace braid::parallel
