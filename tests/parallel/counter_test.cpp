#include <braid/counter.hpp>

#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace braid {
namespace {

TEST(LockFreeCounter, returns_the_new_value) {
  LockFreeCounter counter;
  EXPECT_EQ(counter.increment(), 1U);
  EXPECT_EQ(counter.add(5), 6U);
  EXPECT_EQ(counter.get(), 6U);
  EXPECT_EQ(counter.reset(), 6U);
  EXPECT_EQ(counter.get(), 0U);
}

TEST(LockFreeCounter, counts_beyond_32_bits) {
  LockFreeCounter counter(0xffffffffU);
  EXPECT_EQ(counter.increment(), 0x100000000U);
}

TEST(LockFreeCounter, hands_out_every_value_once) {
  constexpr std::size_t threads = 4;
  constexpr std::size_t each = 5000;
  LockFreeCounter counter;
  std::vector<std::vector<std::uint64_t>> got(threads);
  {
    std::vector<std::jthread> running;
    for (auto& mine : got) {
      running.emplace_back([&] {
        for (std::size_t i = 0; i < each; ++i) mine.push_back(counter.increment());
      });
    }
  }
  std::set<std::uint64_t> all;
  for (const auto& mine : got) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), threads * each);
  EXPECT_EQ(*all.begin(), 1U);
  EXPECT_EQ(*all.rbegin(), threads * each);
}

TEST(LockFreeCounter, shows_what_was_done_before_an_increment) {
  LockFreeCounter ready;
  int plain = 0;  // the race detector objects unless the counter orders the two threads
  std::jthread writer([&] {
    plain = 42;
    ready.increment();
  });
  while (ready.get() == 0) std::this_thread::yield();
  EXPECT_EQ(plain, 42);
}

TEST(LockFreeCounter, has_a_cache_line_to_itself) {
  EXPECT_EQ(sizeof(LockFreeCounter), 64U);
  EXPECT_EQ(alignof(LockFreeCounter), 64U);
}

}  // namespace
}  // namespace braid
