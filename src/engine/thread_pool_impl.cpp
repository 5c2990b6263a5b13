#include "engine/thread_pool_impl.hpp"

#include <braid/error_reporter.hpp>

#include <algorithm>
#include <utility>

#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "parallel/recycled_memory.hpp"

namespace braid {

namespace {

// Plain bytes that a batch holds at most, unless its first task alone is larger: 16 tasks of 4 KiB
// share the cost of two locks, large ones are handed out singly so that threads end together.
constexpr std::size_t batch_bytes = 64 << 10;

Error shut_down() {
  return {.code = Errc::cancelled, .message = "the pool is shut down"};
}

// Contexts that compress take memory: no more threads than the engine's budget has room for.
unsigned thread_limit(const Engine::Impl& engine, const CompressionConfig& config,
                      unsigned wanted) {
  unsigned threads = wanted == 0 ? engine.threads() : std::min(wanted, engine.threads());
  if (!config.validate()) return threads;
  const std::uint64_t each = std::max<std::uint64_t>(1, engine::EncodeContext::memory_for(config));
  const std::uint64_t fit = std::max<std::uint64_t>(1, engine.memory_limit() / each);
  return static_cast<unsigned>(std::min<std::uint64_t>(threads, fit));
}

// Results are made by one thread and destroyed by another, which the heap is slow at; memory of the
// caller's choice is left alone.
std::pmr::memory_resource* result_memory(std::pmr::memory_resource* engine_memory) {
  if (engine_memory != std::pmr::new_delete_resource()) return engine_memory;
  return parallel::recycled_memory();
}

}  // namespace

// A task of the executor. One that is dropped unrun, now or later, is counted all the same.
class CompressionThreadPool::Impl::PumpTicket {
 public:
  explicit PumpTicket(std::shared_ptr<Impl> pool) : pool_(std::move(pool)) {}

  PumpTicket(PumpTicket&&) noexcept = default;
  PumpTicket& operator=(PumpTicket&&) noexcept = delete;

  ~PumpTicket() {
    if (pool_ != nullptr) pool_->pump_lost();
  }

  void operator()() { std::exchange(pool_, nullptr)->pump(); }

