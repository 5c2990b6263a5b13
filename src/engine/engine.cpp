#include <braid/engine.hpp>

#include "base/try.hpp"
#include "engine/engine_impl.hpp"
#include "parallel/memory_limits.hpp"

namespace braid {

namespace {

std::uint64_t budget_for(std::uint64_t limit) {
  return limit != 0 ? limit : parallel::plan_memory(parallel::read_memory_facts()).budget;
}

}  // namespace

Engine::Impl::Impl(const EngineOptions& options)
    : borrowed_(options.executor),
      memory_(options.memory != nullptr ? options.memory : std::pmr::get_default_resource()),
      budget_(budget_for(options.memory_limit)) {
  if (borrowed_ != nullptr) {
    threads_ = borrowed_->concurrency() + 1;
    if (options.threads != 0) threads_ = std::min(threads_, options.threads);
    reason_ = std::to_string(threads_) + ": the caller's executor and the calling thread";
    return;
  }
  const parallel::ThreadPlan plan = parallel::plan_threads(
      {.threads = options.threads, .reserve = options.reserve}, parallel::read_cpu_facts());
  pool_.emplace(parallel::WorkerPoolOptions{.threads = plan.count - 1});
  threads_ = pool_->concurrency() + 1;
  reason_ = plan.why;
  if (const auto& error = pool_->start_error()) reason_ += "; " + error->text();
}

Result<engine::Lanes> Engine::Impl::open_lanes(std::uint64_t per_thread, std::uint64_t per_item,
                                               std::stop_token stop) {
  constexpr std::uint64_t most = UINT64_MAX >> 16;  // times any thread count, still no overflow
  per_thread = std::min(per_thread, most);
  per_item = std::min(per_item, most);
  for (unsigned threads = threads_; threads > 1; --threads) {
    for (std::size_t window = parallel::ordered_window(threads); window > threads;
         window -= threads) {
      auto memory = budget_.try_reserve(threads * per_thread + window * per_item);
      if (memory) {
        return engine::Lanes{.threads = threads, .window = window, .memory = std::move(*memory)};
      }
    }
  }
  BRAID_TRY_VALUE(auto memory, budget_.reserve(per_thread + per_item, std::move(stop)));
  return engine::Lanes{.threads = 1, .window = 1, .memory = std::move(memory)};
}

EngineStats Engine::Impl::stats() const {
  EngineStats stats;
  stats.calls = calls_.load(std::memory_order_relaxed);
  stats.tasks = pool_ ? pool_->stats().tasks : 0;
  stats.peak_memory = budget_.stats().peak;
  return stats;
}

Engine::Engine(const EngineOptions& options) : impl_(std::make_unique<Impl>(options)) {}

Engine::~Engine() = default;

unsigned Engine::threads() const noexcept {
  return impl_->threads();
}

const std::string& Engine::thread_reason() const noexcept {
  return impl_->thread_reason();
}

std::uint64_t Engine::memory_limit() const noexcept {
  return impl_->memory_limit();
}

EngineStats Engine::stats() const noexcept {
  return impl_->stats();
}

}  // namespace braid
