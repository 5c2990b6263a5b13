#include "parallel/ordered_pipeline.hpp"

#include <algorithm>
#include <condition_variable>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/cancelled.hpp"
#include "base/mutex.hpp"
#include "parallel/monitor.hpp"
#include "parallel/worker_pool.hpp"

namespace braid::parallel {

namespace {

constexpr std::uint64_t endless = std::numeric_limits<std::uint64_t>::max();

// attempt(), counted and timed when somebody wants to know. `within_ns`: what grew meanwhile by the
// time that other stages took inside this one.
template <typename Call>
std::optional<Failure> attempt_stage(Monitor* monitor, Stage stage, unsigned slot,
                                     std::uint64_t item, Call&& call,
                                     const std::uint64_t* within_ns = nullptr) noexcept {
  if (monitor == nullptr) [[likely]]
    return attempt(call);
  const std::uint64_t within_before = within_ns != nullptr ? *within_ns : 0;
  const std::uint64_t start_ns = clock_ns();
  std::optional<Failure> failure = attempt(call);
  monitor->stage(stage, slot, start_ns, item,
                 within_ns != nullptr ? *within_ns - within_before : 0);
  return failure;
}

// `produce` in the form of the other stages; the answer goes to `more`.
auto producing(OrderedStages& stages, std::size_t item, bool& more) {
  return [&stages, item, &more]() -> Result<void> {
    Result<bool> produced = stages.produce(item);
    if (!produced) return std::move(produced).error();
    more = *produced;
    return {};
  };
}

// The shared state of one call. It outlives the call in tickets that the executor still holds;
// those find it closed and touch nothing else.
//
// Items are numbered from 0 and item i lives in window place i % window:
//   consumed_ <= claimed_ <= produced_ <= consumed_ + window
//   [consumed_, claimed_) at work or done, [claimed_, produced_) wait to be worked on
class OrderedRun final : public std::enable_shared_from_this<OrderedRun> {
 public:
  OrderedRun(Executor& executor, const OrderedOptions& options, std::size_t window,
             unsigned threads, OrderedStages& stages)
      : executor_(executor),
        pool_(dynamic_cast<const WorkerPool*>(&executor)),
        stop_(options.stop),
        monitor_(options.monitor),
        window_(window),
        helper_limit_(threads - 1),
        caller_works_(options.caller_works),
        stages_(stages),
        done_(window, 0),
        advanced_(window, 0),
        slots_(threads) {
    if (monitor_ == nullptr) return;
    for (Slot& slot : slots_) slot.idle_since_ns = clock_ns();
  }

  // The whole call, on the calling thread.
  Result<void> drive();

 private:
  enum class Action : std::uint8_t { consume, consume_front, produce, work, end };

  struct Step {
    Action action;
    std::uint64_t index;
  };

  // Of one item's work.
  class Advancing final : public Advance {
   public:
    Advancing(OrderedRun& run, std::uint64_t index, unsigned slot)
        : run_(run), index_(index), slot_(slot) {}

    bool operator()() override { return run_.advance(index_, slot_); }

   private:
    OrderedRun& run_;
    std::uint64_t index_;
    unsigned slot_;
  };

  // A worker slot; the first is the calling thread's.
  struct Slot {
    bool taken = false;
    Count idle_for = Count::wait_input_ns;
    std::uint64_t idle_since_ns = 0;  // 0: not idle, or nobody counts
  };

  Step next_step() BRAID_EXCLUDES(mutex_);
  void produce(std::uint64_t index) BRAID_EXCLUDES(mutex_);
  void consume(std::uint64_t index) BRAID_EXCLUDES(mutex_);
  void consume_front(std::uint64_t index) BRAID_EXCLUDES(mutex_);
  void work(std::uint64_t index, unsigned slot) BRAID_EXCLUDES(mutex_);
  bool advance(std::uint64_t index, unsigned slot) BRAID_EXCLUDES(mutex_);
  bool consume_within() BRAID_EXCLUDES(mutex_);
  std::optional<Step> next_consumption() BRAID_REQUIRES(mutex_);
  Result<void> close() BRAID_EXCLUDES(mutex_);

  void help() BRAID_EXCLUDES(mutex_);
  std::optional<unsigned> enter() BRAID_EXCLUDES(mutex_);
  std::optional<std::uint64_t> claim() BRAID_EXCLUDES(mutex_);
  bool leave(unsigned slot) BRAID_EXCLUDES(mutex_);
  void rest() BRAID_EXCLUDES(mutex_);
  void send_ticket() BRAID_EXCLUDES(mutex_);
  void count_idle(unsigned slot) BRAID_REQUIRES(mutex_);

