#include <braid/engine.hpp>

#include <algorithm>

#include "base/try.hpp"
#include "engine/engine_impl.hpp"
#include "parallel/cpu_count.hpp"
#include "parallel/memory_limits.hpp"
#include "parallel/topology.hpp"

namespace braid {

namespace {

std::uint64_t budget_for(std::uint64_t limit) {
  return limit != 0 ? limit : parallel::plan_memory(parallel::read_memory_facts()).budget;
}

}  // namespace

std::optional<parallel::WorkerPool> Engine::Impl::make_pool(const EngineOptions& options,
                                                            std::string& reason) {
  const parallel::ThreadPlan plan = parallel::plan_threads(
      {.threads = options.threads, .reserve = options.reserve}, parallel::read_cpu_facts());
  reason = plan.why;
  parallel::WorkerPoolOptions pool{.threads = plan.count - 1};
  if (plan.count > 1 && parallel::Topology::several_nodes()) {
    pool = parallel::placed_on(parallel::Topology::detect(), std::move(pool));
  }
  return std::optional<parallel::WorkerPool>(std::in_place, std::move(pool));
}

Engine::Impl::Impl(const EngineOptions& options)
    : borrowed_(options.executor),
      memory_(options.memory != nullptr ? options.memory : std::pmr::get_default_resource()),
      pool_(borrowed_ != nullptr ? std::nullopt : make_pool(options, reason_)),
      threads_(std::min(executor().concurrency(), parallel::max_threads - 1) + 1),
      budget_(budget_for(options.memory_limit)),
      kept_(threads_, budget_.limit()),
      trace_(options.trace ? std::optional<parallel::TraceRecorder>(std::in_place) : std::nullopt),
      monitor_(threads_, trace_ ? &*trace_ : nullptr) {
  if (borrowed_ != nullptr) {
    if (options.threads != 0) threads_ = std::min(threads_, options.threads);
    reason_ = std::to_string(threads_) + ": the caller's executor and the calling thread";
  } else if (const auto& error = pool_->start_error()) {
    reason_ += "; " + error->text();
  }
}

Result<engine::Lanes> Engine::Impl::open_lanes(const engine::LaneNeeds& needs,
                                               std::stop_token stop) {
  constexpr std::uint64_t most = UINT64_MAX >> 16;  // times any thread count, still no overflow
  const std::uint64_t per_thread = std::min(needs.per_thread, most);
  const std::uint64_t per_item = std::min(needs.per_item, most);
  for (unsigned threads = threads_; threads > 1; --threads) {
    const std::size_t widest = std::size_t{needs.items_per_thread} * threads;
    for (std::size_t window = widest; window > threads; --window) {
      auto memory = budget_.try_reserve(threads * per_thread + window * per_item);
      if (memory) {
        engine::Lanes lanes{.threads = threads, .window = window, .memory = std::move(*memory)};
        if (pool_) lanes.nodes = pool_->nodes();
        return lanes;
      }
    }
  }
  BRAID_TRY_VALUE(auto memory, budget_.reserve(per_thread + per_item, std::move(stop)));
  return engine::Lanes{.threads = 1, .window = 1, .memory = std::move(memory)};
}

EngineStats Engine::Impl::stats() const {
  using parallel::Count;
  using parallel::Stage;
  const parallel::MonitorSnapshot seen = monitor_.snapshot();
  const parallel::MemoryBudgetStats memory = budget_.stats();
  EngineStats stats;
  stats.calls = calls_.load(std::memory_order_relaxed);
  stats.peak_memory = memory.peak;
  stats.wait_memory_ns = memory.wait_ns;
  stats.in_flight_peak = seen.depth_peak;
  stats.read_ns = seen.stage_ns[static_cast<std::size_t>(Stage::produce)];
  stats.codec_ns = seen.stage_ns[static_cast<std::size_t>(Stage::work)];
  stats.write_ns = seen.stage_ns[static_cast<std::size_t>(Stage::consume)];
  for (std::size_t lane = 0; lane < seen.workers.size(); ++lane) {
    stats.lanes.push_back({.tasks = seen.of(lane, Count::tasks),
                           .bytes_in = seen.of(lane, Count::bytes_in),
                           .bytes_out = seen.of(lane, Count::bytes_out),
                           .busy_ns = seen.of(lane, Count::busy_ns),
                           .wait_input_ns = seen.of(lane, Count::wait_input_ns),
                           .wait_order_ns = seen.of(lane, Count::wait_order_ns)});
  }
  return stats;
}

std::string Engine::Impl::trace_json() const {
  std::string json;
  if (trace_) {
    trace_->append_json(json);
  } else {
    parallel::TraceRecorder(0).append_json(json);
  }
  return json;
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

EngineStats Engine::stats() const {
  return impl_->stats();
}

void Engine::for_each(std::size_t count, const std::function<void(std::size_t)>& body) {
  std::size_t next = 0;
  std::vector<std::size_t> items(parallel::ordered_window(threads()));
  const Result<void> done = parallel::run_ordered(
      impl_->executor(), {.threads = threads()}, std::span(items),
      [&](std::size_t& item) -> Result<bool> {
        item = next++;
        return item < count;
      },
      [&](std::size_t& item, unsigned /*slot*/) -> Result<void> {
        parallel::call_user([&] { body(item); });
        return {};
      },
      [](std::size_t& /*item*/) { return Result<void>(); });
  if (!done && done.error().code == Errc::out_of_memory) throw std::bad_alloc();
  done.value();
}

std::string Engine::trace_json() const {
  return impl_->trace_json();
}

}  // namespace braid
