#pragma once

#include <braid/thread_pool.hpp>

#include <array>
#include <condition_variable>
#include <exception>
#include <span>

#include "base/mutex.hpp"
#include "engine/pool_contexts.hpp"
#include "engine/pool_slots.hpp"

namespace braid {

// One mutex guards slots, lists and counts; tasks are worked on without it. Threads of the executor
// run pump() while there are queued tasks; callers that wait help. A batch of small tasks is taken
// and given back in one go, so that the mutex is held twice a batch.
class CompressionThreadPool::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(Engine& engine, CompressionConfig config, ThreadPoolOptions options);

  enum class Direction : std::uint8_t { compress, decompress };

  Result<Ticket> submit(Direction direction, std::uint64_t id, ByteView input, Buffer&& owned,
                        const TaskOptions& options) BRAID_EXCLUDES(mutex_);

  // `deadline`: none to wait as long as it takes, and to help.
  using Deadline = std::optional<std::chrono::steady_clock::time_point>;

  std::optional<PoolResult> next(Deadline deadline) BRAID_EXCLUDES(mutex_);
  std::optional<PoolResult> get(Ticket ticket, Deadline deadline) BRAID_EXCLUDES(mutex_);
  std::vector<PoolResult> take_all() BRAID_EXCLUDES(mutex_);
  void shutdown(Shutdown mode) BRAID_EXCLUDES(mutex_);

  // After shutdown(): nothing of the engine is held any more.
  void release_engine() { contexts_.drop_idle(); }

  [[nodiscard]] ThreadPoolStats stats() const BRAID_EXCLUDES(mutex_);

 private:
  using Slot = engine::PoolSlot;
  static constexpr std::size_t most_in_batch = 16;
  using Batch = std::array<Slot*, most_in_batch>;
  class PumpTicket;

  // Waiting and helping.
  enum class Help : std::uint8_t { yes, only_if_alone };
  Result<void> wait_for_room(base::Lock& lock, const TaskOptions& options) BRAID_REQUIRES(mutex_);
  void wait_for_change(base::Lock& lock, const Deadline& deadline) BRAID_REQUIRES(mutex_);
  bool help(base::Lock& lock, Help when, engine::PoolEncoder& encoder) BRAID_REQUIRES(mutex_);
  [[nodiscard]] bool may_begin() const BRAID_REQUIRES(mutex_);

  // Working.
  void pump() BRAID_EXCLUDES(mutex_);
  bool pump_while_there_is_work() BRAID_EXCLUDES(mutex_);
  bool want_pump() BRAID_REQUIRES(mutex_);
  void launch_pump() BRAID_EXCLUDES(mutex_);
  void pump_lost() BRAID_EXCLUDES(mutex_);
  std::size_t take_batch(Batch& batch) BRAID_REQUIRES(mutex_);
  void work_on(base::Lock& lock, std::span<Slot* const> tasks, engine::PoolEncoder& encoder)
      BRAID_REQUIRES(mutex_);
  void perform(Slot& slot, engine::PoolEncoder& encoder) noexcept;
  std::exception_ptr call_back(Slot& slot) noexcept;
  void begin(Slot& slot) BRAID_REQUIRES(mutex_);
  void end(Slot& slot) BRAID_REQUIRES(mutex_);
  PoolResult take(Slot& slot) BRAID_REQUIRES(mutex_);
  void notify_takers() BRAID_REQUIRES(mutex_);
  void cancel_queued(base::Lock& lock) BRAID_REQUIRES(mutex_);

  [[nodiscard]] std::size_t queued() const BRAID_REQUIRES(mutex_) {
    return queues_[0].size + queues_[1].size + queues_[2].size;
  }

  Engine::Impl& engine_;
  const ThreadPoolOptions options_;
  const unsigned threads_;  // at work at once, helping callers included
  std::pmr::memory_resource* const results_;
  engine::PoolContexts contexts_;
  std::stop_source stop_;

  mutable base::Mutex mutex_;
  std::condition_variable room_;    // the queue got shorter, or the pool is closed
  std::condition_variable change_;  // a task ended, or may be helped with
  engine::PoolSlots slots_ BRAID_GUARDED_BY(mutex_);
  std::array<engine::PoolSlots::List, 3> queues_ BRAID_GUARDED_BY(mutex_);  // by priority
  engine::PoolSlots::List ended_ BRAID_GUARDED_BY(mutex_);  // in order of completion
  ThreadPoolStats counts_ BRAID_GUARDED_BY(mutex_);
  std::size_t running_ BRAID_GUARDED_BY(mutex_) = 0;  // tasks
  unsigned active_ BRAID_GUARDED_BY(mutex_) = 0;      // threads at work
  unsigned pumps_ BRAID_GUARDED_BY(mutex_) = 0;       // given to the executor and not ended
  unsigned pumping_ BRAID_GUARDED_BY(mutex_) = 0;     // of these, begun
  unsigned takers_ BRAID_GUARDED_BY(mutex_) = 0;      // threads that wait for change_
  bool closed_ BRAID_GUARDED_BY(mutex_) = false;
  std::exception_ptr thrown_ BRAID_GUARDED_BY(mutex_);  // the first that a callback threw
};

}  // namespace braid
