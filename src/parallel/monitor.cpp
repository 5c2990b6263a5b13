#include "parallel/monitor.hpp"

#include <algorithm>

namespace braid::parallel {

namespace {

constexpr std::array<const char*, 3> stage_names{"produce", "work", "consume"};  // by Stage

}  // namespace

std::uint64_t MonitorSnapshot::sum(Count kind) const {
  std::uint64_t total = 0;
  for (const auto& worker : workers) total += worker[static_cast<std::size_t>(kind)];
  return total;
}

Monitor::Monitor(unsigned slots, TraceRecorder* trace)
    : workers_(std::max(1U, slots)), trace_(trace) {}

void Monitor::stage(Stage stage, unsigned slot, std::uint64_t start_ns, std::uint64_t item,
                    std::uint64_t within_ns) noexcept {
  const std::uint64_t end_ns = clock_ns();
  const std::uint64_t own_ns = end_ns - start_ns - within_ns;
  StageTotal& total = stages_[static_cast<std::size_t>(stage)];
  total.ns.fetch_add(own_ns, std::memory_order_relaxed);
  total.calls.fetch_add(1, std::memory_order_relaxed);
  if (stage == Stage::work) {
    add(slot, Count::tasks, 1);
    add(slot, Count::busy_ns, own_ns);
  }
  if (trace_ != nullptr) [[unlikely]] {
    trace_->record(stage_names[static_cast<std::size_t>(stage)], start_ns, end_ns, item);
  }
}

void Monitor::depth(std::uint64_t items) noexcept {
  std::uint64_t seen = depth_peak_.load(std::memory_order_relaxed);
  while (items > seen &&
         !depth_peak_.compare_exchange_weak(seen, items, std::memory_order_relaxed)) {
  }
}

MonitorSnapshot Monitor::snapshot() const {
  MonitorSnapshot now;
  now.workers.resize(workers_.size());
  for (std::size_t slot = 0; slot < workers_.size(); ++slot) {
    for (std::size_t kind = 0; kind < count_kinds; ++kind) {
      now.workers[slot][kind] = workers_[slot].counts[kind].load(std::memory_order_relaxed);
    }
  }
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    now.stage_ns[i] = stages_[i].ns.load(std::memory_order_relaxed);
    now.stage_calls[i] = stages_[i].calls.load(std::memory_order_relaxed);
  }
  now.depth_peak = depth_peak_.load(std::memory_order_relaxed);
  return now;
}

}  // namespace braid::parallel
