#include <braid/braid.hpp>

#include <atomic>
#include <latch>
#include <map>
#include <numeric>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "tests/conformance/samples.hpp"
#include "tests/engine/awkward_streams.hpp"
#include "tests/engine/counting_memory.hpp"
#include "tests/parallel/crowded_executor.hpp"
#include "tests/support/sanitized.hpp"

namespace braid {
namespace {

using conformance::words;
using Pool = CompressionThreadPool;

CompressionConfig quick(Algorithm algorithm = Algorithm::lz4) {
  return CompressionConfig(algorithm).level(conformance::quick_level(algorithm));
}

class GuidePool : public testing::TestWithParam<unsigned> {
 protected:
  Engine engine_{{.threads = GetParam()}};
};

INSTANTIATE_TEST_SUITE_P(Threads, GuidePool, testing::Values(1U, 2U, 3U, 8U, 64U));

TEST_P(GuidePool, N1_gives_the_bytes_of_the_one_shot_call_for_every_format) {
  for (const Algorithm algorithm : conformance::built_algorithms()) {
    const CompressionConfig config = quick(algorithm);
    Pool pool(engine_, config, {.decompression = {.algorithm = algorithm}});
    std::vector<std::string> plain;
    for (unsigned i = 0; i < 20; ++i) plain.push_back(words(i * 997, i));
    for (std::size_t i = 0; i < plain.size(); ++i) ASSERT_TRUE(pool.submit(i, plain[i]));
    std::vector<Buffer> packed(plain.size());
    while (auto done = pool.next()) {
      ASSERT_TRUE(done->result) << done->result.error().text();
      EXPECT_TRUE(done->result->view() == compress(plain[done->id], config).value().view());
      packed[done->id] = *std::move(done->result);
    }
    for (std::size_t i = 0; i < packed.size(); ++i) {
      ASSERT_TRUE(pool.submit_decompress(i, packed[i]));
    }
    for (auto& done : pool.take_all()) {
      ASSERT_TRUE(done.result) << done.result.error().text();
      EXPECT_TRUE(done.result->view() == ByteView(plain[done.id]));
    }
  }
}

TEST_P(GuidePool, N4_a_failed_task_tells_why_and_disturbs_no_other) {
  ThreadSafeErrorReporter errors;
  Pool pool(engine_, quick(), {.errors = &errors});
  const std::string text = words(3000, 1);
  const Buffer packed = compress(text, quick()).value();
  for (std::uint64_t id = 0; id < 300; ++id) {
    const ByteView input = id % 3 == 0 ? packed.view().first(packed.size() - 1) : packed.view();
    ASSERT_TRUE(pool.submit_decompress(id, input));
  }
  std::set<std::uint64_t> failed;
  while (auto done = pool.next()) {
    ASSERT_EQ(done->result.has_value(), done->id % 3 != 0);
    if (done->result) continue;
    EXPECT_EQ(done->result.error().code, Errc::truncated);
    failed.insert(done->id);
  }
  EXPECT_EQ(failed.size(), 100U);
  const auto reports = errors.reports();
  ASSERT_EQ(reports.kept.size(), 100U);
  for (const ErrorReport& report : reports.kept) {
    EXPECT_TRUE(failed.contains(report.task.value()));
    EXPECT_EQ(report.error.code, Errc::truncated);
    EXPECT_EQ(report.error.algorithm, Algorithm::lz4);
  }
}

TEST_P(GuidePool, N7_draining_does_all_that_was_accepted_and_refuses_more) {
  Pool pool(engine_, quick());
  const std::string text = words(5000, 1);
  for (std::uint64_t id = 0; id < 200; ++id) ASSERT_TRUE(pool.submit(id, text));
  pool.shutdown(Pool::Shutdown::drain);
  const auto refused = pool.submit(200, text);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::cancelled);
  std::set<std::uint64_t> done;
  for (auto& result : pool.take_all()) {
    EXPECT_TRUE(result.result);
    EXPECT_TRUE(done.insert(result.id).second);
  }
  EXPECT_EQ(done.size(), 200U);
}

TEST_P(GuidePool, N7_cancelling_ends_every_accepted_task_exactly_once) {
  Pool pool(engine_, quick(), {.queue_limit = 1000});
  const std::string text = words(20000, 1);
  for (std::uint64_t id = 0; id < 500; ++id) ASSERT_TRUE(pool.submit(id, text));
  pool.shutdown(Pool::Shutdown::cancel);
  const ThreadPoolStats stats = pool.stats();
  EXPECT_EQ(stats.accepted, 500U);
  EXPECT_EQ(stats.succeeded + stats.cancelled, 500U);
  EXPECT_EQ(stats.queued + stats.running, 0U);
  std::set<std::uint64_t> ended;
  for (auto& result : pool.take_all()) {
    if (!result.result) {
      EXPECT_EQ(result.result.error().code, Errc::cancelled);
    }
    EXPECT_TRUE(ended.insert(result.id).second);
  }
  EXPECT_EQ(ended.size(), 500U);
}

TEST_P(GuidePool, N7_submitting_collecting_and_shutting_down_may_race) {
  for (int round = 0; round < 20; ++round) {
    Pool pool(engine_, quick(), {.queue_limit = 8});
    const std::string text = words(400, 1);
    std::atomic<std::uint64_t> accepted = 0;
    std::atomic<std::uint64_t> taken = 0;
    std::latch ready(5);
    {
      std::vector<std::jthread> threads;
      for (int t = 0; t < 3; ++t) {
        threads.emplace_back([&] {
          ready.arrive_and_wait();
          for (std::uint64_t id = 0; id < 100; ++id) {
            if (pool.submit(id, text)) ++accepted;
          }
        });
      }
      threads.emplace_back([&] {
        ready.arrive_and_wait();
        while (pool.next()) ++taken;
      });
      threads.emplace_back([&] {
        ready.arrive_and_wait();
        pool.shutdown(round % 2 == 0 ? Pool::Shutdown::drain : Pool::Shutdown::cancel);
      });
    }
    while (pool.next()) ++taken;
    EXPECT_EQ(taken, accepted);
  }
}

TEST_P(GuidePool, N8_results_outlive_the_pool_and_wait_for_their_ticket) {
  std::vector<Buffer> kept;
  const std::string text = words(2000, 1);
  {
    Pool pool(engine_, quick());
    std::vector<Ticket> tickets;
    for (std::uint64_t id = 0; id < 50; ++id) {
      Buffer own;
      own.append(text);
      tickets.push_back(pool.submit(id, std::move(own)).value());
    }
    for (std::size_t i = tickets.size(); i-- > 0;) {
      auto done = pool.get(tickets[i]);
      EXPECT_EQ(done.id, i);
      EXPECT_EQ(done.ticket, tickets[i]);
      kept.push_back(std::move(done.result).value());
      const auto again = pool.get(tickets[i]);
      ASSERT_FALSE(again.result);
      EXPECT_EQ(again.result.error().code, Errc::invalid_argument);
    }
    EXPECT_FALSE(pool.next());
  }
  for (const Buffer& packed : kept) {
    EXPECT_TRUE(decompress(packed).value().view() == ByteView(text));
  }
}

TEST_P(GuidePool, N9_the_queue_never_grows_beyond_its_limit) {
  Pool pool(engine_, quick(), {.queue_limit = 4});
  const std::string text = words(1000, 1);
  for (std::uint64_t id = 0; id < 500; ++id) ASSERT_TRUE(pool.submit(id, text));
  EXPECT_EQ(pool.take_all().size(), 500U);
  EXPECT_LE(pool.stats().queue_peak, 4U);
}

TEST_P(GuidePool, N9_results_that_nobody_takes_stop_the_threads_at_the_limit) {
  Pool pool(engine_, quick(), {.queue_limit = 4, .result_limit = 6});
  const std::string text = words(1000, 1);
  std::jthread producer([&] {
    for (std::uint64_t id = 0; id < 300; ++id) ASSERT_TRUE(pool.submit(id, text));
  });
  std::size_t taken = 0;
  while (taken < 300) {
    if (auto done = pool.try_next()) ++taken;
    const ThreadPoolStats stats = pool.stats();
    ASSERT_LE(stats.waiting + stats.running, 6U);
  }
}

TEST_P(GuidePool, a_callback_gets_each_result_once) {
  Pool pool(engine_, quick());
  const std::string text = words(3000, 1);
  std::array<std::atomic<int>, 300> calls{};
  for (std::uint64_t id = 0; id < calls.size(); ++id) {
    ASSERT_TRUE(pool.submit(id, text, {.on_done = [&](PoolResult done) {
                              if (done.result) ++calls[done.id];
                            }}));
  }
  EXPECT_FALSE(pool.next());
  for (const auto& count : calls) EXPECT_EQ(count, 1);
}

TEST_P(GuidePool, a_million_tasks_are_neither_lost_nor_doubled) {
  const std::uint64_t count = sanitized::at_all ? 20000 : GetParam() == 2 ? 1000000 : 50000;
  Pool pool(engine_, CompressionConfig(Algorithm::none));
  std::vector<std::uint8_t> seen(count);
  std::uint64_t wrong = 0;
  const auto collect = [&](const PoolResult& done) {
    if (!done.result || done.result->size() != done.id % 7 || seen[done.id]++ != 0) ++wrong;
  };
  const std::string_view bytes = "1234567";
  for (std::uint64_t id = 0; id < count; ++id) {
    ASSERT_TRUE(pool.submit(id, bytes.substr(0, id % 7)));
    if (id % 64 == 63) {
      while (auto done = pool.try_next()) collect(*done);
    }
  }
  while (auto done = pool.next()) collect(*done);
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(std::accumulate(seen.begin(), seen.end(), std::uint64_t{0}), count);
  EXPECT_EQ(pool.stats().succeeded, count);
}

// A thread that is held until it is let go, so that the queue is as full as a test wants it.
class Gate {
 public:
  void wait() { open_.wait(false); }

