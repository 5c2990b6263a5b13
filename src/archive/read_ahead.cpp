#include "archive/read_ahead.hpp"

#include <atomic>
#include <new>

#include "base/try.hpp"

namespace braid::archive {

struct ReadAhead::Slot {
  enum State : int { waiting, taken, opened };

  Item item;
  Result<void> result;
  std::atomic<int> state = waiting;

  bool take() noexcept {
    int expected = waiting;
    return state.compare_exchange_strong(expected, taken, std::memory_order_acquire);
  }
};

struct ReadAhead::Group {
  std::array<Slot, group_items> slots;
  std::size_t count = 0;
};

ReadAhead::ReadAhead(Executor& executor, Feed& feed) : executor_(executor), feed_(feed) {}

ReadAhead::~ReadAhead() {
  for (const auto& group : groups_) {
    for (std::size_t i = 0; i < group->count; ++i) {
      Slot& slot = group->slots[i];
      if (!slot.take()) slot.state.wait(Slot::taken, std::memory_order_acquire);
    }
  }
}

void ReadAhead::open(Feed& feed, Slot& slot) noexcept {
  try {
    slot.result = feed.open(slot.item);
  } catch (const std::bad_alloc&) {
    slot.result = Error{.code = Errc::out_of_memory, .message = {}};
  } catch (...) {
    slot.result = Error{.code = Errc::internal, .message = {}};
  }
  slot.state.store(Slot::opened, std::memory_order_release);
  slot.state.notify_all();
}

Result<void> ReadAhead::refill() {
  const bool alone = executor_.concurrency() == 0;
  const std::size_t wanted = alone ? 1 : groups_ahead;
  while (!ended_ && groups_.size() < wanted) {
    auto group = std::make_shared<Group>();
    while (group->count < (alone ? 1 : group_items)) {
      BRAID_TRY_VALUE(const bool more, feed_.next(group->slots[group->count].item));
      if (!more) {
        ended_ = true;
        break;
      }
      ++group->count;
    }
    if (group->count == 0) break;
    groups_.push_back(group);
    if (alone) break;
    try {
      executor_.execute([group = std::move(group), feed = &feed_] {
        for (std::size_t i = 0; i < group->count; ++i) {
          if (group->slots[i].take()) open(*feed, group->slots[i]);
        }
      });
    } catch (...) {  // refused: this thread opens them
    }
  }
  return {};
}

Result<bool> ReadAhead::next(Item& item) {
  for (;;) {
    if (!groups_.empty() && at_ == groups_.front()->count) {
      groups_.pop_front();
      at_ = 0;
    }
    BRAID_TRY(refill());
    if (groups_.empty()) return false;
    Slot& slot = groups_.front()->slots[at_++];
    if (slot.take()) {
      open(feed_, slot);
    } else {
      slot.state.wait(Slot::taken, std::memory_order_acquire);
    }
    BRAID_TRY_VALUE(const bool wanted, feed_.settle(slot.item, std::move(slot.result)));
    if (!wanted) continue;
    item = std::move(slot.item);
    return true;
  }
}

}  // namespace braid::archive
