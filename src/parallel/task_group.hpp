#pragma once

#include <braid/executor.hpp>
#include <braid/result.hpp>

#include <concepts>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <utility>

#include "parallel/failure.hpp"

namespace braid::parallel {

// `() -> Result<void>`
template <typename Work>
concept GroupWork = std::same_as<std::invoke_result_t<std::decay_t<Work>>, Result<void>>;

// A number of independent tasks that are waited for together: entries of an archive, files of a
// list.
//
//   TaskGroup group(executor, stop);
//   for (const File& file : files) group.submit([&file]() -> Result<void> { ... });
//   BRAID_TRY(group.wait());
//
// Tasks are begun in the order of their submission. The waiting thread runs tasks of this group
// too, of no other: a task may make and wait for groups of its own on the same executor without any
// danger of deadlock, and an executor that does nothing delays the group only. What is submitted
// waits in memory: for a sequence without end use run_ordered(). Made, filled and waited for by one
// thread.
class TaskGroup {
 public:
  // `threads` bounds how many threads work on it, the waiting one included; 0: all of them.
  explicit TaskGroup(Executor& executor, std::stop_token stop = {}, unsigned threads = 0);

  // Drops what has not begun and waits for the rest.
  ~TaskGroup();

  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // Dropped unseen once a task has failed. Throws std::bad_alloc.
  template <GroupWork Work>
  void submit(Work&& work) {
    State* state = state_.get();  // the task lives in the state's own queue
    add(Task([state, index = next_, work = std::forward<Work>(work)]() mutable {
      if (auto failure = attempt(work)) fail(*state, index, *std::move(failure));
    }));
    ++next_;
  }

  // Runs and waits until every task is done or dropped. Returns the failure of the task that was
  // submitted first among those that failed: every task before it has run. cancelled when `stop`
  // was requested before all had begun. Rethrows what a task let out of call_user(). To be called
  // once.
  Result<void> wait();

 private:
  struct State;

  void add(Task task);
  void join() noexcept;
  static void fail(State& state, std::uint64_t index, Failure failure) noexcept;
  static void send_ticket(const std::shared_ptr<State>& state);
  static void help(const std::shared_ptr<State>& state);

  std::shared_ptr<State> state_;  // shared with tickets that the executor may start late
  std::uint64_t next_ = 0;
};

}  // namespace braid::parallel
