#include "engine/frontier_pace.hpp"

#include <gtest/gtest.h>

namespace braid::engine {
namespace {

constexpr std::uint64_t packed = 1 << 20;
constexpr std::uint64_t ms = 1'000'000;

// Of data with `ratio` plain bytes a packed one.
void advance(FrontierPace& pace, std::uint64_t ratio, std::uint64_t ns = 4 * ms) {
  pace.advanced(packed, ratio * packed, true, ns);
}

void miss(FrontierPace& pace, int times) {
  for (int i = 0; i < times; ++i) pace.missed();
}

TEST(FrontierPace, nothing_is_decoded_ahead_before_the_ratio_is_known) {
  FrontierPace pace(2);
  EXPECT_FALSE(pace.looks_ahead());
  EXPECT_TRUE(pace.caller_leads());
  advance(pace, 3);
  EXPECT_TRUE(pace.looks_ahead());
  EXPECT_FALSE(pace.caller_leads());
}

TEST(FrontierPace, what_is_mostly_copied_is_left_to_the_frontier) {
  for (const unsigned threads : {2U, 8U}) {
    FrontierPace pace(threads);
    advance(pace, std::uint64_t{4} * threads);
    EXPECT_TRUE(pace.looks_ahead());
    advance(pace, std::uint64_t{4} * threads + 1);
    EXPECT_FALSE(pace.looks_ahead());
  }
}

TEST(FrontierPace, the_ratio_is_that_of_late) {
  FrontierPace pace(2);
  for (int i = 0; i < 100; ++i) advance(pace, 100);
  EXPECT_FALSE(pace.looks_ahead());
  EXPECT_LE(pace.packed_of(1000), 10U);
  for (int i = 0; i < 20; ++i) advance(pace, 2);
  EXPECT_TRUE(pace.looks_ahead());
  EXPECT_GE(pace.packed_of(1000), 450U);
}

TEST(FrontierPace, what_cannot_be_entered_is_tried_seldom_until_it_can) {
  FrontierPace pace(2);
  advance(pace, 2);
  miss(pace, 3);
  EXPECT_TRUE(pace.tries(1));
  pace.missed();
  EXPECT_TRUE(pace.looks_ahead());
  EXPECT_FALSE(pace.tries(1));
  EXPECT_TRUE(pace.tries(16));
  EXPECT_TRUE(pace.caller_leads());
  pace.leaped(packed, 2 * packed);
  EXPECT_TRUE(pace.tries(1));
  EXPECT_FALSE(pace.caller_leads());
}

TEST(FrontierPace, the_caller_leads_where_nothing_is_ahead_and_writing_takes_little) {
  FrontierPace pace(2);
  for (int i = 0; i < 10; ++i) {
    advance(pace, 100);
    pace.wrote(ms / 5);
  }
  EXPECT_TRUE(pace.caller_leads());
  for (int i = 0; i < 10; ++i) {
    advance(pace, 100);
    pace.wrote(2 * ms);
  }
  EXPECT_FALSE(pace.caller_leads());
  for (int i = 0; i < 100; ++i) advance(pace, 100);
  EXPECT_TRUE(pace.caller_leads());
}

TEST(FrontierPace, nothing_is_looked_for_where_no_block_can_be_found_until_one_could) {
  FrontierPace pace(2);
  advance(pace, 2);
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(pace.looks_ahead());
    pace.advanced(packed / 16, packed / 8, false, ms);
  }
  EXPECT_FALSE(pace.looks_ahead());
  EXPECT_TRUE(pace.is_solo());
  advance(pace, 2);  // one alone may be the next giant block
  EXPECT_TRUE(pace.is_solo());
  advance(pace, 2);
  EXPECT_TRUE(pace.looks_ahead());
  EXPECT_FALSE(pace.is_solo());
}

TEST(FrontierPace, what_is_copied_at_the_speed_of_memory_is_not_decoded_ahead) {
  FrontierPace pace(2);
  for (int i = 0; i < 30; ++i) advance(pace, 1, ms / 3);
  EXPECT_FALSE(pace.looks_ahead());
  EXPECT_TRUE(pace.is_solo());
  // An excerpt says nothing of the frontier's speed.
  pace.leaped(packed, packed);
  EXPECT_FALSE(pace.looks_ahead());
  for (int i = 0; i < 30; ++i) advance(pace, 1, 3 * ms);
  EXPECT_TRUE(pace.looks_ahead());
  EXPECT_FALSE(pace.is_solo());
}

TEST(FrontierPace, a_frontier_that_writes_a_lot_is_not_left_to_one_thread) {
  FrontierPace pace(2);
  for (int i = 0; i < 10; ++i) {
    advance(pace, 1, ms / 3);
    pace.wrote(ms);
  }
  EXPECT_FALSE(pace.looks_ahead());
  EXPECT_FALSE(pace.is_solo());
}

}  // namespace
}  // namespace braid::engine
