#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "parallel/trace.hpp"

namespace braid::parallel {

enum class Stage : std::uint8_t { produce, work, consume };

// What is counted of each worker. Times are nanoseconds of the wall clock.
enum class Count : std::uint8_t {
  tasks,           // items worked on
  bytes_in,        // taken by tasks; counted by the code in them
  bytes_out,       // made by tasks; counted by the code in them
  busy_ns,         // in tasks
  wait_input_ns,   // had nothing to work on, because nothing had been produced
  wait_memory_ns,  // waited for the memory budget; counted by the code that reserves
  wait_order_ns,   // had nothing to work on or consume, because an earlier item was not done
};

inline constexpr std::size_t count_kinds = 7;

struct MonitorSnapshot {
  std::vector<std::array<std::uint64_t, count_kinds>> workers;  // by worker slot, then Count
  std::array<std::uint64_t, 3> stage_ns{};                      // by Stage, all threads together
  std::array<std::uint64_t, 3> stage_calls{};
  std::uint64_t depth_peak = 0;  // most items in flight at once in one call

  [[nodiscard]] std::uint64_t of(std::size_t slot, Count kind) const {
    return workers[slot][static_cast<std::size_t>(kind)];
  }

  [[nodiscard]] std::uint64_t sum(Count kind) const;
};

// Counters for the calls it is given to, one at a time or many at once; with many, equal worker
// slots add up. Every member may be called from any thread. A snapshot taken while calls run is
// exact for each counter, not between them. Cost: two clock readings a stage, and additions to a
// cache line that the slot has to itself.
class Monitor {
 public:
  // `slots` worker slots are told apart, the rest are counted with the last; at least one.
  // `trace`, which may be null, gets an event for each stage of each item and must outlive this.
  explicit Monitor(unsigned slots, TraceRecorder* trace = nullptr);

  void add(unsigned slot, Count kind, std::uint64_t amount) noexcept {
    worker(slot).counts[static_cast<std::size_t>(kind)].fetch_add(amount,
                                                                  std::memory_order_relaxed);
  }

  // One stage of one item that has just ended on the calling thread. `within_ns`: the time that
  // stages of other items took inside it, which is counted with those.
  void stage(Stage stage, unsigned slot, std::uint64_t start_ns, std::uint64_t item,
             std::uint64_t within_ns = 0) noexcept;

  void depth(std::uint64_t items) noexcept;

  [[nodiscard]] MonitorSnapshot snapshot() const;

 private:
  struct alignas(64) Worker {  // a cache line: slots are written by different threads
    std::array<std::atomic<std::uint64_t>, count_kinds> counts{};
  };

  struct alignas(64) StageTotal {
    std::atomic<std::uint64_t> ns = 0;
    std::atomic<std::uint64_t> calls = 0;
  };

  Worker& worker(unsigned slot) noexcept {
    return workers_[slot < workers_.size() ? slot : workers_.size() - 1];
  }

  std::vector<Worker> workers_;
  std::array<StageTotal, 3> stages_{};
  std::atomic<std::uint64_t> depth_peak_ = 0;
  TraceRecorder* trace_;
};

}  // namespace braid::parallel
