#include "parallel/worker_pool.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include <pthread.h>
#include <signal.h>

namespace braid::parallel {

namespace {

// Where the calling thread is. Set once, by the worker itself.
struct Here {
  const WorkerPool* pool = nullptr;
  unsigned worker = 0;
  unsigned node = 0;
};

thread_local Here here;

// Blocks asynchronous signals while it lives. Threads inherit the mask of the one that starts them,
// so that a worker never runs a moment without it. Signals that tell of the thread's own doing,
// and the profiler's, stay.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t blocked;
    sigfillset(&blocked);
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, SIGPROF}) {
      sigdelset(&blocked, signal);
    }
    pthread_sigmask(SIG_BLOCK, &blocked, &before_);
  }

  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

constexpr std::size_t kernel_name_bytes = 15;  // pthread_setname_np(3): 16 with the zero

unsigned node_of(const WorkerPoolOptions& options, unsigned worker) {
  return worker < options.nodes.size() ? options.nodes[worker] : 0;
}

}  // namespace

WorkerPoolOptions placed_on(const Topology& topology, WorkerPoolOptions options) {
  if (topology.nodes().size() < 2) return options;
  options.nodes.clear();
  for (const Place& place : topology.place(options.threads)) options.nodes.push_back(place.node);
  options.bind = [topology](unsigned node) { topology.bind_current_thread(node); };
  return options;
}

WorkerPool::WorkerPool(WorkerPoolOptions options)
    : node_count_(options.nodes.empty() ? 1 : 1 + *std::ranges::max_element(options.nodes)),
      nodes_(node_count_) {
  try {
    start_workers(options);
  } catch (...) {
    end();  // those that did start
    throw;
  }
}

void WorkerPool::start_workers(const WorkerPoolOptions& options) {
  if (options.threads == 0) return;
  const StartThread start =
      options.start ? options.start : [](Task body) { return std::jthread(std::move(body)); };
  threads_.reserve(options.threads);
  const SignalsBlocked blocked;
  int os_error = 0;
  for (unsigned worker = 0; worker < options.threads; ++worker) {
    const unsigned node = node_of(options, worker);
    const bool bound = options.bind && worker < options.nodes.size();
    try {
      const std::string name =
          (options.name + '-' + std::to_string(worker)).substr(0, kernel_name_bytes);
      threads_.push_back(start([this, worker, node, name, bind = bound ? options.bind : nullptr] {
        pthread_setname_np(pthread_self(), name.c_str());
        if (bind) bind(node);
        work(worker, node);
      }));
      continue;
    } catch (const std::system_error& refused) {
      os_error = refused.code().value();
    } catch (const std::bad_alloc&) {
      os_error = ENOMEM;
    }
    break;  // the system is short of threads: asking again would make it worse
  }
  started_ = static_cast<unsigned>(threads_.size());
  if (started_ == options.threads) return;
  start_error_ = Error{.code = Errc::out_of_memory,
                       .message = "started " + std::to_string(started_) + " of " +
                                  std::to_string(options.threads) + " threads",
                       .os_error = os_error};
}

WorkerPool::~WorkerPool() {
  end();
}

void WorkerPool::end() noexcept {
  {
    const base::Lock lock(mutex_);
    ending_ = true;
    for (Node& node : nodes_) node.awake.notify_all();
  }
  threads_.clear();
}

void WorkerPool::execute(Task task) {
  if (started_ == 0) return run(std::move(task));
  const base::Lock lock(mutex_);
  const auto nodes = static_cast<unsigned>(nodes_.size());
  const unsigned node = here.pool == this ? here.node : nodes == 1 ? 0 : turn_++ % nodes;
  nodes_[node].queue.push(std::move(task));
  const std::uint64_t waiting = waiting_.load(std::memory_order_relaxed) + 1;
  waiting_.store(waiting, std::memory_order_relaxed);
  queue_peak_ = std::max(queue_peak_, waiting);
  wake_one(node);
}

// Promises a task to one sleeper: of this node if there is one, else of the next. The promise is
// counted, so that a wake that comes for nothing does no harm and none is lost.
void WorkerPool::wake_one(unsigned node) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    Node& candidate = nodes_[(node + i) % nodes_.size()];
    if (candidate.sleepers == 0) continue;
    --candidate.sleepers;
    ++candidate.wakes;
    candidate.awake.notify_one();
    return;
  }
}

Task WorkerPool::take(unsigned node) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    Node& candidate = nodes_[(node + i) % nodes_.size()];
    if (candidate.queue.empty()) continue;
    if (i != 0) ++stolen_;
    ++taken_;
    waiting_.store(waiting_.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
    return candidate.queue.pop();
  }
  return {};
}

Task WorkerPool::next(unsigned node) {
  base::Lock lock(mutex_);
  Node& home = nodes_[node];
  for (;;) {
    if (Task task = take(node)) return task;
    if (ending_) return {};
    ++home.sleepers;
    while (home.wakes == 0 && !ending_) home.awake.wait(lock.native());
    if (home.wakes != 0) {
      --home.wakes;
    } else {
      --home.sleepers;
    }
  }
}

void WorkerPool::work(unsigned worker, unsigned node) {
  here = {this, worker, node};
  while (Task task = next(node)) run(std::move(task));
}

void WorkerPool::run(Task task) noexcept {
  try {
    task();
  } catch (...) {
    escaped_.fetch_add(1, std::memory_order_relaxed);
  }
}

WorkerPoolStats WorkerPool::stats() const {
  const base::Lock lock(mutex_);
  return {.tasks = taken_,
          .stolen = stolen_,
          .escaped = escaped_.load(std::memory_order_relaxed),
          .queue_peak = queue_peak_};
}

std::optional<unsigned> WorkerPool::worker_here() const noexcept {
  if (here.pool != this) return std::nullopt;
  return here.worker;
}

unsigned WorkerPool::node_here() noexcept {
  return here.node;
}

}  // namespace braid::parallel
