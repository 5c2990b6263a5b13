#include "parallel/trace.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <new>
#include <string_view>

#include <pthread.h>
#include <unistd.h>

namespace braid::parallel {

std::uint64_t clock_ns() noexcept {
  return static_cast<std::uint64_t>(
      std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count());
}

struct TraceRecorder::Lane {
  pid_t thread = 0;
  std::string name;
  mutable base::Mutex mutex;
  std::vector<Event> events BRAID_GUARDED_BY(mutex);
  std::uint64_t dropped BRAID_GUARDED_BY(mutex) = 0;
};

namespace {

std::uint64_t next_id() noexcept {
  static std::atomic<std::uint64_t> last = 0;
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

// The lane this thread used last, and of which recorder.
struct LastLane {
  std::uint64_t recorder = 0;
  void* lane = nullptr;
};

thread_local LastLane last_lane;

// Thread names come from whoever named the thread.
void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e ? '?' : c;
  }
  out += '"';
}

void append_microseconds(std::string& out, std::uint64_t ns) {
  std::array<char, 32> text{};
  const int size = std::snprintf(text.data(), text.size(), "%llu.%03llu",
                                 static_cast<unsigned long long>(ns / 1000),
                                 static_cast<unsigned long long>(ns % 1000));
  out.append(text.data(), static_cast<std::size_t>(size));
}

}  // namespace

TraceRecorder::TraceRecorder(std::size_t events_per_thread)
    : id_(next_id()), began_ns_(clock_ns()), events_per_thread_(events_per_thread) {}

TraceRecorder::~TraceRecorder() = default;

TraceRecorder::Lane* TraceRecorder::lane_here() {
  if (last_lane.recorder == id_) return static_cast<Lane*>(last_lane.lane);
  const pid_t thread = gettid();
  const base::Lock lock(mutex_);
  Lane* found = nullptr;
  for (const auto& lane : lanes_) {
    if (lane->thread == thread) found = lane.get();
  }
  if (found == nullptr) {
    auto lane = std::make_unique<Lane>();
    std::array<char, 16> name{};
    pthread_getname_np(pthread_self(), name.data(), name.size());
    lane->thread = thread;
    lane->name = name.data();
    found = lanes_.emplace_back(std::move(lane)).get();
  }
  last_lane = {id_, found};
  return found;
}

void TraceRecorder::record(const char* name, std::uint64_t start_ns, std::uint64_t end_ns,
                           std::uint64_t item) noexcept {
  try {
    Lane& lane = *lane_here();
    const base::Lock lock(lane.mutex);
    if (lane.events.size() < events_per_thread_) {
      ++lane.dropped;  // until it is in
      lane.events.push_back({name, start_ns, end_ns, item});
      --lane.dropped;
    } else {
      ++lane.dropped;
    }
  } catch (const std::bad_alloc&) {  // counted above, but for a thread's very first
  }
}

void TraceRecorder::append_json(std::string& out) const {
  const std::string process = ",\"pid\":" + std::to_string(getpid()) + ",\"tid\":";
  const base::Lock lock(mutex_);
  out += "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[";
  std::string_view separator = "\n";
  for (const auto& lane : lanes_) {
    const base::Lock lane_lock(lane->mutex);
    const std::string place = process + std::to_string(lane->thread);
    out.append(separator).append("{\"ph\":\"M\",\"name\":\"thread_name\"").append(place);
    out += ",\"args\":{\"name\":";
    append_quoted(out, lane->name);
    out += "}}";
    separator = ",\n";
    for (const Event& event : lane->events) {
      out.append(separator).append("{\"ph\":\"X\",\"name\":");
      append_quoted(out, event.name);
      out.append(place).append(",\"ts\":");
      append_microseconds(out, event.start_ns > began_ns_ ? event.start_ns - began_ns_ : 0);
      out += ",\"dur\":";
      append_microseconds(out, event.end_ns - event.start_ns);
      out.append(",\"args\":{\"item\":").append(std::to_string(event.item)).append("}}");
    }
  }
  out += "\n]}\n";
}

std::uint64_t TraceRecorder::dropped() const {
  std::uint64_t sum = 0;
  const base::Lock lock(mutex_);
  for (const auto& lane : lanes_) {
    const base::Lock lane_lock(lane->mutex);
    sum += lane->dropped;
  }
  return sum;
}

}  // namespace braid::parallel