  // Items that wait to be worked on and still matter.
  [[nodiscard]] std::uint64_t ready() const BRAID_REQUIRES(mutex_) {
    const std::uint64_t until = std::min(produced_, end_);
    return until > claimed_ ? until - claimed_ : 0;
  }

  // Whether another ticket may find work that no ticket on its way will take.
  [[nodiscard]] bool ticket_is_due() const BRAID_REQUIRES(mutex_) {
    return ready() > tickets_ && tickets_ + helpers_ < helper_limit_;
  }

  // Whether the outcome of this item still matters.
  [[nodiscard]] bool wanted(std::uint64_t index) const BRAID_REQUIRES(mutex_) {
    return index < end_ && !closed_ && !stop_.stop_requested();
  }

  void fail(std::uint64_t index, Failure failure) BRAID_REQUIRES(mutex_) {
    if (index >= end_) return;
    end_ = index;
    failure_ = std::move(failure);
  }

  [[nodiscard]] std::size_t place(std::uint64_t index) const {
    return static_cast<std::size_t>(index % window_);
  }

  Executor& executor_;
  const WorkerPool* const pool_;  // the executor, when it is ours
  const std::stop_token stop_;
  Monitor* const monitor_;
  const std::size_t window_;
  const unsigned helper_limit_;
  const bool caller_works_;
  OrderedStages& stages_;

