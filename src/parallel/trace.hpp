#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.hpp"

namespace braid::parallel {

// Nanoseconds of the steady clock.
[[nodiscard]] std::uint64_t clock_ns() noexcept;

// Records what each thread did when, for chrome://tracing and Perfetto (the Trace Event Format's
// JSON). Every member may be called from any thread; record() takes a lock that only its own thread
// and append_json() want. Memory: 40 bytes an event, at most `events_per_thread` for each thread;
// later ones are counted and dropped.
class TraceRecorder {
 public:
  static constexpr std::size_t default_events = 1 << 18;  // 10 MiB a thread, hours of 1 MiB chunks

  explicit TraceRecorder(std::size_t events_per_thread = default_events);
  ~TraceRecorder();
  TraceRecorder(const TraceRecorder&) = delete;
  TraceRecorder& operator=(const TraceRecorder&) = delete;

  // One stretch of work of the calling thread. `name` must live as long as the recorder; `item` is
  // shown as an argument. An event that there is no memory for is dropped.
  void record(const char* name, std::uint64_t start_ns, std::uint64_t end_ns,
              std::uint64_t item) noexcept;

  // Appends one complete JSON document: an event for each stretch, in microseconds since the
  // recorder was made, and the name of each thread. Throws std::bad_alloc.
  void append_json(std::string& out) const;

  // Events that there was no room for.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  struct Event {
    const char* name;
    std::uint64_t start_ns;
    std::uint64_t end_ns;
    std::uint64_t item;
  };

  struct Lane;

  Lane* lane_here();

  const std::uint64_t id_;  // never used twice, unlike an address
  const std::uint64_t began_ns_;
  const std::size_t events_per_thread_;
  mutable base::Mutex mutex_;
  std::vector<std::unique_ptr<Lane>> lanes_ BRAID_GUARDED_BY(mutex_);  // one for each thread
};

}  // namespace braid::parallel
