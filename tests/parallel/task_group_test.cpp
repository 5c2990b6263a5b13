#include "parallel/task_group.hpp"

#include <atomic>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "parallel/worker_pool.hpp"
#include "tests/parallel/crowded_executor.hpp"

namespace braid::parallel {
namespace {

class GroupThreads : public testing::TestWithParam<unsigned> {
 protected:
  WorkerPool pool_{{.threads = GetParam()}};
};

TEST_P(GroupThreads, runs_every_task_once) {
  std::vector<std::atomic<int>> runs(3000);
  TaskGroup group(pool_);
  for (auto& run : runs) {
    group.submit([&run]() -> Result<void> {
      run.fetch_add(1);
      return {};
    });
  }
  EXPECT_TRUE(group.wait());
  for (const auto& run : runs) ASSERT_EQ(run.load(), 1);
}

TEST_P(GroupThreads, the_failure_submitted_first_wins_and_all_before_it_ran) {
  for (int first = 0; first < 50; ++first) {
    std::atomic<int> before = 0;
    TaskGroup group(pool_);
    for (int i = 0; i < 60; ++i) {
      group.submit([&, i]() -> Result<void> {
        if (i < first) {
          before.fetch_add(1);
          return {};
        }
        return Error{.code = Errc::corrupt, .message = std::to_string(i)};
      });
    }
    const Result<void> result = group.wait();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().message, std::to_string(first));
    EXPECT_EQ(before.load(), first);
  }
}

TEST_P(GroupThreads, turns_exceptions_into_errors_but_the_users_own) {
  {
    TaskGroup group(pool_);
    group.submit([]() -> Result<void> { throw std::bad_alloc(); });
    EXPECT_EQ(group.wait().error().code, Errc::out_of_memory);
  }
  {
    TaskGroup group(pool_);
    group.submit([]() -> Result<void> { throw std::runtime_error("broken"); });
    const Result<void> result = group.wait();
    EXPECT_EQ(result.error().code, Errc::internal);
    EXPECT_EQ(result.error().message, "broken");
  }
  {
    TaskGroup group(pool_);
    group.submit([]() -> Result<void> {
      return call_user([]() -> Result<void> { throw std::out_of_range("mine"); });
    });
    EXPECT_THROW((void)group.wait(), std::out_of_range);
  }
}

TEST_P(GroupThreads, a_stop_drops_what_has_not_begun) {
  std::stop_source stop;
  stop.request_stop();
  TaskGroup group(pool_, stop.get_token());
  std::atomic<int> runs = 0;
  for (int i = 0; i < 100; ++i) {
    group.submit([&]() -> Result<void> {
      runs.fetch_add(1);
      return {};
    });
  }
  EXPECT_EQ(group.wait().error().code, Errc::cancelled);
  EXPECT_EQ(runs.load(), 0);
}

// Every task of three levels waits for tasks of the same pool.
TEST_P(GroupThreads, tasks_may_wait_for_tasks) {
  std::atomic<int> leaves = 0;
  TaskGroup outer(pool_);
  for (int i = 0; i < 8; ++i) {
    outer.submit([&]() -> Result<void> {
      TaskGroup middle(pool_);
      for (int j = 0; j < 8; ++j) {
        middle.submit([&]() -> Result<void> {
          TaskGroup inner(pool_);
          for (int k = 0; k < 8; ++k) {
            inner.submit([&]() -> Result<void> {
              leaves.fetch_add(1);
              return {};
            });
          }
          return inner.wait();
        });
      }
      return middle.wait();
    });
  }
  EXPECT_TRUE(outer.wait());
  EXPECT_EQ(leaves.load(), 512);
}

TEST_P(GroupThreads, one_that_is_not_waited_for_leaves_nothing_running) {
  for (int round = 0; round < 200; ++round) {
    auto alive = std::make_unique<std::atomic<int>>(0);
    {
      TaskGroup group(pool_);
      for (int i = 0; i < 10; ++i) {
        group.submit([&counter = *alive]() -> Result<void> {
          counter.fetch_add(1);
          return {};
        });
      }
    }
    alive.reset();  // a task that still ran would touch freed memory
  }
}

INSTANTIATE_TEST_SUITE_P(Counts, GroupThreads, testing::Values(0U, 1U, 2U, 7U));

TEST(TaskGroup, keeps_to_its_number_of_threads) {
  WorkerPool pool({.threads = 6});
  TaskGroup group(pool, {}, 2);
  std::atomic<int> at_once = 0;
  std::atomic<int> most = 0;
  for (int i = 0; i < 2000; ++i) {
    group.submit([&]() -> Result<void> {
      const int now = at_once.fetch_add(1) + 1;
      for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
      }
      at_once.fetch_sub(1);
      return {};
    });
  }
  EXPECT_TRUE(group.wait());
  EXPECT_LE(most.load(), 2);
}

TEST(TaskGroup, uses_nothing_of_an_executor_once_it_was_waited_for) {
  for (int round = 0; round < 300; ++round) {
    const auto executor = std::make_unique<CrowdedExecutor>();
    TaskGroup group(*executor);
    for (int i = 0; i < 10; ++i) group.submit([] { return Result<void>(); });
    EXPECT_TRUE(group.wait());
  }
}

}  // namespace
}  // namespace braid::parallel
