#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include <sched.h>

namespace braid::engine {

// The CPU the calling thread runs on, as a hint where its things lie. About 2 ns.
[[nodiscard]] inline std::size_t cpu_hint() noexcept {
  const int cpu = sched_getcpu();
  return cpu < 0 ? 0 : static_cast<std::size_t>(cpu);
}

// Idle contexts, at most as many as there are places. Lock-free: whoever exchanges a pointer out of
// its place owns the context, so that nothing can be taken twice. A context is looked for first
// where this CPU left one, whose caches and memory node then still suit it.
// Every member may be called from any thread.
template <typename Context>
class ContextShelf {
 public:
  explicit ContextShelf(std::size_t places) : places_(places) {}

  ~ContextShelf() { clear(); }

  ContextShelf(const ContextShelf&) = delete;
  ContextShelf& operator=(const ContextShelf&) = delete;

  // Null when there is none.
  [[nodiscard]] std::unique_ptr<Context> take() noexcept {
    const std::size_t here = cpu_hint();
    for (std::size_t i = 0; i < places_.size(); ++i) {
      std::atomic<Context*>& place = places_[(here + i) % places_.size()].context;
      if (place.load(std::memory_order_relaxed) == nullptr) continue;
      if (Context* context = place.exchange(nullptr, std::memory_order_acquire)) {
        return std::unique_ptr<Context>(context);
      }
    }
    return nullptr;
  }

  // Destroys it when every place is taken.
  void put(std::unique_ptr<Context> context) noexcept {
    if (context == nullptr) return;
    const std::size_t here = cpu_hint();
    for (std::size_t i = 0; i < places_.size(); ++i) {
      std::atomic<Context*>& place = places_[(here + i) % places_.size()].context;
      Context* empty = nullptr;
      if (place.load(std::memory_order_relaxed) == nullptr &&
          place.compare_exchange_strong(empty, context.get(), std::memory_order_acq_rel)) {
        (void)context.release();
        return;
      }
    }
  }

  void clear() noexcept {
    while (take() != nullptr) {
    }
  }

 private:
  struct alignas(64) Place {  // a cache line: neighbours are used by different CPUs
    std::atomic<Context*> context = nullptr;
  };

  std::vector<Place> places_;
};

}  // namespace braid::engine
