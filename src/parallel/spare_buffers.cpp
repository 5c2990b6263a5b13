#include "parallel/spare_buffers.hpp"

#include <algorithm>
#include <utility>

#include "parallel/worker_pool.hpp"

namespace braid::parallel {

SpareBuffers::SpareBuffers(unsigned nodes, std::size_t most, std::pmr::memory_resource* memory)
    : memory_(memory), most_(most), spare_(std::max(1U, nodes)) {
  for (auto& spare : spare_) spare.reserve(most);
}

Buffer SpareBuffers::take(unsigned& node) noexcept {
  Buffer dropped(memory_);  // its memory goes when the lock is gone
  const base::Lock lock(mutex_);
  node = std::min<unsigned>(WorkerPool::node_here(), static_cast<unsigned>(spare_.size()) - 1);
  auto& here = spare_[node];
  if (!here.empty()) {
    Buffer buffer = std::move(here.back());
    here.pop_back();
    return buffer;
  }
  if (count_ < most_) {
    ++count_;
    return Buffer(memory_);
  }
  // Those that are spare lie on other nodes: one of them makes room for a new one on this.
  const auto other = std::ranges::find_if(spare_, [](const auto& there) { return !there.empty(); });
  if (other != spare_.end()) {
    dropped = std::move(other->back());
    other->pop_back();
  }
  return Buffer(memory_);
}

void SpareBuffers::give(Buffer buffer, unsigned node) noexcept {
  const base::Lock lock(mutex_);
  if (spare_[node].size() < most_) spare_[node].push_back(std::move(buffer));
}

}  // namespace braid::parallel