  base::Mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t produced_ BRAID_GUARDED_BY(mutex_) = 0;
  std::uint64_t claimed_ BRAID_GUARDED_BY(mutex_) = 0;
  std::uint64_t consumed_ BRAID_GUARDED_BY(mutex_) = 0;
  std::uint64_t end_ BRAID_GUARDED_BY(mutex_) = endless;     // the first item that is not consumed
  std::optional<Failure> failure_ BRAID_GUARDED_BY(mutex_);  // of item end_
  std::vector<char> done_ BRAID_GUARDED_BY(mutex_);          // by place
  std::vector<char> advanced_ BRAID_GUARDED_BY(mutex_);      // by place: and nobody looked since
  std::vector<Slot> slots_ BRAID_GUARDED_BY(mutex_);
  unsigned tickets_ BRAID_GUARDED_BY(mutex_) = 0;  // given to the executor, not yet started
  unsigned helpers_ BRAID_GUARDED_BY(mutex_) = 0;  // hold a slot
  unsigned active_ BRAID_GUARDED_BY(mutex_) = 0;   // may touch the executor or the stages
  bool caller_waits_ BRAID_GUARDED_BY(mutex_) = false;
  bool closed_ BRAID_GUARDED_BY(mutex_) = false;
  std::uint64_t within_ns_ = 0;  // consuming inside work(), on the calling thread alone
};

Result<void> OrderedRun::drive() {
  for (;;) {
    const Step step = next_step();
    switch (step.action) {
      case Action::consume:
        consume(step.index);
        break;
      case Action::consume_front:
        consume_front(step.index);
        break;
      case Action::produce:
        produce(step.index);
        break;
      case Action::work:
        work(step.index, 0);
        break;
      case Action::end:
        return close();
    }
  }
}

// What the calling thread does next. Consuming comes first, since it frees a place, then producing,
// since it keeps the others busy; it works on an item only when it can do neither.
OrderedRun::Step OrderedRun::next_step() {
  base::Lock lock(mutex_);
  for (;;) {
    if (consumed_ == end_ || stop_.stop_requested()) return {Action::end, 0};
    if (const auto consumption = next_consumption()) return *consumption;
    if (end_ == endless && produced_ - consumed_ < window_) return {Action::produce, produced_};
    if (ready() != 0 && (caller_works_ || helpers_ == 0)) return {Action::work, claimed_++};
    // Item consumed_ is at work in a helper, or will be: the end of either wakes us.
    const std::uint64_t start_ns = monitor_ != nullptr ? clock_ns() : 0;
    caller_waits_ = true;
    changed_.wait(lock.native());
    caller_waits_ = false;
    if (monitor_ != nullptr) monitor_->add(0, Count::wait_order_ns, clock_ns() - start_ns);
  }
}

// What there is to be consumed of the first item in order.
std::optional<OrderedRun::Step> OrderedRun::next_consumption() {
  if (done_[place(consumed_)] != 0) return Step{Action::consume, consumed_};
  if (std::exchange(advanced_[place(consumed_)], 0) == 0) return std::nullopt;
  return Step{Action::consume_front, consumed_};
}

void OrderedRun::produce(std::uint64_t index) {
  bool more = true;
  std::optional<Failure> failure =
      attempt_stage(monitor_, Stage::produce, 0, index, producing(stages_, place(index), more));
  bool due = false;
  {
    const base::Lock lock(mutex_);
    if (failure) {
      fail(index, *std::move(failure));
    } else if (!more) {
      end_ = std::min(end_, index);
    } else {
      ++produced_;
      if (monitor_ != nullptr) monitor_->depth(produced_ - consumed_);
      due = ticket_is_due();
      if (due) ++tickets_;
    }
  }
  if (due) send_ticket();
}

void OrderedRun::consume(std::uint64_t index) {
  std::optional<Failure> failure = attempt_stage(monitor_, Stage::consume, 0, index,
                                                 [&] { return stages_.consume(place(index)); });
  const base::Lock lock(mutex_);
  done_[place(index)] = advanced_[place(index)] = 0;
  if (failure) {
    fail(index, *std::move(failure));
  } else {
    ++consumed_;
  }
}

void OrderedRun::consume_front(std::uint64_t index) {
  std::optional<Failure> failure = attempt_stage(
      monitor_, Stage::consume, 0, index, [&] { return stages_.consume_front(place(index)); });
  if (!failure) return;
  const base::Lock lock(mutex_);
  fail(index, *std::move(failure));
}

void OrderedRun::work(std::uint64_t index, unsigned slot) {
  Advancing advance(*this, index, slot);
  std::optional<Failure> failure = attempt_stage(
      monitor_, Stage::work, slot, index, [&] { return stages_.work(place(index), slot, advance); },
      slot == 0 ? &within_ns_ : nullptr);
  const base::Lock lock(mutex_);
  if (failure) {
    fail(index, *std::move(failure));
  } else {
    done_[place(index)] = 1;
  }
  if (caller_waits_ && index == consumed_) changed_.notify_one();
}

bool OrderedRun::advance(std::uint64_t index, unsigned slot) {
  {
    const base::Lock lock(mutex_);
    if (!wanted(index)) return false;
    advanced_[place(index)] = 1;
    if (caller_waits_ && index == consumed_) changed_.notify_one();
  }
  if (slot == 0) {
    while (consume_within()) {
    }
  }
  return true;
}

// On the calling thread, inside work(): consumes an item that is done, or what there is of the
// first one. True when there may be more to consume.
bool OrderedRun::consume_within() {
  std::optional<Step> step;
  {
    const base::Lock lock(mutex_);
    if (!wanted(consumed_)) return false;
    step = next_consumption();
  }
  if (!step) return false;
  const bool whole = step->action == Action::consume;
  if (whole && !stages_.consumed_at_any_time(place(step->index))) return false;
  const std::uint64_t start_ns = monitor_ != nullptr ? clock_ns() : 0;
  if (whole) {
    consume(step->index);
  } else {
    consume_front(step->index);
  }
  if (monitor_ != nullptr) within_ns_ += clock_ns() - start_ns;
  return whole;
}

// Joins the helpers and says how the call ended.
Result<void> OrderedRun::close() {
  base::Lock lock(mutex_);
  closed_ = true;
  while (active_ != 0) changed_.wait(lock.native());
  for (unsigned slot = 1; slot <= helper_limit_; ++slot) count_idle(slot);
  if (consumed_ != end_) return base::cancelled();
  if (failure_) return std::move(*failure_).report();
  return {};
}

void OrderedRun::send_ticket() {
  try {
    executor_.execute([run = shared_from_this()] { run->help(); });
  } catch (...) {  // refused: the calling thread does the work
    const base::Lock lock(mutex_);
    --tickets_;
  }
}

// What a ticket does on the executor's thread.
void OrderedRun::help() {
  const std::optional<unsigned> slot = enter();
  if (!slot) return;
  bool give_way = false;
  while (!give_way) {
    const std::optional<std::uint64_t> index = claim();
    if (!index) break;
    work(*index, *slot);
    give_way = executor_.backlog();
  }
  if (leave(*slot)) send_ticket();
  rest();
}

// Takes a slot: where it can be the one this worker had before, so that a context stays on its core
// and node.
std::optional<unsigned> OrderedRun::enter() {
  const unsigned wish = pool_ == nullptr ? 0 : pool_->worker_here().value_or(0) % helper_limit_;
  const base::Lock lock(mutex_);
  --tickets_;
  if (closed_ || ready() == 0 || helpers_ == helper_limit_) return std::nullopt;
  unsigned slot = 1 + wish;
  while (slots_[slot].taken) slot = 1 + slot % helper_limit_;
  slots_[slot].taken = true;
  count_idle(slot);
  ++helpers_;
  ++active_;
  return slot;
}

std::optional<std::uint64_t> OrderedRun::claim() {
  const base::Lock lock(mutex_);
  if (closed_ || ready() == 0 || stop_.stop_requested()) return std::nullopt;
  return claimed_++;
}

// Gives the slot back; true when a ticket is to be sent for what is left to do.
bool OrderedRun::leave(unsigned slot) {
  const base::Lock lock(mutex_);
  slots_[slot].taken = false;
  --helpers_;
  if (caller_waits_ && !caller_works_) changed_.notify_one();
  if (monitor_ != nullptr && ready() == 0) {
    const bool full = produced_ - consumed_ == window_;
    slots_[slot].idle_for = full ? Count::wait_order_ns : Count::wait_input_ns;
    slots_[slot].idle_since_ns = clock_ns();
  }
  const bool due = !closed_ && ticket_is_due();
  if (due) ++tickets_;
  return due;
}

void OrderedRun::count_idle(unsigned slot) {
  const std::uint64_t since_ns = std::exchange(slots_[slot].idle_since_ns, 0);
  if (since_ns != 0) monitor_->add(slot, slots_[slot].idle_for, clock_ns() - since_ns);
}

void OrderedRun::rest() {
  const base::Lock lock(mutex_);
  --active_;
  if (closed_ && active_ == 0) changed_.notify_one();
}

// Consumes at once. What fails ends the work, and is kept for whoever called it.
class InlineAdvance final : public Advance {
 public:
  InlineAdvance(const OrderedOptions& options, OrderedStages& stages)
      : options_(options), stages_(stages) {}

