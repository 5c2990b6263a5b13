#include "archive/flat_set.hpp"

#include <functional>
#include <random>
#include <unordered_set>

#include <gtest/gtest.h>

namespace braid::archive {
namespace {

TEST(FlatSet, holds_what_was_inserted_once_and_nothing_else) {
  FlatSet<std::uint64_t, std::identity> set;
  std::unordered_set<std::uint64_t> expected;
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t key = random() << 50 | random() % 16;  // many come again
    EXPECT_EQ(set.contains(key), expected.contains(key));
    EXPECT_EQ(set.insert(key), expected.insert(key).second);
    EXPECT_TRUE(set.contains(key));
  }
}

TEST(FlatSet, the_key_that_looks_like_an_empty_slot_is_a_key) {
  FlatSet<std::uint64_t, std::identity> set;
  EXPECT_FALSE(set.contains(0));
  EXPECT_TRUE(set.insert(0));
  EXPECT_FALSE(set.insert(0));
  EXPECT_TRUE(set.contains(0));
}

TEST(FlatSet, keys_that_begin_alike_are_told_apart_beyond_the_last_slot) {
  FlatSet<std::uint64_t, std::identity> set;
  for (std::uint64_t i = 1; i <= 1000; ++i) EXPECT_TRUE(set.insert(UINT64_MAX - i));
  for (std::uint64_t i = 1; i <= 1000; ++i) EXPECT_FALSE(set.insert(UINT64_MAX - i));
  EXPECT_FALSE(set.contains(UINT64_MAX));
}

}  // namespace
}  // namespace braid::archive
