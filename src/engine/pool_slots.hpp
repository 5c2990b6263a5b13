#pragma once

#include <braid/thread_pool.hpp>

#include <cstdint>
#include <deque>

#include "engine/pool_contexts.hpp"

// The tasks of a CompressionThreadPool, from submission until their result is taken.
namespace braid::engine {

struct PoolSlot {
  enum class State : std::uint8_t { free, queued, running, ended };

  static constexpr std::uint32_t none = UINT32_MAX;

  std::uint64_t id = 0;
  ByteView input;  // in `owned`, or the caller's
  Buffer owned;
  std::shared_ptr<PoolKind> kind;  // of a task that compresses
  std::optional<DecompressionConfig> decompression;
  std::function<void(PoolResult)> on_done;
  std::optional<Result<Buffer>> result;
  Priority priority = Priority::normal;
  State state = State::free;
  std::uint32_t generation = 0;
  std::uint32_t index = 0;
  std::uint32_t next = none;  // in the list of its state
  std::uint32_t previous = none;
};

// Slots that never move, in lists. The pool's mutex guards all of it, but for the content of a slot
// that runs, which belongs to the thread at work on it.
class PoolSlots {
 public:
  // First in, first out; any member may leave.
  struct List {
    std::uint32_t head = PoolSlot::none;
    std::uint32_t tail = PoolSlot::none;
    std::size_t size = 0;
  };

  // A slot in no list. Throws std::bad_alloc.
  PoolSlot& allocate() {
    if (free_.size == 0) {
      PoolSlot& made = slots_.emplace_back();
      made.index = static_cast<std::uint32_t>(slots_.size() - 1);
      made.generation = 1;
      return made;
    }
    PoolSlot& slot = at(free_.head);
    remove(free_, slot);
    return slot;
  }

  // The slot is in no list; its content goes, and its ticket names nothing any more.
  void release(PoolSlot& slot) noexcept {
    slot.owned = Buffer();
    slot.kind.reset();
    slot.decompression.reset();
    slot.on_done = nullptr;
    slot.result.reset();
    slot.state = PoolSlot::State::free;
    ++slot.generation;
    push(free_, slot);
  }

  [[nodiscard]] PoolSlot& at(std::uint32_t index) noexcept { return slots_[index]; }

  [[nodiscard]] static Ticket ticket(const PoolSlot& slot) noexcept {
    return static_cast<Ticket>(std::uint64_t{slot.generation} << 32 | slot.index);
  }

  // Null when the ticket names nothing.
  [[nodiscard]] PoolSlot* find(Ticket ticket) noexcept {
    const auto value = static_cast<std::uint64_t>(ticket);
    const std::uint64_t index = value & UINT32_MAX;
    if (index >= slots_.size()) return nullptr;
    PoolSlot& slot = slots_[index];
    const bool same = slot.generation == value >> 32 && slot.state != PoolSlot::State::free;
    return same ? &slot : nullptr;
  }

  void push(List& list, PoolSlot& slot) noexcept {
    slot.next = PoolSlot::none;
    slot.previous = list.tail;
    if (list.tail == PoolSlot::none) {
      list.head = slot.index;
    } else {
      at(list.tail).next = slot.index;
    }
    list.tail = slot.index;
    ++list.size;
  }

  void remove(List& list, PoolSlot& slot) noexcept {
    if (slot.previous == PoolSlot::none) {
      list.head = slot.next;
    } else {
      at(slot.previous).next = slot.next;
    }
    if (slot.next == PoolSlot::none) {
      list.tail = slot.previous;
    } else {
      at(slot.next).previous = slot.previous;
    }
    --list.size;
  }

 private:
  std::deque<PoolSlot> slots_;
  List free_;
};

}  // namespace braid::engine
