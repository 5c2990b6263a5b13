#include "parallel/memory_budget.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <string>
#include <utility>

#include "base/cancelled.hpp"
#include "base/no_memory.hpp"

namespace braid::parallel {

MemoryBudget::Reservation::Reservation(Reservation&& other) noexcept
    : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

MemoryBudget::Reservation& MemoryBudget::Reservation::operator=(Reservation&& other) noexcept {
  if (this == &other) return *this;
  release();
  budget_ = std::exchange(other.budget_, nullptr);
  bytes_ = std::exchange(other.bytes_, 0);
  return *this;
}

void MemoryBudget::Reservation::shrink(std::uint64_t bytes) noexcept {
  if (bytes >= bytes_) return;
  budget_->give_back(bytes_ - bytes);
  bytes_ = bytes;
}

void MemoryBudget::take(std::uint64_t bytes) {
  stats_.used += bytes;
  stats_.peak = std::max(stats_.peak, stats_.used);
}

void MemoryBudget::give_back(std::uint64_t bytes) noexcept {
  const base::Lock lock(mutex_);
  stats_.used -= bytes;
  grant_in_order();
}

void MemoryBudget::grant_in_order() noexcept {
  while (!queue_.empty() && fits(queue_.front()->bytes)) {
    Waiter& first = *queue_.front();
    queue_.erase(queue_.begin());
    take(first.bytes);
    first.granted = true;
    first.wake.notify_one();  // while locked: the waiter is gone once it has seen `granted`
  }
}

std::optional<MemoryBudget::Reservation> MemoryBudget::try_reserve(std::uint64_t bytes) {
  const base::Lock lock(mutex_);
  if (!queue_.empty() || !fits(bytes)) return std::nullopt;
  take(bytes);
  return Reservation(*this, bytes);
}

Result<MemoryBudget::Reservation> MemoryBudget::reserve(std::uint64_t bytes, std::stop_token stop) {
  if (bytes > limit_) {
    return Error{.code = Errc::memory_limit,
                 .message = "needs " + std::to_string(bytes) + " bytes of memory, the limit is " +
                            std::to_string(limit_)};
  }
  if (auto at_once = try_reserve(bytes)) return *std::move(at_once);
  const auto began = std::chrono::steady_clock::now();
  Waiter waiter{.bytes = bytes};
  base::Lock lock(mutex_);
  try {
    queue_.push_back(&waiter);
  } catch (const std::bad_alloc&) {
    return base::no_memory("out of memory");
  }
  ++stats_.waits;
  grant_in_order();  // what was in the way may have gone since
  waiter.wake.wait(lock.native(), stop, [&] { return waiter.granted; });
  stats_.wait_ns += static_cast<std::uint64_t>(
      std::chrono::nanoseconds(std::chrono::steady_clock::now() - began).count());
  if (waiter.granted) return Reservation(*this, bytes);
  queue_.erase(std::find(queue_.begin(), queue_.end(), &waiter));
  grant_in_order();  // those behind may fit where this one did not
  return base::cancelled();
}

MemoryBudgetStats MemoryBudget::stats() const {
  const base::Lock lock(mutex_);
  return stats_;
}

}  // namespace braid::parallel