  bool operator()() override {
    if (options_.stop.stop_requested()) return false;
    const std::uint64_t start_ns = options_.monitor != nullptr ? clock_ns() : 0;
    failure_ = attempt_stage(options_.monitor, Stage::consume, 0, index,
                             [&] { return stages_.consume_front(0); });
    if (options_.monitor != nullptr) within_ns += clock_ns() - start_ns;
    return !failure_;
  }

  std::optional<Failure> take_failure() { return std::exchange(failure_, std::nullopt); }

  std::uint64_t index = 0;      // of the item at work
  std::uint64_t within_ns = 0;  // spent here

 private:
  const OrderedOptions& options_;
  OrderedStages& stages_;
  std::optional<Failure> failure_;
};

// Without helpers there is nothing to order.
Result<void> run_inline(const OrderedOptions& options, OrderedStages& stages) {
  bool more = true;
  InlineAdvance advance(options, stages);
  for (std::uint64_t index = 0;; ++index) {
    if (options.stop.stop_requested()) return base::cancelled();
    std::optional<Failure> failure =
        attempt_stage(options.monitor, Stage::produce, 0, index, producing(stages, 0, more));
    if (!failure && !more) return {};
    if (!failure && options.stop.stop_requested()) return base::cancelled();
    if (!failure) {
      if (options.monitor != nullptr) options.monitor->depth(1);
      advance.index = index;
      failure = attempt_stage(
          options.monitor, Stage::work, 0, index, [&] { return stages.work(0, 0, advance); },
          &advance.within_ns);
      if (auto earlier = advance.take_failure()) failure = std::move(earlier);
    }
    if (!failure && options.stop.stop_requested()) return base::cancelled();
    if (!failure) {
      failure = attempt_stage(options.monitor, Stage::consume, 0, index,
                              [&] { return stages.consume(0); });
    }
    if (failure) return std::move(*failure).report();
  }
}

}  // namespace

unsigned ordered_threads(const Executor& executor, const OrderedOptions& options) noexcept {
  const unsigned helpers = executor.concurrency();
  if (options.threads == 0)
    return helpers == std::numeric_limits<unsigned>::max() ? helpers : helpers + 1;
  return std::min(options.threads - 1, helpers) + 1;
}

Result<void> run_ordered(Executor& executor, const OrderedOptions& options, std::size_t items,
                         OrderedStages& stages) {
  if (items == 0) {
    return Error{.code = Errc::invalid_argument, .message = "the window has no items"};
  }
  // More threads than items would find nothing to do.
  const auto threads =
      static_cast<unsigned>(std::min<std::size_t>(ordered_threads(executor, options), items));
  if (threads == 1) return run_inline(options, stages);
  std::shared_ptr<OrderedRun> run;
  try {
    run = std::make_shared<OrderedRun>(executor, options, items, threads, stages);
  } catch (const std::bad_alloc&) {
    return std::move(failure_in_flight()).report();
  }
  return run->drive();
}

}  // namespace braid::parallel
