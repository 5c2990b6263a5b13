#pragma once

#include <braid/error.hpp>
#include <braid/executor.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.hpp"
#include "parallel/task_queue.hpp"
#include "parallel/topology.hpp"

namespace braid::parallel {

// Starts one thread that runs `body`; throws std::system_error when the system has none to give.
using StartThread = std::function<std::jthread(Task body)>;

struct WorkerPoolOptions {
  unsigned threads = 0;        // how many to start; zero runs every task inside execute()
  std::string name = "braid";  // threads are called "<name>-0"...; Linux keeps 15 bytes of it

  // Which node each worker lives on, by worker; workers beyond its end, or all, are on node 0.
  std::vector<unsigned> nodes{};

  // Runs first on each worker that has a node in `nodes`; it binds the calling thread.
  std::function<void(unsigned node)> bind{};

  // For tests and for threads of a special kind; by default std::jthread.
  StartThread start{};
};

// The same options with each worker placed on a node and bound to it. Unchanged on one node, where
// nothing is ever bound.
[[nodiscard]] WorkerPoolOptions placed_on(const Topology& topology, WorkerPoolOptions options);

// What a pool has done so far; every number only grows.
struct WorkerPoolStats {
  std::uint64_t tasks = 0;       // tasks run
  std::uint64_t stolen = 0;      // of these, tasks taken from another node's queue
  std::uint64_t escaped = 0;     // of these, tasks that broke the rule and threw
  std::uint64_t queue_peak = 0;  // most tasks that ever waited at once
};

// Long-lived threads and one first-in first-out queue for each NUMA node. A task goes to the node
// of the worker that submits it (of other threads: to the nodes in turn); a worker takes tasks of
// its own node first and of other nodes when there are none. Idle workers sleep.
//
// A thread that cannot be started is done without: concurrency() and start_error() tell. Workers
// have every asynchronous signal blocked, so that the program's own threads receive them.
// The destructor runs everything that was accepted, then joins. Every member but the destructor may
// be called from any thread; a task may call execute(). Neither copyable nor movable.
// Cost: about 0.2 us of CPU for a task, and a futex wake when a worker sleeps.
class WorkerPool final : public Executor {
 public:
  // Throws std::bad_alloc; a failed thread start is no exception.
  explicit WorkerPool(WorkerPoolOptions options);
  ~WorkerPool() override;
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Throws std::bad_alloc when the queue cannot grow; the task is then refused.
  void execute(Task task) override BRAID_EXCLUDES(mutex_);

  // NUMA nodes that workers live on.
  [[nodiscard]] unsigned nodes() const noexcept { return node_count_; }

  // The threads that did start.
  [[nodiscard]] unsigned concurrency() const noexcept override { return started_; }

  [[nodiscard]] bool backlog() const noexcept override {
    return waiting_.load(std::memory_order_relaxed) != 0;
  }

  // Why fewer threads run than were asked for, e.g. "started 3 of 8 threads" with its os_error.
  [[nodiscard]] const std::optional<Error>& start_error() const noexcept { return start_error_; }

  [[nodiscard]] WorkerPoolStats stats() const BRAID_EXCLUDES(mutex_);

  // The calling thread's number among the workers of this pool, or none.
  [[nodiscard]] std::optional<unsigned> worker_here() const noexcept;

  // The node that the calling thread works on, in whichever pool; 0 for threads of no pool.
  [[nodiscard]] static unsigned node_here() noexcept;

 private:
  struct Node {
    TaskQueue queue;
    std::condition_variable awake;
    unsigned sleepers = 0;  // workers that wait and have not been promised a task
    unsigned wakes = 0;     // promises not yet taken up
  };

  void start_workers(const WorkerPoolOptions& options);
  void end() noexcept BRAID_EXCLUDES(mutex_);
  void work(unsigned worker, unsigned node) BRAID_EXCLUDES(mutex_);
  Task next(unsigned node) BRAID_EXCLUDES(mutex_);  // empty: the pool is ending
  Task take(unsigned node) BRAID_REQUIRES(mutex_);
  void wake_one(unsigned node) BRAID_REQUIRES(mutex_);
  void run(Task task) noexcept;

  unsigned node_count_;  // fixed once constructed
  mutable base::Mutex mutex_;
  std::vector<Node> nodes_ BRAID_GUARDED_BY(mutex_);
  unsigned turn_ BRAID_GUARDED_BY(mutex_) = 0;
  bool ending_ BRAID_GUARDED_BY(mutex_) = false;
  std::uint64_t stolen_ BRAID_GUARDED_BY(mutex_) = 0;
  std::uint64_t taken_ BRAID_GUARDED_BY(mutex_) = 0;
  std::uint64_t queue_peak_ BRAID_GUARDED_BY(mutex_) = 0;
  std::atomic<std::uint64_t> waiting_ = 0;  // written under mutex_, guessed at without
  std::atomic<std::uint64_t> escaped_ = 0;
  unsigned started_ = 0;  // fixed once constructed
  std::optional<Error> start_error_;
  std::vector<std::jthread> threads_;  // last: joined before anything else goes
};

}  // namespace braid::parallel
