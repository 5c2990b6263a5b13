#pragma once

#include <braid/engine.hpp>

#include <atomic>
#include <optional>

#include "engine/call.hpp"
#include "engine/kept_contexts.hpp"
#include "parallel/monitor.hpp"
#include "parallel/worker_pool.hpp"

namespace braid {

// The calling thread works too: the pool has one thread less than Engine::threads().
class Engine::Impl final : public engine::CallSite {
 public:
  explicit Impl(const EngineOptions& options);

  Executor& executor() override { return borrowed_ != nullptr ? *borrowed_ : *pool_; }

  parallel::Monitor* monitor() override { return &monitor_; }

  engine::KeptContexts* kept() override { return &kept_; }

  // Fewer items in flight before fewer threads, fewer threads before waiting for other calls.
  Result<engine::Lanes> open_lanes(const engine::LaneNeeds& needs, std::stop_token stop) override;

  // Waits for other calls rather than fail. Errors: memory_limit, cancelled.
  Result<parallel::MemoryBudget::Reservation> reserve(std::uint64_t bytes, std::stop_token stop) {
    return budget_.reserve(bytes, std::move(stop));
  }

  std::optional<parallel::MemoryBudget::Reservation> try_reserve(std::uint64_t bytes) override {
    return budget_.try_reserve(bytes);
  }

  [[nodiscard]] unsigned threads() const noexcept { return threads_; }

  [[nodiscard]] const std::string& thread_reason() const noexcept { return reason_; }

  [[nodiscard]] std::uint64_t memory_limit() const noexcept { return budget_.limit(); }

  [[nodiscard]] std::pmr::memory_resource* memory() const noexcept { return memory_; }

  [[nodiscard]] EngineStats stats() const;

  [[nodiscard]] std::string trace_json() const;

  void count_call() noexcept { calls_.fetch_add(1, std::memory_order_relaxed); }

 private:
  static std::optional<parallel::WorkerPool> make_pool(const EngineOptions& options,
                                                       std::string& reason);

  Executor* borrowed_;
  std::pmr::memory_resource* memory_;
  std::string reason_;
  std::optional<parallel::WorkerPool> pool_;
  unsigned threads_;
  parallel::MemoryBudget budget_;
  engine::KeptContexts kept_;
  std::optional<parallel::TraceRecorder> trace_;
  parallel::Monitor monitor_;
  std::atomic<std::uint64_t> calls_ = 0;
};

}  // namespace braid
