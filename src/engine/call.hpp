#pragma once

#include <braid/run.hpp>

#include "parallel/memory_budget.hpp"
#include "parallel/monitor.hpp"
#include "parallel/ordered_pipeline.hpp"

namespace braid::engine {

class KeptContexts;

// What one call may use: threads, items in flight, and the memory reserved for them.
struct Lanes {
  unsigned threads = 1;
  std::size_t window = 1;  // items in flight
  unsigned nodes = 1;      // that threads live on
  parallel::MemoryBudget::Reservation memory{};
};

// What one call needs for its lanes.
struct LaneNeeds {
  std::uint64_t per_thread = 0;                            // bytes
  std::uint64_t per_item = 0;                              // bytes
  unsigned items_per_thread = parallel::items_per_thread;  // where there is more than one thread
};

// The threads and the memory that calls draw on: an Engine's, or the calling thread alone.
class CallSite {
 public:
  virtual ~CallSite() = default;

  [[nodiscard]] virtual Executor& executor() = 0;

  // Counts what the stages of calls do; null when nobody wants to know.
  [[nodiscard]] virtual parallel::Monitor* monitor() { return nullptr; }

  // What earlier calls left; null where nothing is kept.
  [[nodiscard]] virtual KeptContexts* kept() { return nullptr; }

  // As many threads as there are and memory allows, at the least one. Waits for other calls to give
  // memory back rather than fail, until `stop` is asked. Errors: memory_limit (need and have),
  // cancelled.
  [[nodiscard]] virtual Result<Lanes> open_lanes(const LaneNeeds& needs, std::stop_token stop) = 0;

  // More memory for one item, if it is there at once.
  [[nodiscard]] virtual std::optional<parallel::MemoryBudget::Reservation> try_reserve(
      std::uint64_t bytes) = 0;
};

// The calling thread, with no limit of its own: a call's memory is two chunks and one context.
[[nodiscard]] CallSite& this_thread() noexcept;

}  // namespace braid::engine
