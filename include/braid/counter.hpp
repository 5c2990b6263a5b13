#pragma once

#include <atomic>
#include <cstdint>

namespace braid {

// A 64-bit counter that any number of threads may advance at once, without a lock; it wraps around
// after 2^64. It has a cache line to itself, so that counters side by side do not slow each other.
//
// Ordering: what a thread did before it advanced the counter is visible to every thread to which
// get() returns a number that includes the advance. (On x86-64 and AArch64 with atomics this costs
// no more than a relaxed counter.)
// Neither copyable nor movable: a copy would be a second count.
class alignas(64) LockFreeCounter {  // 64: the cache line of x86-64 and of most AArch64
 public:
  constexpr LockFreeCounter() noexcept = default;

  constexpr explicit LockFreeCounter(std::uint64_t start) noexcept : value_(start) {}

  LockFreeCounter(const LockFreeCounter&) = delete;
  LockFreeCounter& operator=(const LockFreeCounter&) = delete;

  // Adds one and returns the NEW value: the first call on a fresh counter returns 1, and no two
  // calls return the same.
  std::uint64_t increment() noexcept { return add(1); }

  // Adds `amount` and returns the new value.
  std::uint64_t add(std::uint64_t amount) noexcept {
    return value_.fetch_add(amount, std::memory_order_acq_rel) + amount;
  }

  [[nodiscard]] std::uint64_t get() const noexcept {
    return value_.load(std::memory_order_acquire);
  }

  // Sets it to zero and returns the value it had: no increment is lost or counted twice between one
  // reset and the next.
  std::uint64_t reset() noexcept { return value_.exchange(0, std::memory_order_acq_rel); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

}  // namespace braid