  void open() {
    open_ = true;
    open_.notify_all();
  }

 private:
  std::atomic<bool> open_ = false;
};

// Keeps both threads of an engine of two busy: no task is begun until the gate opens.
class BusyPool {
 public:
  explicit BusyPool(ThreadPoolOptions options) : pool(engine_, quick(), std::move(options)) {
    std::latch busy(1);
    EXPECT_TRUE(pool.submit(1000, "x", {.on_done = [&](const PoolResult&) {
                              busy.count_down();
                              gate.wait();
                            }}));
    busy.wait();
  }

  ~BusyPool() { gate.open(); }

  Gate gate;

 private:
  Engine engine_{{.threads = 2}};

 public:
  Pool pool;
};

TEST(Pool, refuses_when_full_as_asked) {
  BusyPool busy({.queue_limit = 3});
  for (std::uint64_t id = 0; id < 3; ++id) ASSERT_TRUE(busy.pool.submit(id, "text"));
  const auto refused = busy.pool.submit(3, "text", {.when_full = WhenFull::refuse});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::busy);
  const auto late = busy.pool.submit(3, "text", {.patience = std::chrono::milliseconds(1)});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Errc::busy);
  EXPECT_EQ(busy.pool.stats().queued, 3U);
  EXPECT_FALSE(busy.pool.next_for(std::chrono::milliseconds(1)));
  EXPECT_FALSE(busy.pool.try_next());
  busy.gate.open();
  EXPECT_EQ(busy.pool.take_all().size(), 3U);
}

