#include "engine/frontier_pace.hpp"

#include <gtest/gtest.h>

namespace braid::engine {
namespace {

constexpr std::uint64_t packed = 1 << 20;
constexpr std::uint64_t ms = 1'000'000;

// Of data with `ratio` plain bytes a packed one.
void advance(FrontierPace& pace, std::uint64_t ratio, std::uint64_t ns = ms) {
  pace.advanced(packed, ratio * packed, ns);
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

  FrontierPace told(2);
  told.expect(1000, 3000);
  EXPECT_TRUE(told.looks_ahead());
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
  pace.hit();
  EXPECT_TRUE(pace.tries(1));
  EXPECT_FALSE(pace.caller_leads());
}

TEST(FrontierPace, the_caller_leads_where_nothing_is_ahead_and_writing_takes_little) {
  FrontierPace pace(2);
  for (int i = 0; i < 10; ++i) {
    advance(pace, 100, ms);
    pace.wrote(ms / 20);
  }
  EXPECT_TRUE(pace.caller_leads());
  for (int i = 0; i < 10; ++i) {
    advance(pace, 100, ms);
    pace.wrote(ms / 2);
  }
  EXPECT_FALSE(pace.caller_leads());
  for (int i = 0; i < 100; ++i) advance(pace, 100, ms);
  EXPECT_TRUE(pace.caller_leads());
}

}  // namespace
}  // namespace braid::engine
