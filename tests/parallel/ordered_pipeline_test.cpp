#include "parallel/ordered_pipeline.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <new>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "parallel/worker_pool.hpp"
#include "tests/parallel/planted_failure.hpp"

namespace braid::parallel {
namespace {

struct Item {
  std::uint64_t number = 0;
  std::uint64_t result = 0;
};

// Burns about `turns` operations that the compiler cannot remove.
std::uint64_t spin(std::uint64_t seed, unsigned turns) {
  std::uint64_t x = seed + 0x9e3779b97f4a7c15U;
  for (unsigned i = 0; i < turns; ++i) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
  }
  return x | 1;
}

enum class Stage { none, produce, work, consume };

struct Plan {
  unsigned threads = 1;
  std::size_t window = 1;
  std::uint64_t count = 0;
  unsigned turns = 0;  // most spins of a work call
  Stage fail_stage = Stage::none;
  std::uint64_t fail_at = 0;
  How how = How::error;
  std::uint64_t also_fail_after = ~std::uint64_t{0};  // every later item's work fails too
  std::uint64_t stop_at = ~std::uint64_t{0};          // requests a stop while producing this item
  std::uint64_t stop_in_work = ~std::uint64_t{0};
};

struct Outcome {
  Result<void> result{};
  bool user_error = false;
  std::uint64_t consumed = 0;
  bool in_order = true;
};

Outcome run(Executor& executor, const Plan& plan) {
  std::vector<Item> items(plan.window);
  std::stop_source stop;
  Outcome outcome;
  std::uint64_t next = 0;
  std::atomic<unsigned> running = 0;
  OrderedOptions options{.threads = plan.threads, .stop = stop.get_token()};
  const unsigned slots = ordered_threads(executor, options);
  std::vector<std::atomic<int>> slot_users(slots);
  const auto caller = std::this_thread::get_id();

  const auto produce = [&](Item& item) -> Result<bool> {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    if (next == plan.stop_at) stop.request_stop();
    if (plan.fail_stage == Stage::produce && next == plan.fail_at) {
      Result<void> failed = fail_now(plan.how, next);
      return std::move(failed).error();
    }
    if (next == plan.count) return false;
    item = {next++, 0};
    return true;
  };
  const auto work = [&](Item& item, unsigned slot) -> Result<void> {
    running.fetch_add(1);
    EXPECT_LT(slot, slots);
    EXPECT_EQ(slot_users[slot].fetch_add(1), 0) << "two threads share a slot";
    const std::uint64_t k = item.number;
    item.result = spin(k, plan.turns == 0 ? 0 : static_cast<unsigned>((k * 7919) % plan.turns));
    if (k == plan.stop_in_work) stop.request_stop();
    slot_users[slot].fetch_sub(1);
    running.fetch_sub(1);
    if (plan.fail_stage == Stage::work && k == plan.fail_at) return fail_now(plan.how, k);
    if (k > plan.also_fail_after) return Error{.code = Errc::internal, .message = "later"};
    return {};
  };
  const auto consume = [&](Item& item) -> Result<void> {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    if (item.number != outcome.consumed || item.result == 0) outcome.in_order = false;
    if (plan.fail_stage == Stage::consume && item.number == plan.fail_at) {
      return fail_now(plan.how, item.number);
    }
    ++outcome.consumed;
    return {};
  };
  try {
    outcome.result = run_ordered(executor, options, std::span<Item>(items), produce, work, consume);
  } catch (const UserError& error) {
    outcome.user_error = true;
    outcome.result = Error{.code = Errc::internal, .message = error.what()};
  }
  EXPECT_EQ(running.load(), 0U) << "a thread outlived the call";
  return outcome;
}

class OrderedThreads : public testing::TestWithParam<unsigned> {
 protected:
  WorkerPool pool_{{.threads = GetParam() - 1}};
};

TEST_P(OrderedThreads, keeps_the_order_under_uneven_work) {
  for (const std::size_t window : {1, 2, 3, 7, 64}) {
    const Outcome outcome =
        run(pool_, {.threads = GetParam(), .window = window, .count = 500, .turns = 5000});
    EXPECT_TRUE(outcome.result);
    EXPECT_TRUE(outcome.in_order);
    EXPECT_EQ(outcome.consumed, 500U);
  }
}

TEST_P(OrderedThreads, runs_an_empty_sequence) {
  const Outcome outcome = run(pool_, {.threads = GetParam(), .window = 4});
  EXPECT_TRUE(outcome.result);
  EXPECT_EQ(outcome.consumed, 0U);
}

TEST_P(OrderedThreads, a_failure_in_any_stage_ends_the_call_after_the_items_before_it) {
  for (const Stage stage : {Stage::produce, Stage::work, Stage::consume}) {
    for (const How how : {How::error, How::exception, How::bad_alloc, How::user}) {
      for (const std::uint64_t at : {0, 1, 5, 99}) {
        const Outcome outcome = run(pool_, {.threads = GetParam(),
                                            .window = ordered_window(GetParam()),
                                            .count = 100,
                                            .turns = 500,
                                            .fail_stage = stage,
                                            .fail_at = at,
                                            .how = how});
        ASSERT_FALSE(outcome.result);
        EXPECT_TRUE(outcome.in_order);
        EXPECT_EQ(outcome.consumed, at);
        EXPECT_EQ(outcome.user_error, how == How::user);
        const Error& error = outcome.result.error();
        if (how == How::bad_alloc) {
          EXPECT_EQ(error.code, Errc::out_of_memory);
        } else {
          EXPECT_EQ(error.code, how == How::error ? Errc::corrupt : Errc::internal);
          EXPECT_EQ(error.message, std::to_string(at));
        }
      }
    }
  }
}

TEST_P(OrderedThreads, the_first_error_in_order_wins) {
  for (std::uint64_t at = 0; at < 40; ++at) {
    const Outcome outcome = run(pool_, {.threads = GetParam(),
                                        .window = 16,
                                        .count = 60,
                                        .turns = 4000,
                                        .fail_stage = Stage::work,
                                        .fail_at = at,
                                        .also_fail_after = at});
    ASSERT_FALSE(outcome.result);
    EXPECT_EQ(outcome.result.error().message, std::to_string(at));
    EXPECT_EQ(outcome.consumed, at);
  }
}

TEST_P(OrderedThreads, a_stop_is_seen_within_one_item) {
  const Outcome outcome =
      run(pool_, {.threads = GetParam(), .window = 8, .count = 1000, .stop_at = 20});
  ASSERT_FALSE(outcome.result);
  EXPECT_EQ(outcome.result.error().code, Errc::cancelled);
  EXPECT_LE(outcome.consumed, 20U);
}

TEST_P(OrderedThreads, a_stop_asked_for_before_the_call_does_nothing_at_all) {
  std::stop_source stop;
  stop.request_stop();
  std::vector<Item> items(4);
  int calls = 0;
  const Result<void> result = run_ordered(
      pool_, {.stop = stop.get_token()}, std::span<Item>(items),
      [&](Item&) -> Result<bool> {
        ++calls;
        return false;
      },
      [&](Item&, unsigned) -> Result<void> { return {}; },
      [&](Item&) -> Result<void> { return {}; });
  EXPECT_EQ(result.error().code, Errc::cancelled);
  EXPECT_EQ(calls, 0);
}

TEST_P(OrderedThreads, survives_thousands_of_runs_with_failures_and_stops) {
  std::mt19937 random(GetParam());
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t count = random() % 12;
    Plan plan{.threads = GetParam(),
              .window = 1 + random() % 9,
              .count = count,
              .turns = static_cast<unsigned>(random() % 3) * 200};
    const auto kind = static_cast<unsigned>(random() % 6);
    const std::uint64_t at = random() % 12;
    if (kind < 3) plan.fail_stage = static_cast<Stage>(1 + kind), plan.fail_at = at;
    if (kind == 3) plan.stop_at = at;
    if (kind == 4) plan.stop_in_work = at;
    plan.how = static_cast<How>(random() % 3);
    const Outcome outcome = run(pool_, plan);
    ASSERT_TRUE(outcome.in_order);
    if (outcome.result) {
      ASSERT_EQ(outcome.consumed, count);
    } else if (kind < 3) {
      ASSERT_EQ(outcome.consumed, at);
      ASSERT_LE(at, count);
    } else {
      ASSERT_EQ(outcome.result.error().code, Errc::cancelled);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Counts, OrderedThreads, testing::Values(1U, 2U, 3U, 8U, 64U));

TEST(OrderedPipeline, refuses_an_empty_window) {
  WorkerPool pool({.threads = 1});
  const Outcome outcome = run(pool, {.threads = 2, .window = 0, .count = 3});
  EXPECT_EQ(outcome.result.error().code, Errc::invalid_argument);
}

TEST(OrderedPipeline, one_thread_runs_everything_on_the_caller_with_one_item) {
  WorkerPool pool({.threads = 3});
  std::vector<Item> items(5);
  const auto caller = std::this_thread::get_id();
  int next = 0;
  const Result<void> result = run_ordered(
      pool, {.threads = 1}, std::span<Item>(items),
      [&](Item& item) -> Result<bool> {
        EXPECT_EQ(&item, items.data());
        return next++ < 9;
      },
      [&](Item&, unsigned slot) -> Result<void> {
        EXPECT_EQ(slot, 0U);
        EXPECT_EQ(std::this_thread::get_id(), caller);
        return {};
      },
      [&](Item&) -> Result<void> { return {}; });
  EXPECT_TRUE(result);
  EXPECT_EQ(pool.stats().tasks, 0U);
}

// With a worker held up for as long as the caller has not worked, the call ends only if the calling
// thread takes its share.
TEST(OrderedPipeline, the_caller_works_when_it_has_nothing_else_to_do) {
  WorkerPool pool({.threads = 1});
  const auto caller = std::this_thread::get_id();
  std::vector<Item> items(4);
  std::atomic<bool> caller_worked = false;
  int next = 0;
  const Result<void> result = run_ordered(
      pool, {}, std::span<Item>(items), [&](Item&) -> Result<bool> { return next++ < 8; },
      [&](Item&, unsigned) -> Result<void> {
        if (std::this_thread::get_id() == caller) {
          caller_worked = true;
          caller_worked.notify_all();
        } else {
          caller_worked.wait(false);
        }
        return {};
      },
      [&](Item&) -> Result<void> { return {}; });
  EXPECT_TRUE(result);
  EXPECT_TRUE(caller_worked);
}

// Each of the first `threads` items waits for all of them to be at work at once.
TEST(OrderedPipeline, all_threads_are_at_work_at_once) {
  constexpr unsigned threads = 5;
  WorkerPool pool({.threads = threads - 1});
  std::vector<Item> items(ordered_window(threads));
  std::atomic<unsigned> at_work = 0;
  std::uint64_t next = 0;
  const Result<void> result = run_ordered(
      pool, {}, std::span<Item>(items),
      [&](Item& item) -> Result<bool> {
        item.number = next++;
        return item.number < 20;
      },
      [&](Item& item, unsigned) -> Result<void> {
        if (item.number >= threads) return {};
        at_work.fetch_add(1);
        at_work.notify_all();
        for (unsigned seen = at_work; seen < threads; seen = at_work) at_work.wait(seen);
        return {};
      },
      [&](Item&) -> Result<void> { return {}; });
  EXPECT_TRUE(result);
}

// An executor of the caller's that does whatever an executor may.
class OddExecutor final : public Executor {
 public:
  enum class Kind { runs_at_once, drops, throws, keeps };

  explicit OddExecutor(Kind kind) : kind_(kind) {}

  void execute(Task task) override {
    switch (kind_) {
      case Kind::runs_at_once:
        task();
        break;
      case Kind::drops:
        break;
      case Kind::throws:
        throw std::runtime_error("full");
      case Kind::keeps:
        kept.push_back(std::move(task));
        break;
    }
  }

  [[nodiscard]] unsigned concurrency() const noexcept override { return 4; }

  std::deque<Task> kept;

 private:
  Kind kind_;
};

TEST(OrderedPipeline, needs_nothing_of_an_executor) {
  using Kind = OddExecutor::Kind;
  for (const Kind kind : {Kind::runs_at_once, Kind::drops, Kind::throws, Kind::keeps}) {
    OddExecutor executor(kind);
    for (const Stage stage : {Stage::none, Stage::produce, Stage::work, Stage::consume}) {
      const Outcome outcome = run(
          executor, {.threads = 0, .window = 6, .count = 50, .fail_stage = stage, .fail_at = 30});
      EXPECT_EQ(outcome.result.has_value(), stage == Stage::none);
      EXPECT_EQ(outcome.consumed, stage == Stage::none ? 50U : 30U);
    }
    for (Task& late : executor.kept) late();  // touches nothing of the calls that are over
  }
}

TEST(OrderedPipeline, calls_share_a_pool_and_nest) {
  WorkerPool pool({.threads = 3});
  std::vector<std::jthread> callers;
  std::atomic<int> finished = 0;
  for (int c = 0; c < 4; ++c) {
    callers.emplace_back([&] {
      std::vector<Item> items(6);
      int next = 0;
      const Result<void> result = run_ordered(
          pool, {}, std::span<Item>(items), [&](Item&) -> Result<bool> { return next++ < 20; },
          [&](Item&, unsigned) -> Result<void> {
            Outcome inner = run(pool, {.threads = 0, .window = 4, .count = 10, .turns = 300});
            EXPECT_EQ(inner.consumed, 10U);
            return std::move(inner.result);
          },
          [&](Item&) -> Result<void> { return {}; });
      if (result) finished.fetch_add(1);
    });
  }
  callers.clear();
  EXPECT_EQ(finished.load(), 4);
}

}  // namespace
}  // namespace braid::parallel
