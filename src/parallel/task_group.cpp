#include "parallel/task_group.hpp"

#include <algorithm>
#include <condition_variable>
#include <limits>
#include <optional>

#include "base/cancelled.hpp"
#include "base/mutex.hpp"
#include "parallel/task_queue.hpp"

namespace braid::parallel {

struct TaskGroup::State {
  enum class Taker { waiter, ticket };

  State(Executor& runs_on, std::stop_token token, unsigned helpers)
      : executor(runs_on), stop(std::move(token)), helper_limit(helpers) {}

  Executor& executor;  // touched by the group's owner and by tickets that count as running
  const std::stop_token stop;
  const unsigned helper_limit;
  base::Mutex mutex;
  std::condition_variable idle;
  TaskQueue queue BRAID_GUARDED_BY(mutex);
  unsigned running BRAID_GUARDED_BY(mutex) = 0;
  unsigned tickets BRAID_GUARDED_BY(mutex) = 0;  // given to the executor and not finished
  bool stopped BRAID_GUARDED_BY(mutex) = false;  // a stop left tasks unbegun
  std::uint64_t failed_index BRAID_GUARDED_BY(mutex) = std::numeric_limits<std::uint64_t>::max();
  std::optional<Failure> failure BRAID_GUARDED_BY(mutex);

  void drop_waiting() BRAID_REQUIRES(mutex) {
    while (!queue.empty()) (void)queue.pop();
  }

  // The next task, counted as running; empty when there is none. A ticket that gets none has ended,
  // under the same lock that a submission takes: no task is left without one.
  Task take(Taker taker) BRAID_EXCLUDES(mutex) {
    const base::Lock lock(mutex);
    if (!queue.empty() && stop.stop_requested()) {
      stopped = true;
      drop_waiting();
    }
    if (queue.empty()) {
      if (taker == Taker::ticket) --tickets;
      return {};
    }
    ++running;
    return queue.pop();
  }

  // After this the waiting thread may go on, and what tasks and executor stand on may go.
  void count_done() BRAID_EXCLUDES(mutex) {
    const base::Lock lock(mutex);
    if (--running == 0) idle.notify_one();
  }
};

TaskGroup::TaskGroup(Executor& executor, std::stop_token stop, unsigned threads)
    : state_(std::make_shared<State>(
          executor, std::move(stop),
          threads == 0 ? executor.concurrency() : std::min(threads - 1, executor.concurrency()))) {}

TaskGroup::~TaskGroup() {
  {
    const base::Lock lock(state_->mutex);
    state_->drop_waiting();
  }
  join();
}

void TaskGroup::add(Task task) {
  {
    const base::Lock lock(state_->mutex);
    if (state_->failure) return;
    state_->queue.push(std::move(task));
    if (state_->tickets >= state_->helper_limit) return;
    ++state_->tickets;
  }
  send_ticket(state_);
}

void TaskGroup::send_ticket(const std::shared_ptr<State>& state) {
  try {
    state->executor.execute([state] { help(state); });
  } catch (...) {  // refused: the other threads do the work
    const base::Lock lock(state->mutex);
    --state->tickets;
  }
}

// What a ticket does on the executor's thread: tasks until there are none, or until others wait.
void TaskGroup::help(const std::shared_ptr<State>& state) {
  while (Task task = state->take(State::Taker::ticket)) {
    const bool give_way = state->executor.backlog();
    task();
    task = {};  // what the closure holds goes before the group counts it as done
    if (give_way) send_ticket(state);
    state->count_done();
    if (give_way) return;
  }
}

void TaskGroup::fail(State& state, std::uint64_t index, Failure failure) noexcept {
  const base::Lock lock(state.mutex);
  state.drop_waiting();  // they were all submitted after this one
  if (index >= state.failed_index) return;
  state.failed_index = index;
  state.failure = std::move(failure);
}

void TaskGroup::join() noexcept {
  base::Lock lock(state_->mutex);
  while (state_->running != 0) state_->idle.wait(lock.native());
}

Result<void> TaskGroup::wait() {
  while (Task task = state_->take(State::Taker::waiter)) {
    task();
    task = {};
    state_->count_done();
  }
  join();
  const base::Lock lock(state_->mutex);
  if (state_->failure) return std::move(*state_->failure).report();
  if (state_->stopped) return base::cancelled();
  return {};
}

}  // namespace braid::parallel
