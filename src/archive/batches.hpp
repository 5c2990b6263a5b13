#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <utility>

#include "engine/engine_impl.hpp"
#include "parallel/task_group.hpp"

namespace braid::archive {

// Batches of work that are filled one after another and handed to all threads as they are full,
// while the next is filled. Filled and finished by one thread. Destroyed unfinished, it drops what
// has not begun and waits for the rest.
template <typename Batch>
class Batches {
 public:
  // `work` is called once for each batch, on any thread, several at a time. What it throws comes
  // out of finish().
  Batches(Engine& engine, std::function<void(Batch&)> work)
      : engine_(engine), work_(std::move(work)) {}

  // The one to be filled; null when there is none.
  [[nodiscard]] Batch* open() noexcept { return all_.empty() ? nullptr : &all_.back(); }

  // Begins the next one; the one before it is full. Throws std::bad_alloc.
  Batch& next() {
    submit();
    return all_.emplace_back();
  }

  // Waits until all are done and gives them to `settle`, in their order. A single one is seen to
  // here, without the others.
  template <typename Settle>
  Result<void> finish(Settle&& settle) {
    if (all_.empty()) return {};
    Result<void> result;
    if (group_) {
      submit();
      result = group_->wait();
      group_.reset();
    } else {
      work_(all_.back());
    }
    for (Batch& batch : all_) settle(batch, result);
    all_.clear();
    return result;
  }

  // Leaves what was not begun, and returns when no thread is at work any more.
  void drop() {
    group_.reset();
    all_.clear();
  }

 private:
  void submit() {
    if (all_.empty()) return;
    if (!group_) group_.emplace(engine_.impl().executor(), std::stop_token(), engine_.threads());
    group_->submit([this, &batch = all_.back()]() -> Result<void> {
      parallel::call_user([&] { work_(batch); });
      return {};
    });
  }

  Engine& engine_;
  std::function<void(Batch&)> work_;
  std::deque<Batch> all_;                     // stay in place while there are more
  std::optional<parallel::TaskGroup> group_;  // works on all but the last
};

}  // namespace braid::archive
