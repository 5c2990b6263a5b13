#include "parallel/memory_budget.hpp"

#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace braid::parallel {
namespace {

// Returns once `count` requests have begun to wait. They cannot stop waiting meanwhile.
void until_waiting(const MemoryBudget& budget, std::uint64_t count) {
  while (budget.stats().waits < count) std::this_thread::yield();
}

TEST(MemoryBudget, gives_back_on_release_shrink_and_destruction) {
  MemoryBudget budget(100);
  {
    auto a = budget.reserve(60).value();
    EXPECT_EQ(budget.stats().used, 60U);
    a.shrink(25);
    EXPECT_EQ(a.bytes(), 25U);
    EXPECT_EQ(budget.stats().used, 25U);
    a.shrink(30);
    EXPECT_EQ(a.bytes(), 25U) << "shrinking does not grow";
    auto b = std::move(a);
    a = budget.reserve(75).value();
    EXPECT_EQ(budget.stats().used, 100U);
    a = std::move(b);
    EXPECT_EQ(budget.stats().used, 25U);
  }
  EXPECT_EQ(budget.stats().used, 0U);
  EXPECT_EQ(budget.stats().peak, 100U);
}

TEST(MemoryBudget, refuses_what_can_never_fit_and_says_need_and_have) {
  MemoryBudget budget(100);
  const auto refused = budget.reserve(101);
  EXPECT_EQ(refused.error().code, Errc::memory_limit);
  EXPECT_EQ(refused.error().message, "needs 101 bytes of memory, the limit is 100");
  EXPECT_FALSE(budget.try_reserve(~std::uint64_t{0}));
}

TEST(MemoryBudget, does_not_wait_in_try_reserve) {
  MemoryBudget budget(100);
  const auto held = budget.reserve(50).value();
  EXPECT_FALSE(budget.try_reserve(51));
  EXPECT_TRUE(budget.try_reserve(50));
}

TEST(MemoryBudget, small_requests_do_not_overtake_a_large_one) {
  MemoryBudget budget(100);
  auto held = budget.reserve(50).value();
  std::atomic<int> order = 0;
  int large_at = 0;
  int small_at = 0;
  std::jthread large([&] {
    const auto all = budget.reserve(100).value();
    large_at = ++order;
  });
  until_waiting(budget, 1);
  EXPECT_FALSE(budget.try_reserve(1)) << "it would fit, but the large one came first";
  std::jthread small([&] {
    const auto one = budget.reserve(1).value();
    small_at = ++order;
  });
  until_waiting(budget, 2);
  held.release();
  large.join();
  small.join();
  EXPECT_EQ(large_at, 1);
  EXPECT_EQ(small_at, 2);
}

TEST(MemoryBudget, a_stopped_wait_lets_those_behind_it_through) {
  MemoryBudget budget(100);
  const auto held = budget.reserve(50).value();
  std::stop_source stop;
  Errc code = Errc::internal;
  std::jthread large([&] { code = budget.reserve(100, stop.get_token()).error().code; });
  until_waiting(budget, 1);
  bool through = false;
  std::jthread small([&] { through = budget.reserve(50).has_value(); });
  until_waiting(budget, 2);
  stop.request_stop();
  large.join();
  small.join();
  EXPECT_EQ(code, Errc::cancelled);
  EXPECT_TRUE(through);
  EXPECT_EQ(budget.stats().used, 50U);
}

TEST(MemoryBudget, is_never_exceeded_and_nobody_starves) {
  MemoryBudget budget(1000);
  std::atomic<std::uint64_t> in_use = 0;
  std::atomic<bool> exceeded = false;
  std::vector<std::jthread> threads;
  for (unsigned t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 random(t);
      for (int i = 0; i < 300; ++i) {
        std::stop_source stop;
        if (i % 7 == 0) stop.request_stop();
        const std::uint64_t bytes = t == 0 ? 1000 : random() % 400;
        const auto held = budget.reserve(bytes, stop.get_token());
        if (!held) continue;
        if (in_use.fetch_add(bytes) + bytes > 1000) exceeded = true;
        in_use.fetch_sub(bytes);
      }
    });
  }
  threads.clear();
  EXPECT_FALSE(exceeded);
  EXPECT_EQ(budget.stats().used, 0U);
  EXPECT_LE(budget.stats().peak, 1000U);
}

}  // namespace
}  // namespace braid::parallel