TEST(Pool, a_refused_buffer_stays_with_the_caller) {
  BusyPool busy({.queue_limit = 1});
  ASSERT_TRUE(busy.pool.submit(0, "text"));
  Buffer own;
  own.append("mine");
  ASSERT_FALSE(busy.pool.submit(1, std::move(own), {.when_full = WhenFull::refuse}));
  EXPECT_TRUE(own.view() == ByteView("mine"));
}

TEST(Pool, a_full_queue_makes_the_submitter_work) {
  BusyPool busy({.queue_limit = 2});
  for (std::uint64_t id = 0; id < 100; ++id) ASSERT_TRUE(busy.pool.submit(id, "text"));
  EXPECT_GE(busy.pool.stats().succeeded, 98U);
}

TEST(Pool, begins_higher_priorities_first_and_equals_in_order) {
  Engine engine({.threads = 1});
  Pool pool(engine, quick(), {.queue_limit = 100});
  for (std::uint64_t id = 0; id < 30; ++id) {
    constexpr std::array order = {Priority::low, Priority::high, Priority::normal};
    ASSERT_TRUE(pool.submit(id, "text", {.priority = order.at(id % 3)}));
  }
  std::vector<std::uint64_t> expected;
  for (const std::uint64_t rest : {1U, 2U, 0U}) {
    for (std::uint64_t id = rest; id < 30; id += 3) expected.push_back(id);
  }
  std::vector<std::uint64_t> seen;
  while (auto done = pool.next()) seen.push_back(done->id);
  EXPECT_EQ(seen, expected);
}

TEST(Pool, tasks_may_have_their_own_format_configuration_and_limits) {
  Engine engine({.threads = 3});
  Pool pool(engine, quick());
  const std::string text = words(50000, 3);
  const CompressionConfig best = CompressionConfig(Algorithm::zstd).level(12);
  ASSERT_TRUE(pool.submit(0, text));
  ASSERT_TRUE(pool.submit(1, text, {.config = &best}));
  ASSERT_TRUE(pool.submit(2, text, {.algorithm = Algorithm::gzip}));
  const Buffer packed = compress(text, best).value();
  ASSERT_TRUE(pool.submit_decompress(3, packed));
  ASSERT_TRUE(pool.submit_decompress(4, packed,
                                     {.decompression = DecompressionConfig{.output_limit = 100}}));
  std::map<std::uint64_t, Result<Buffer>> done;
  for (auto& result : pool.take_all()) done.emplace(result.id, std::move(result.result));
  ASSERT_EQ(done.size(), 5U);
  EXPECT_TRUE(done.at(0).value().view() == compress(text, quick()).value().view());
  EXPECT_TRUE(done.at(1).value().view() == packed.view());
  EXPECT_TRUE(done.at(2).value().view() == compress(text, Algorithm::gzip).value().view());
  EXPECT_TRUE(done.at(3).value().view() == ByteView(text));
  EXPECT_EQ(done.at(4).error().code, Errc::output_limit);
}

