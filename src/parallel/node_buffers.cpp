#include "parallel/node_buffers.hpp"

#include <algorithm>
#include <utility>

#include "parallel/worker_pool.hpp"

namespace braid::parallel {

NodeBuffers::NodeBuffers(unsigned nodes, std::pmr::memory_resource* memory)
    : nodes_(std::max(1U, nodes)), memory_(memory) {
  for (unsigned node = 0; nodes_ > 1 && node < nodes_; ++node) spare_.emplace_back(memory_);
}

void NodeBuffers::exchange(Buffer& buffer, unsigned& node) noexcept {
  const unsigned here = std::min(WorkerPool::node_here(), nodes_ - 1);
  if (node == here) return;
  Buffer left = std::exchange(buffer, Buffer(memory_));
  const base::Lock lock(mutex_);
  buffer = std::exchange(spare_[here], Buffer(memory_));
  if (node != nowhere && spare_[node].capacity() < left.capacity()) {
    std::swap(spare_[node], left);
  } else if (node == nowhere && buffer.capacity() == 0) {
    buffer = std::move(left);  // not written to yet, or nobody knows by whom
  }
  node = here;
}

}  // namespace braid::parallel
