#pragma once

#include <atomic>
#include <cstdint>
#include <memory_resource>

namespace braid {

// Counts what is asked of it, and on demand has nothing to give.
class CountingMemory final : public std::pmr::memory_resource {
 public:
  [[nodiscard]] std::uint64_t allocations() const { return allocations_; }

  [[nodiscard]] std::uint64_t outstanding() const { return outstanding_; }

  void refuse(bool on) { refuse_ = on; }

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (refuse_) throw std::bad_alloc();
    ++allocations_;
    ++outstanding_;
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  }

  void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override {
    --outstanding_;
    std::pmr::new_delete_resource()->deallocate(memory, bytes, alignment);
  }

  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::atomic<std::uint64_t> allocations_ = 0;
  std::atomic<std::uint64_t> outstanding_ = 0;
  std::atomic<bool> refuse_ = false;
};

}  // namespace braid
