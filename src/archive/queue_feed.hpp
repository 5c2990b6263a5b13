#pragma once

#include <condition_variable>
#include <deque>

#include "archive/format.hpp"
#include "base/mutex.hpp"

namespace braid::archive {

// Entries that one thread puts in and a format takes out, on another thread.
class QueueFeed final : public Feed {
 public:
  // Waits while the queue is full. Errors: the one that closed it.
  [[nodiscard]] Result<void> put(Item item) BRAID_EXCLUDES(mutex_);

  // No more come.
  void end() BRAID_EXCLUDES(mutex_);

  // No more are taken out: put() fails with the error from now on. The first one counts.
  void close(Error error) BRAID_EXCLUDES(mutex_);

  [[nodiscard]] std::uint64_t entries() const noexcept { return entries_; }

  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

  Result<bool> next(Item& item) override BRAID_EXCLUDES(mutex_);

  Result<void> open(Item& /*item*/) override { return {}; }

  Result<bool> settle(Item& /*item*/, Result<void> /*opened*/) override { return true; }

  Result<void> shrank(const Item& item) override;

  void written(const Item& item) override;

 private:
  // Formats look 64 entries ahead by themselves.
  static constexpr std::size_t most_waiting = 64;

  base::Mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> waiting_ BRAID_GUARDED_BY(mutex_);
  std::optional<Error> error_ BRAID_GUARDED_BY(mutex_);
  bool ended_ BRAID_GUARDED_BY(mutex_) = false;
  std::uint64_t entries_ = 0;  // of the thread that writes
  std::uint64_t bytes_ = 0;
};

}  // namespace braid::archive
