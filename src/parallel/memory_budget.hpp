#pragma once

#include <braid/result.hpp>

#include <condition_variable>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "base/mutex.hpp"

namespace braid::parallel {

struct MemoryBudgetStats {
  std::uint64_t used = 0;     // bytes reserved now
  std::uint64_t peak = 0;     // most bytes ever reserved at once
  std::uint64_t waits = 0;    // requests that had to wait
  std::uint64_t wait_ns = 0;  // for how long, all together
};

// A number of bytes that the calls of one engine share. It counts what its users say; it allocates
// nothing itself. Requests are granted in the order in which they came, so that a large one is not
// overtaken for ever by small ones.
//
// A thread that waits here must hold nothing that others need to finish: reserve all that a call
// needs at once, before it begins. Every member may be called from any thread. The budget must
// outlive its reservations. Neither copyable nor movable.
class MemoryBudget {
 public:
  // Bytes taken from a budget, given back at the latest on destruction. One thread at a time.
  class Reservation {
   public:
    Reservation() noexcept = default;
    Reservation(Reservation&& other) noexcept;
    Reservation& operator=(Reservation&& other) noexcept;
    Reservation(const Reservation&) = delete;
    Reservation& operator=(const Reservation&) = delete;

    ~Reservation() { release(); }

    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

    // Gives back all but `bytes`; keeps what there is when that is less.
    void shrink(std::uint64_t bytes) noexcept;

    void release() noexcept { shrink(0); }

   private:
    friend class MemoryBudget;

    Reservation(MemoryBudget& budget, std::uint64_t bytes) noexcept
        : budget_(&budget), bytes_(bytes) {}

    MemoryBudget* budget_ = nullptr;
    std::uint64_t bytes_ = 0;
  };

  explicit MemoryBudget(std::uint64_t limit) noexcept : limit_(limit) {}

  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  // Waits until `bytes` are free and nobody who came earlier waits.
  // Errors: memory_limit at once when it is more than the whole budget, with need and have;
  // cancelled; out_of_memory.
  [[nodiscard]] Result<Reservation> reserve(std::uint64_t bytes, std::stop_token stop = {})
      BRAID_EXCLUDES(mutex_);

  // The same without waiting; none when it would have to.
  [[nodiscard]] std::optional<Reservation> try_reserve(std::uint64_t bytes) BRAID_EXCLUDES(mutex_);

  [[nodiscard]] std::uint64_t limit() const noexcept { return limit_; }

  [[nodiscard]] MemoryBudgetStats stats() const BRAID_EXCLUDES(mutex_);

 private:
  struct Waiter {
    std::uint64_t bytes = 0;
    bool granted = false;
    std::condition_variable_any wake{};
  };

  [[nodiscard]] bool fits(std::uint64_t bytes) const BRAID_REQUIRES(mutex_) {
    return bytes <= limit_ - stats_.used;
  }

  void take(std::uint64_t bytes) BRAID_REQUIRES(mutex_);
  void give_back(std::uint64_t bytes) noexcept BRAID_EXCLUDES(mutex_);
  void grant_in_order() noexcept BRAID_REQUIRES(mutex_);

  const std::uint64_t limit_;
  mutable base::Mutex mutex_;
  MemoryBudgetStats stats_ BRAID_GUARDED_BY(mutex_);
  std::vector<Waiter*> queue_ BRAID_GUARDED_BY(mutex_);  // each lives on its thread's stack
};

}  // namespace braid::parallel
