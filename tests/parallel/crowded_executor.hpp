#pragma once

#include <braid/executor.hpp>

#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace braid {

// A thread for each task, and always word of others that wait for one, so that whoever works here
// hands over at every chance. Joins them when it goes.
class CrowdedExecutor final : public Executor {
 public:
  void execute(Task task) override {
    const std::scoped_lock lock(mutex_);
    threads_.emplace_back([task = std::make_shared<Task>(std::move(task))] { (*task)(); });
  }

  [[nodiscard]] unsigned concurrency() const noexcept override { return 4; }

  [[nodiscard]] bool backlog() const noexcept override { return true; }

 private:
  std::mutex mutex_;
  std::vector<std::jthread> threads_;
};

}  // namespace braid
