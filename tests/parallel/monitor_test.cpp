#include "parallel/monitor.hpp"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "parallel/ordered_pipeline.hpp"
#include "parallel/worker_pool.hpp"

namespace braid::parallel {
namespace {

// Runs `count` items that each count ten bytes in and four out.
void run(WorkerPool& pool, unsigned threads, int count, Monitor& monitor) {
  std::vector<int> items(ordered_window(threads));
  int next = 0;
  const Result<void> result = run_ordered(
      pool, {.threads = threads, .monitor = &monitor}, std::span<int>(items),
      [&](int&) -> Result<bool> { return next++ < count; },
      [&](int&, unsigned slot) -> Result<void> {
        monitor.add(slot, Count::bytes_in, 10);
        monitor.add(slot, Count::bytes_out, 4);
        return {};
      },
      [](int&) -> Result<void> { return {}; });
  ASSERT_TRUE(result);
}

TEST(Monitor, counts_every_item_once_at_any_number_of_threads) {
  for (const unsigned threads : {1U, 2U, 5U}) {
    WorkerPool pool({.threads = threads - 1});
    Monitor monitor(threads);
    run(pool, threads, 100, monitor);
    const MonitorSnapshot seen = monitor.snapshot();
    ASSERT_EQ(seen.workers.size(), threads);
    EXPECT_EQ(seen.sum(Count::tasks), 100U);
    EXPECT_EQ(seen.sum(Count::bytes_in), 1000U);
    EXPECT_EQ(seen.sum(Count::bytes_out), 400U);
    EXPECT_EQ(seen.stage_calls[static_cast<std::size_t>(Stage::produce)], 101U);
    EXPECT_EQ(seen.stage_calls[static_cast<std::size_t>(Stage::work)], 100U);
    EXPECT_EQ(seen.stage_calls[static_cast<std::size_t>(Stage::consume)], 100U);
    EXPECT_EQ(seen.sum(Count::busy_ns), seen.stage_ns[static_cast<std::size_t>(Stage::work)]);
    EXPECT_GE(seen.depth_peak, 1U);
    EXPECT_LE(seen.depth_peak, ordered_window(threads));
  }
}

TEST(Monitor, counts_slots_beyond_its_own_with_the_last) {
  Monitor monitor(2);
  monitor.add(1, Count::tasks, 1);
  monitor.add(7, Count::tasks, 2);
  EXPECT_EQ(monitor.snapshot().of(1, Count::tasks), 3U);
  EXPECT_EQ(monitor.snapshot().of(0, Count::tasks), 0U);
}

TEST(Monitor, knows_what_workers_wait_for) {
  WorkerPool pool({.threads = 1});
  Monitor monitor(2);
  std::vector<int> items(2);
  int next = 0;
  const Result<void> result = run_ordered(
      pool, {.monitor = &monitor}, std::span<int>(items),
      [&](int&) -> Result<bool> { return next++ < 5; },
      [](int&, unsigned) -> Result<void> { return {}; }, [](int&) -> Result<void> { return {}; });
  ASSERT_TRUE(result);
  const MonitorSnapshot seen = monitor.snapshot();
  EXPECT_GT(seen.of(1, Count::wait_input_ns) + seen.of(1, Count::wait_order_ns), 0U)
      << "the second thread cannot have been at work all the time";
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST(TraceRecorder, writes_an_event_for_each_stage_and_a_name_for_each_thread) {
  TraceRecorder trace;
  {
    WorkerPool pool({.threads = 2, .name = "q\"uote"});
    Monitor monitor(3, &trace);
    run(pool, 3, 50, monitor);
  }
  std::string json;
  trace.append_json(json);
  EXPECT_EQ(occurrences(json, "\"ph\":\"X\""), 151U);  // 51 + 50 + 50
  EXPECT_EQ(occurrences(json, "\"name\":\"work\""), 50U);
  EXPECT_EQ(occurrences(json, "\"item\":49"), 3U);
  EXPECT_GE(occurrences(json, "\"thread_name\""), 1U);
  EXPECT_EQ(occurrences(json, "q\"uote"), 0U) << "a quote in a name is escaped";
  EXPECT_EQ(occurrences(json, "{"), occurrences(json, "}"));
  EXPECT_TRUE(json.starts_with("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n{"));
  EXPECT_TRUE(json.ends_with("}\n]}\n"));
  EXPECT_EQ(occurrences(json, ",\n]"), 0U);
}

TEST(TraceRecorder, times_are_microseconds_since_it_was_made) {
  TraceRecorder trace;
  const std::uint64_t start = clock_ns();
  trace.record("step", start, start + 1'234'567, 3);
  std::string json;
  trace.append_json(json);
  EXPECT_NE(json.find("\"dur\":1234.567,\"args\":{\"item\":3}"), std::string::npos) << json;
}

TEST(TraceRecorder, drops_what_has_no_room_and_counts_it) {
  TraceRecorder trace(3);
  for (std::uint64_t i = 0; i < 10; ++i) trace.record("step", i, i + 1, i);
  std::jthread([&] { trace.record("step", 1, 2, 0); }).join();
  std::string json;
  trace.append_json(json);
  EXPECT_EQ(occurrences(json, "\"ph\":\"X\""), 4U);
  EXPECT_EQ(trace.dropped(), 7U);
}

TEST(TraceRecorder, keeps_recorders_apart) {
  TraceRecorder one;
  TraceRecorder two;
  for (int i = 0; i < 3; ++i) {
    one.record("one", 1, 2, 0);
    two.record("two", 1, 2, 0);
  }
  std::string json;
  one.append_json(json);
  EXPECT_EQ(occurrences(json, "\"one\""), 3U);
  EXPECT_EQ(occurrences(json, "\"two\""), 0U);
}

}  // namespace
}  // namespace braid::parallel
