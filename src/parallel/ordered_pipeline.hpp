#pragma once

#include <braid/executor.hpp>
#include <braid/result.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <type_traits>

#include "parallel/failure.hpp"

namespace braid::parallel {

class Monitor;

struct OrderedOptions {
  // At most this many threads work on the call, the calling one included. 0: the executor's and the
  // calling one.
  unsigned threads = 0;

  // False: the calling thread leaves the work to the others while one of them is there. For work
  // that is serial itself, so that producing and consuming go on beside it.
  bool caller_works = true;

  // Ends the call with Errc::cancelled. Looked at before each stage of each item.
  std::stop_token stop{};

  // Counts and times each stage when given (monitor.hpp). Must outlive the call. Null costs one
  // branch a stage.
  Monitor* monitor = nullptr;
};

// How many threads, the calling one included, a call with these options runs on: the number of
// worker slots that `work` sees.
[[nodiscard]] unsigned ordered_threads(const Executor& executor,
                                       const OrderedOptions& options) noexcept;

// How many items keep a thread of several busy. One is at work, one waits to be worked on while the
// calling thread is, one waits for its turn to be consumed. Fewer save memory and let threads wait;
// more help when items differ much in cost.
inline constexpr unsigned items_per_thread = 3;

// How many keep that many threads busy: one for a single thread.
[[nodiscard]] constexpr std::size_t ordered_window(unsigned threads) noexcept {
  return threads <= 1 ? 1 : std::size_t{items_per_thread} * threads;
}

// What `work` calls each time it has got on with its item, so that others need not wait for the end
// of a long one. On the calling thread this consumes what can be consumed by now; on another it
// wakes the calling thread, should that wait for the item. False: the result is not wanted any
// more, work() is to end, with any error. One call costs a lock that is hardly ever contended.
class Advance {
 public:
  virtual bool operator()() = 0;

 protected:
  ~Advance() = default;
};

// The stages of one call, by the number of an item in its window.
class OrderedStages {
 public:
  virtual Result<bool> produce(std::size_t item) = 0;
  virtual Result<void> work(std::size_t item, unsigned slot, Advance& advance) = 0;
  virtual Result<void> consume(std::size_t item) = 0;

  // Consumes what there is so far of the first item that is not consumed, while it is at work,
  // perhaps on another thread at this moment. Called on the calling thread, perhaps inside this or
  // another item's work(). consume() gets the rest.
  virtual Result<void> consume_front(std::size_t /*item*/) { return {}; }

  // Whether consume() of this item, which is done, may be called inside work() of a later one.
  [[nodiscard]] virtual bool consumed_at_any_time(std::size_t /*item*/) const { return true; }

 protected:
  ~OrderedStages() = default;
};

// As the template below, for a window of `items` items that only the stages know, and for work that
// comes out bit by bit.
Result<void> run_ordered(Executor& executor, const OrderedOptions& options, std::size_t items,
                         OrderedStages& stages);

template <typename Work, typename Item>
concept WorkOn = std::is_invocable_r_v<Result<void>, Work&, Item&, unsigned> ||
                 std::is_invocable_r_v<Result<void>, Work&, Item&, unsigned, Advance&>;

// Runs a sequence of items through three stages: `produce` fills the next item or says that there
// is none (serial), `work` does the heavy part (in parallel, in any order), `consume` takes the
// items in the order in which they were produced (serial).
//
//   produce  (Item&) -> Result<bool>                 false: the sequence has ended, item unused
//   work     (Item&, unsigned slot) -> Result<void>  slot < ordered_threads(); no two calls at the
//                                                    same time have the same slot, so that it can
//                                                    index contexts; slot 0 is the calling thread
//            or (Item&, unsigned slot, Advance&)   where an item takes long; items before it may be
//                                                    consumed inside
//   consume  (Item&) -> Result<void>
//
// Threads    `produce` and `consume` run on the calling thread only, which works on items too when
//            it has nothing to produce or consume. While `produce` waits for slow input, finished
//            items wait for it. One item is touched by one thread at a time.
//            Any number of calls may share an executor, also from inside each other's `work`; they
//            get its threads in turn, item by item.
// Memory     `items` is the window: at most so many are in flight, and each is used again, with
// what
//            it holds, for a later one. Nothing is allocated per item. `produce` must not wait for
//            memory that other items of the same call hold: reserve the window before the call.
// One thread runs every stage of an item before the next, on items[0], without a queue or a lock.
// Errors     the first by position: when item k fails in any stage, the items before k are still
//            consumed, later ones are dropped, and k's error is returned. cancelled when `stop` is
//            requested before everything was consumed; invalid_argument for an empty window.
//            Exceptions become errors (failure.hpp), those out of call_user() are rethrown.
//            When the call ends, in whichever way, no thread touches items or stages any more.
template <typename Item, typename Produce, typename Work, typename Consume>
requires std::same_as<std::invoke_result_t<Produce&, Item&>, Result<bool>> && WorkOn<Work, Item> &&
    std::same_as<std::invoke_result_t<Consume&, Item&>, Result<void>>
        Result<void> run_ordered(Executor& executor, const OrderedOptions& options,
                                 std::span<Item> items, Produce&& produce, Work&& work,
                                 Consume&& consume) {
  class Stages final : public OrderedStages {
   public:
    Stages(std::span<Item> items, Produce& produce, Work& work, Consume& consume)
        : items_(items), produce_(produce), work_(work), consume_(consume) {}

    Result<bool> produce(std::size_t item) override { return produce_(items_[item]); }

    Result<void> work(std::size_t item, unsigned slot, Advance& advance) override {
      if constexpr (std::is_invocable_v<Work&, Item&, unsigned, Advance&>) {
        return work_(items_[item], slot, advance);
      } else {
        return work_(items_[item], slot);
      }
    }

    Result<void> consume(std::size_t item) override { return consume_(items_[item]); }

   private:
    std::span<Item> items_;
    Produce& produce_;
    Work& work_;
    Consume& consume_;
  };

  Stages stages(items, produce, work, consume);
  return run_ordered(executor, options, items.size(), stages);
}

}  // namespace braid::parallel