 private:
  std::shared_ptr<Impl> pool_;
};

CompressionThreadPool::Impl::Impl(Engine& engine, CompressionConfig config,
                                  ThreadPoolOptions options)
    : engine_(engine.impl()),
      options_(options),
      threads_(thread_limit(engine_, config, options.threads)),
      results_(result_memory(engine_.memory())),
      contexts_(engine_, config, options.decompression, threads_) {}

Result<Ticket> CompressionThreadPool::Impl::submit(Direction direction, std::uint64_t id,
                                                   ByteView input, Buffer&& owned,
                                                   const TaskOptions& options) try {
  std::shared_ptr<engine::PoolKind> kind;
  if (direction == Direction::compress) {
    if (options.config != nullptr) {
      kind = contexts_.kind_of(*options.config);
    } else if (options.algorithm) {
      kind = contexts_.kind_of(CompressionConfig(*options.algorithm));
    } else {
      kind = contexts_.own_kind();
    }
  }
  bool pump = false;
  Ticket ticket{};
  {
    base::Lock lock(mutex_);
    BRAID_TRY(wait_for_room(lock, options));
    Slot& slot = slots_.allocate();
    slot.id = id;
    slot.owned = std::move(owned);
    slot.input = slot.owned.empty() ? input : slot.owned.view();
    slot.kind = std::move(kind);
    slot.decompression = options.decompression;
    if (options.on_done) slot.on_done = options.on_done;
    slot.priority = options.priority;
    slot.state = Slot::State::queued;
    slots_.push(queues_[static_cast<std::size_t>(options.priority)], slot);
    ticket = slots_.ticket(slot);
    ++counts_.accepted;
    counts_.queue_peak = std::max<std::uint64_t>(counts_.queue_peak, queued());
    pump = want_pump();
    // Where nobody else may come to work, a thread that waits for results does.
    if (pumps_ == 0 && takers_ != 0) change_.notify_one();
  }
  if (pump) launch_pump();
  return ticket;
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory for the task");
}

Result<void> CompressionThreadPool::Impl::wait_for_room(base::Lock& lock,
                                                        const TaskOptions& options) {
  const std::size_t limit = std::max<std::size_t>(1, options_.queue_limit);
  if (!closed_ && queued() < limit) return {};
  Deadline deadline;
  if (options.patience) deadline = std::chrono::steady_clock::now() + *options.patience;
  engine::PoolEncoder encoder(contexts_);
  for (;;) {
    if (closed_) return shut_down();
    if (queued() < limit) return {};
    const bool late = deadline && std::chrono::steady_clock::now() >= *deadline;
    if (options.when_full == WhenFull::refuse || late) {
      return Error{.code = Errc::busy,
                   .message = std::to_string(queued()) + " tasks wait to be begun"};
    }
    if (help(lock, deadline ? Help::only_if_alone : Help::yes, encoder)) continue;
    if (deadline) {
      room_.wait_until(lock.native(), *deadline);
    } else {
      room_.wait(lock.native());
    }
  }
}

void CompressionThreadPool::Impl::wait_for_change(base::Lock& lock, const Deadline& deadline) {
  ++takers_;
  if (deadline) {
    change_.wait_until(lock.native(), *deadline);
  } else {
    change_.wait(lock.native());
  }
  --takers_;
}

bool CompressionThreadPool::Impl::may_begin() const {
  if (queued() == 0 || active_ >= threads_) return false;
  return options_.result_limit == 0 || closed_ || ended_.size + running_ < options_.result_limit;
}

// Works on a batch, if there is one and the thread may.
bool CompressionThreadPool::Impl::help(base::Lock& lock, Help when, engine::PoolEncoder& encoder) {
  if (!may_begin()) return false;
  if (when == Help::only_if_alone && pumps_ != 0) return false;
  Batch batch;
  work_on(lock, std::span(batch).first(take_batch(batch)), encoder);
  return true;
}

bool CompressionThreadPool::Impl::want_pump() {
  const unsigned most = std::min(threads_ - 1, engine_.executor().concurrency());
  if (pumps_ >= most || queued() <= pumps_ || !may_begin()) return false;
  ++pumps_;
  return true;
}

void CompressionThreadPool::Impl::launch_pump() {
  try {
    engine_.executor().execute(Task(PumpTicket(shared_from_this())));
  } catch (...) {
    // Refused, and counted by the ticket's destructor: callers that wait do the work.
  }
}

void CompressionThreadPool::Impl::pump_lost() {
  const base::Lock lock(mutex_);
  --pumps_;
  change_.notify_all();
  room_.notify_all();
}

void CompressionThreadPool::Impl::pump() {
  {
    const base::Lock lock(mutex_);
    ++pumping_;
  }
  const bool again = pump_while_there_is_work();
  // While this thread counts as pumping: the engine may be gone as soon as it does not.
  if (again) launch_pump();
  const base::Lock lock(mutex_);
  --pumping_;
  if (!again) --pumps_;
  // What came in the meantime is for those who wait; and shutdown() waits for this.
  if (closed_ || (pumps_ == 0 && queued() != 0)) {
    change_.notify_all();
    room_.notify_all();
  }
}

// True: there is more, but other calls of the engine wait for the thread.
bool CompressionThreadPool::Impl::pump_while_there_is_work() {
  engine::PoolEncoder encoder(contexts_);
  base::Lock lock(mutex_);
  while (may_begin()) {
    Batch batch;
    work_on(lock, std::span(batch).first(take_batch(batch)), encoder);
    if (may_begin() && engine_.executor().backlog()) return true;
  }
  return false;
}

std::size_t CompressionThreadPool::Impl::take_batch(Batch& batch) {
  std::size_t count = 0;
  std::size_t bytes = 0;
  // A share of what is queued, so that every thread gets some.
  const std::size_t share =
      std::clamp<std::size_t>(queued() / (std::size_t{2} * threads_), 1, batch.size());
  while (count < share && may_begin()) {
    const auto queue = std::find_if(queues_.rbegin(), queues_.rend(),
                                    [](const auto& list) { return list.size != 0; });
    Slot& slot = slots_.at(queue->head);
    if (count != 0 && bytes + slot.input.size() > batch_bytes) break;
    bytes += slot.input.size();
    begin(slot);
    batch[count++] = &slot;
  }
  return count;
}

void CompressionThreadPool::Impl::begin(Slot& slot) {
  const bool was_full = queued() >= std::max<std::size_t>(1, options_.queue_limit);
  slots_.remove(queues_[static_cast<std::size_t>(slot.priority)], slot);
  slot.state = Slot::State::running;
  ++running_;
  if (was_full) room_.notify_all();
}

void CompressionThreadPool::Impl::work_on(base::Lock& lock, std::span<Slot* const> tasks,
                                          engine::PoolEncoder& encoder) {
  std::exception_ptr thrown;
  ++active_;
  lock.native().unlock();
  for (Slot* slot : tasks) {
    perform(*slot, encoder);
    if (!slot->on_done) continue;
    if (auto escaped = call_back(*slot); escaped && !thrown) thrown = std::move(escaped);
  }
  lock.native().lock();
  --active_;
  if (thrown && !thrown_) thrown_ = std::move(thrown);
  for (Slot* slot : tasks) end(*slot);
  notify_takers();
}

void CompressionThreadPool::Impl::perform(Slot& slot, engine::PoolEncoder& encoder) noexcept {
  try {
    if (slot.kind != nullptr) {
      slot.result.emplace(encoder.compress(slot.kind, slot.input, results_, stop_.get_token()));
    } else {
      slot.result.emplace(contexts_.decompress(slot.input,
                                               slot.decompression ? &*slot.decompression : nullptr,
                                               results_, stop_.get_token()));
    }
  } catch (...) {
    slot.result.emplace(parallel::failure_in_flight().error);
  }
  if (!*slot.result && options_.errors != nullptr) {
    options_.errors->report(slot.result->error(), slot.id);
  }
}

// Whatever the callback threw.
std::exception_ptr CompressionThreadPool::Impl::call_back(Slot& slot) noexcept {
  const bool good = slot.result->has_value();
  const Errc code = good ? Errc::internal : slot.result->error().code;
  std::exception_ptr thrown;
  try {
    slot.on_done({.id = slot.id,
                  .ticket = engine::PoolSlots::ticket(slot),
                  .result = *std::exchange(slot.result, std::nullopt)});
  } catch (...) {
    thrown = std::current_exception();
  }
  // What end() needs to know; without a message, so that it cannot fail.
  slot.result.emplace(good ? Result<Buffer>(Buffer())
                           : Result<Buffer>(Error{.code = code, .message = {}}));
  return thrown;
}

void CompressionThreadPool::Impl::end(Slot& slot) {
  --running_;
  const Result<Buffer>& result = *slot.result;
  if (result) {
    ++counts_.succeeded;
  } else if (result.error().code == Errc::cancelled) {
    ++counts_.cancelled;
  } else {
    ++counts_.failed;
  }
  slot.owned = Buffer();
  if (slot.on_done) {
    slots_.release(slot);
  } else {
    slot.state = Slot::State::ended;
    slots_.push(ended_, slot);
  }
}

void CompressionThreadPool::Impl::notify_takers() {
  if (takers_ == 1) {
    change_.notify_one();
  } else if (takers_ > 1) {
    change_.notify_all();
  }
}

PoolResult CompressionThreadPool::Impl::take(Slot& slot) {
  slots_.remove(ended_, slot);
  PoolResult taken{
      .id = slot.id, .ticket = engine::PoolSlots::ticket(slot), .result = *std::move(slot.result)};
  slots_.release(slot);
  // Threads that rested at the limit of results may go on.
  if (options_.result_limit != 0) room_.notify_all();
  return taken;
}

std::optional<PoolResult> CompressionThreadPool::Impl::next(Deadline deadline) {
  engine::PoolEncoder encoder(contexts_);
  base::Lock lock(mutex_);
  for (;;) {
    if (ended_.size != 0) {
      PoolResult taken = take(slots_.at(ended_.head));
      const bool pump = options_.result_limit != 0 && want_pump();
      lock.unlock();
      if (pump) launch_pump();
      return taken;
    }
    if (queued() == 0 && running_ == 0) return std::nullopt;
    if (help(lock, deadline ? Help::only_if_alone : Help::yes, encoder)) continue;
    if (deadline && std::chrono::steady_clock::now() >= *deadline) return std::nullopt;
    wait_for_change(lock, deadline);
  }
}

std::optional<PoolResult> CompressionThreadPool::Impl::get(Ticket ticket, Deadline deadline) {
  engine::PoolEncoder encoder(contexts_);
  base::Lock lock(mutex_);
  for (;;) {
    Slot* slot = slots_.find(ticket);
    if (slot == nullptr || slot->on_done) {
      return PoolResult{.ticket = ticket,
                        .result = Error{.code = Errc::invalid_argument,
                                        .message = "the result was taken, or goes to a callback"}};
    }
    if (slot->state == Slot::State::ended) {
      PoolResult taken = take(*slot);
      const bool pump = options_.result_limit != 0 && want_pump();
      lock.unlock();
      if (pump) launch_pump();
      return taken;
    }
    // A task that nobody has begun is worked on here, before all others.
    const bool alone = pumps_ == 0;
    if (slot->state == Slot::State::queued && active_ < threads_ && (!deadline || alone)) {
      begin(*slot);
      work_on(lock, std::span(&slot, 1), encoder);
      continue;
    }
    if (deadline && std::chrono::steady_clock::now() >= *deadline) return std::nullopt;
    wait_for_change(lock, deadline);
  }
}

std::vector<PoolResult> CompressionThreadPool::Impl::take_all() {
  std::vector<PoolResult> all;
  while (auto taken = next({})) all.push_back(*std::move(taken));
  return all;
}

// Allocates nothing: the destructor relies on it.
void CompressionThreadPool::Impl::cancel_queued(base::Lock& lock) {
  for (auto& queue : queues_) {
    while (queue.size != 0) {
      Slot& slot = slots_.at(queue.head);
      begin(slot);
      slot.result.emplace(Error{.code = Errc::cancelled, .message = "shut down"});
      if (slot.on_done) {
        lock.native().unlock();
        std::exception_ptr thrown = call_back(slot);
        lock.native().lock();
        if (thrown && !thrown_) thrown_ = std::move(thrown);
      }
      end(slot);
    }
  }
  notify_takers();
}

void CompressionThreadPool::Impl::shutdown(Shutdown mode) {
  engine::PoolEncoder encoder(contexts_);
  base::Lock lock(mutex_);
  closed_ = true;
  room_.notify_all();
  if (mode == Shutdown::cancel) {
    stop_.request_stop();
    cancel_queued(lock);
  }
  while (queued() != 0 || running_ != 0 || pumping_ != 0) {
    if (!help(lock, Help::yes, encoder)) wait_for_change(lock, {});
  }
  if (auto thrown = std::exchange(thrown_, nullptr)) {
    lock.unlock();
    std::rethrow_exception(thrown);
  }
}

ThreadPoolStats CompressionThreadPool::Impl::stats() const {
  const base::Lock lock(mutex_);
  ThreadPoolStats now = counts_;
  now.queued = queued();
  now.running = running_;
  now.waiting = ended_.size;
  return now;
}

}  // namespace braid
