#pragma once

#include <braid/executor.hpp>

#include <array>
#include <deque>
#include <memory>

#include "archive/format.hpp"

namespace braid::archive {

// Opens the entries of a feed ahead of their use, on threads of an executor that have nothing
// better to do, and gives them out in their order. What no thread has taken up when its turn comes
// is opened then and there: nothing waits for a task to be started.
// Memory: window() items as the feed opens them. One thread at a time; the feed must outlive it.
class ReadAhead {
 public:
  ReadAhead(Executor& executor, Feed& feed);

  // Waits for what other threads are opening; tasks that start later touch nothing.
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  // The next entry, opened and settled; false at the end. Errors: those of the feed.
  [[nodiscard]] Result<bool> next(Item& item);

 private:
  // Items opened by one task: few enough to be spread, enough that a task is worth its cost.
  static constexpr std::size_t group_items = 8;
  static constexpr std::size_t groups_ahead = 8;

  struct Slot;
  struct Group;

  Result<void> refill();
  static void open(Feed& feed, Slot& slot) noexcept;

  Executor& executor_;
  Feed& feed_;
  std::deque<std::shared_ptr<Group>> groups_;
  std::size_t at_ = 0;  // within the first group
  bool ended_ = false;
};

}  // namespace braid::archive
