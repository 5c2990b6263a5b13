#pragma once

#include <braid/executor.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace braid::parallel {

// A first-in first-out ring of tasks that allocates only when it grows. Not synchronised.
class TaskQueue {
 public:
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }

  [[nodiscard]] std::size_t size() const noexcept { return count_; }

  // Throws std::bad_alloc, and then the queue and the task are as before.
  void push(Task&& task) {
    if (count_ == capacity_) grow();
    ring_[(first_ + count_) & (capacity_ - 1)] = std::move(task);
    ++count_;
  }

  // Not to be called on an empty queue.
  [[nodiscard]] Task pop() noexcept {
    Task task = std::move(ring_[first_]);
    first_ = (first_ + 1) & (capacity_ - 1);
    --count_;
    return task;
  }

 private:
  void grow() {
    const std::size_t capacity = capacity_ == 0 ? 16 : capacity_ * 2;  // a power of two, always
    auto ring = std::make_unique<Task[]>(capacity);
    for (std::size_t i = 0; i < count_; ++i) {
      ring[i] = std::move(ring_[(first_ + i) & (capacity_ - 1)]);
    }
    ring_ = std::move(ring);
    first_ = 0;
    capacity_ = capacity;
  }

  std::unique_ptr<Task[]> ring_;
  std::size_t capacity_ = 0;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

}  // namespace braid::parallel