TEST(Pool, a_bad_configuration_is_the_error_of_each_task) {
  Engine engine({.threads = 2});
  Pool pool(engine, CompressionConfig(Algorithm::lz4).level(99));
  for (std::uint64_t id = 0; id < 3; ++id) ASSERT_TRUE(pool.submit(id, "text"));
  for (auto& done : pool.take_all()) {
    ASSERT_FALSE(done.result);
    EXPECT_EQ(done.result.error().code, Errc::invalid_argument);
  }
}

TEST(Pool, what_a_callback_throws_comes_out_of_shutdown_and_costs_no_task) {
  Engine engine({.threads = 2});
  Pool pool(engine, quick());
  for (std::uint64_t id = 0; id < 10; ++id) {
    ASSERT_TRUE(pool.submit(id, "text", {.on_done = [](const PoolResult& done) {
                              if (done.id == 4) throw testing_streams::Thrown{"callback"};
                            }}));
  }
  EXPECT_THROW(pool.shutdown(Pool::Shutdown::drain), testing_streams::Thrown);
  EXPECT_EQ(pool.stats().succeeded, 10U);
}

TEST(Pool, waits_for_memory_rather_than_exceed_the_budget) {
  const CompressionConfig config = CompressionConfig(Algorithm::zstd).level(3);
  // Room for one context and a half.
  Engine engine({.threads = 4, .memory_limit = 24_MiB});
  Pool pool(engine, config);
  const std::string text = words(100000, 1);
  const CompressionConfig other = CompressionConfig(Algorithm::zstd).level(4);
  for (std::uint64_t id = 0; id < 60; ++id) {
    ASSERT_TRUE(pool.submit(id, text, {.config = id % 2 == 0 ? &config : &other}));
  }
  for (auto& done : pool.take_all()) EXPECT_TRUE(done.result) << done.result.error().text();
  EXPECT_LE(engine.stats().peak_memory, 24_MiB);
}

TEST(Pool, needs_no_thread_of_its_own) {
  Engine engine({.threads = 1});
  Pool pool(engine, quick());
  for (std::uint64_t id = 0; id < 10; ++id) ASSERT_TRUE(pool.submit(id, "text"));
  EXPECT_TRUE(pool.try_next());
  EXPECT_TRUE(pool.next_for(std::chrono::nanoseconds(1)));
  EXPECT_EQ(pool.take_all().size(), 8U);
}

TEST(Pool, survives_executors_that_drop_delay_or_refuse) {
  class Awkward final : public Executor {
   public:
    void execute(Task task) override {
      const std::scoped_lock lock(mutex_);
      switch (++count_ % 3) {
        case 0:
          throw std::runtime_error("refused");
        case 1:
          break;  // dropped
        default:
          late_.push_back(std::move(task));
      }
    }

    [[nodiscard]] unsigned concurrency() const noexcept override { return 4; }

    void run_late() {
      for (Task& task : late_) task();
    }

   private:
    std::mutex mutex_;
    unsigned count_ = 0;
    std::vector<Task> late_;
  };

  Awkward executor;
  {
    Engine engine({.executor = &executor});
    Pool pool(engine, quick());
    for (std::uint64_t id = 0; id < 100; ++id) ASSERT_TRUE(pool.submit(id, "text"));
    EXPECT_EQ(pool.take_all().size(), 100U);
    for (std::uint64_t id = 0; id < 100; ++id) ASSERT_TRUE(pool.submit(id, "text"));
    pool.shutdown(Pool::Shutdown::drain);
  }
  executor.run_late();  // after everything is gone
}

TEST(Pool, uses_nothing_of_the_engine_once_it_is_gone) {
  for (int round = 0; round < 300; ++round) {
    auto executor = std::make_unique<CrowdedExecutor>();
    {
      // Of the heap, so that a sanitizer hears of a use after its end.
      const auto engine = std::make_unique<Engine>(EngineOptions{.executor = executor.get()});
      Pool pool(*engine, CompressionConfig(Algorithm::none));
      for (std::uint64_t id = 0; id < 20; ++id) ASSERT_TRUE(pool.submit(id, "text"));
      pool.shutdown(round % 2 == 0 ? Pool::Shutdown::drain : Pool::Shutdown::cancel);
    }
  }
}

TEST(Guide, N6_the_pool_cannot_be_copied_or_moved) {
  static_assert(!std::is_copy_constructible_v<Pool>);
  static_assert(!std::is_move_constructible_v<Pool>);
  static_assert(!std::is_move_assignable_v<Pool>);
}

}  // namespace
}  // namespace braid
