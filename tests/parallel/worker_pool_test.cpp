#include "parallel/worker_pool.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <deque>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>

namespace braid::parallel {
namespace {

TEST(Task, holds_small_and_large_move_only_closures) {
  int calls = 0;
  auto owned = std::make_unique<int>(7);
  Task small([&calls, owned = std::move(owned)] { calls += *owned; });
  std::array<char, 200> ballast{};
  ballast[150] = 5;
  Task large([&calls, ballast] { calls += ballast[150]; });
  Task moved = std::move(small);
  EXPECT_FALSE(small);  // NOLINT(bugprone-use-after-move): empty after a move is the contract
  moved();
  small = std::move(large);
  small();
  EXPECT_EQ(calls, 12);
}

TEST(Task, destroys_its_closure_once) {
  const auto alive = std::make_shared<int>(0);
  {
    Task task([alive] {});
    Task other = std::move(task);
    other = Task([alive] {});
    EXPECT_EQ(alive.use_count(), 2);
  }
  EXPECT_EQ(alive.use_count(), 1);
}

class PoolThreads : public testing::TestWithParam<unsigned> {};

TEST_P(PoolThreads, runs_every_accepted_task_once_before_it_is_gone) {
  constexpr std::size_t count = 5000;
  std::vector<std::atomic<int>> runs(count);
  {
    WorkerPool pool({.threads = GetParam()});
    EXPECT_EQ(pool.concurrency(), GetParam());
    for (auto& run : runs) pool.execute([&run] { run.fetch_add(1); });
  }
  for (const auto& run : runs) ASSERT_EQ(run.load(), 1);
}

TEST_P(PoolThreads, runs_tasks_that_tasks_submit_while_it_ends) {
  std::atomic<int> runs = 0;
  {
    WorkerPool pool({.threads = GetParam()});
    for (int i = 0; i < 100; ++i) {
      pool.execute([&] {
        pool.execute([&] {
          pool.execute([&] { runs.fetch_add(1); });
          runs.fetch_add(1);
        });
        runs.fetch_add(1);
      });
    }
  }
  EXPECT_EQ(runs.load(), 300);
}

TEST_P(PoolThreads, goes_on_with_the_threads_that_start) {
  for (unsigned k = 0; k <= GetParam(); ++k) {
    std::atomic<int> runs = 0;
    {
      unsigned starts = 0;
      WorkerPool pool({.threads = GetParam(), .start = [&](Task body) {
                         if (starts++ == k) {
                           throw std::system_error(EAGAIN, std::generic_category());
                         }
                         return std::jthread(std::move(body));
                       }});
      EXPECT_EQ(pool.concurrency(), k);
      EXPECT_EQ(pool.start_error().has_value(), k < GetParam());
      if (pool.start_error()) {
        EXPECT_EQ(pool.start_error()->os_error, EAGAIN);
        EXPECT_EQ(pool.start_error()->message, "started " + std::to_string(k) + " of " +
                                                   std::to_string(GetParam()) + " threads");
      }
      for (int i = 0; i < 50; ++i) pool.execute([&] { runs.fetch_add(1); });
    }
    EXPECT_EQ(runs.load(), 50);
  }
}

INSTANTIATE_TEST_SUITE_P(Counts, PoolThreads, testing::Values(0U, 1U, 2U, 3U, 8U, 64U));

TEST(WorkerPool, wakes_as_many_workers_as_there_are_tasks) {
  std::deque<std::latch> latches;  // outlive the pool: a worker may still be leaving one
  WorkerPool pool({.threads = 4});
  for (int round = 0; round < 200; ++round) {
    std::latch& together = latches.emplace_back(5);  // four workers and this thread
    for (int i = 0; i < 4; ++i) pool.execute([&] { together.arrive_and_wait(); });
    together.arrive_and_wait();
  }
}

TEST(WorkerPool, steals_from_a_node_whose_workers_are_busy) {
  std::atomic<bool> release = false;
  std::latch held(1);
  std::latch ran(20);
  std::atomic<int> on_second_node = 0;
  WorkerPool pool({.threads = 2, .nodes = {0, 1}});
  pool.execute([&] {
    held.count_down();
    release.wait(false);
  });
  held.wait();
  for (int i = 0; i < 20; ++i) {
    pool.execute([&] {
      on_second_node.fetch_add(WorkerPool::node_here() == 1 ? 1 : 0);
      ran.count_down();
    });
  }
  ran.wait();  // ends only if the free worker takes the other node's tasks
  release = true;
  release.notify_all();
  EXPECT_GE(pool.stats().stolen, 10U);
}

TEST(WorkerPool, binds_each_worker_to_its_node_before_any_task) {
  std::array<std::atomic<int>, 2> bound{};
  {
    WorkerPool pool({.threads = 4, .nodes = {0, 1, 0, 1}, .bind = [&](unsigned node) {
                       bound[node].fetch_add(1);
                     }});
  }
  EXPECT_EQ(bound[0].load(), 2);
  EXPECT_EQ(bound[1].load(), 2);
}

TEST(WorkerPool, workers_leave_signals_to_the_programs_own_threads) {
  std::latch done(1);
  WorkerPool pool({.threads = 1});
  bool interrupt_blocked = false;
  bool fault_blocked = true;
  pool.execute([&] {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    interrupt_blocked = sigismember(&mask, SIGINT) == 1;
    fault_blocked = sigismember(&mask, SIGSEGV) == 1;
    done.count_down();
  });
  done.wait();
  EXPECT_TRUE(interrupt_blocked);
  EXPECT_FALSE(fault_blocked);
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  EXPECT_EQ(sigismember(&mask, SIGINT), 0) << "the starting thread's mask was not put back";
}

TEST(WorkerPool, names_its_threads) {
  std::latch done(1);
  WorkerPool pool({.threads = 1, .name = "loom"});
  std::string name(16, '\0');
  pool.execute([&] {
    pthread_getname_np(pthread_self(), name.data(), name.size());
    done.count_down();
  });
  done.wait();
  EXPECT_STREQ(name.c_str(), "loom-0");
}

TEST(WorkerPool, survives_and_counts_a_task_that_throws) {
  std::latch done(1);
  WorkerPool pool({.threads = 1});
  pool.execute([] { throw std::runtime_error("not allowed"); });
  pool.execute([&] { done.count_down(); });
  done.wait();
  EXPECT_EQ(pool.stats().escaped, 1U);
  EXPECT_EQ(pool.stats().tasks, 2U);
}

TEST(WorkerPool, knows_its_own_workers) {
  std::latch done(1);
  WorkerPool pool({.threads = 1});
  WorkerPool other({.threads = 1});
  std::optional<unsigned> here;
  std::optional<unsigned> elsewhere = 0;
  pool.execute([&] {
    here = pool.worker_here();
    elsewhere = other.worker_here();
    done.count_down();
  });
  done.wait();
  EXPECT_EQ(here, 0U);
  EXPECT_EQ(elsewhere, std::nullopt);
  EXPECT_EQ(pool.worker_here(), std::nullopt);
}

}  // namespace
}  // namespace braid::parallel
