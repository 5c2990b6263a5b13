#include "parallel/node_buffers.hpp"

#include <algorithm>
#include <utility>

namespace braid::parallel {

NodeBuffers::Lease::Lease(Lease&& other) noexcept
    : home_(std::exchange(other.home_, nullptr)),
      node_(other.node_),
      buffer_(std::move(other.buffer_)) {}

NodeBuffers::Lease& NodeBuffers::Lease::operator=(Lease&& other) noexcept {
  if (this == &other) return *this;
  give_back();
  home_ = std::exchange(other.home_, nullptr);
  node_ = other.node_;
  buffer_ = std::move(other.buffer_);
  return *this;
}

void NodeBuffers::Lease::give_back() noexcept {
  if (home_ != nullptr) std::exchange(home_, nullptr)->put(node_, std::move(buffer_));
}

NodeBuffers::NodeBuffers(unsigned nodes, std::size_t keep, std::pmr::memory_resource* memory)
    : keep_(keep), memory_(memory), free_(std::max(1U, nodes)) {
  for (auto& list : free_) list.reserve(keep);  // so that giving back never allocates
}

NodeBuffers::Lease NodeBuffers::take(unsigned node, std::size_t capacity) {
  Buffer buffer(memory_);
  unsigned home = 0;
  {
    const base::Lock lock(mutex_);
    home = std::min(node, static_cast<unsigned>(free_.size()) - 1);
    std::vector<Buffer>& list = free_[home];
    if (!list.empty()) {
      buffer = std::move(list.back());
      list.pop_back();
    }
  }
  buffer.clear();
  buffer.reserve(capacity);
  return {*this, home, std::move(buffer)};
}

void NodeBuffers::put(unsigned node, Buffer buffer) noexcept {
  const base::Lock lock(mutex_);
  if (free_[node].size() < keep_) free_[node].push_back(std::move(buffer));
}

std::size_t NodeBuffers::kept(unsigned node) const {
  const base::Lock lock(mutex_);
  return node < free_.size() ? free_[node].size() : 0;
}

}  // namespace braid::parallel
