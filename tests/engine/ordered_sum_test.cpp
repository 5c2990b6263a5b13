#include "engine/ordered_sum.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace braid::engine {
namespace {

// Notes which units came, by their size.
class Recorder final : public codec::RunningSum {
 public:
  explicit Recorder(std::vector<std::uint64_t>& seen) : seen_(seen) {}

  void add(const codec::Unit& unit, ByteView /*plain*/, codec::Decoded& decoded) override {
    seen_.push_back(unit.size);
    decoded.checksum = seen_.size();
  }

 private:
  std::vector<std::uint64_t>& seen_;
};

constexpr std::size_t window = 12;

struct Units {
  Units() {
    for (std::size_t i = 0; i < window; ++i) {
      units[i].size = i;
      summands[i] = {&units[i], {}, &decoded[i]};
    }
  }

  std::vector<codec::Unit> units{window};
  std::vector<codec::Decoded> decoded{window};
  std::vector<OrderedSum::Summand> summands{window};

  OrderedSum::Summands operator[](std::size_t place) const { return some(place, 1); }

  [[nodiscard]] OrderedSum::Summands some(std::size_t place, std::size_t count) const {
    return std::span(summands).subspan(place, count);
  }
};

// All the places of `run` in a shuffled order.
std::vector<std::size_t> shuffled(unsigned run) {
  std::vector<std::size_t> places(window);
  std::iota(places.begin(), places.end(), 0);
  std::shuffle(places.begin(), places.end(), std::mt19937(run));
  return places;
}

TEST(OrderedSum, takes_units_in_order_whichever_thread_offers_them_when) {
  std::vector<std::uint64_t> seen;
  OrderedSum sum(std::make_unique<Recorder>(seen));
  std::uint64_t first = 0;
  for (unsigned run = 0; run < 100; ++run, first += window) {
    sum.begin(first, window);
    Units units;
    for (std::size_t i = 0; i < window; ++i) units.units[i].size = first + i;
    const auto places = shuffled(run);
    // The units whose place ends a third are not offered: those are for complete() to add.
    auto offer = [&](std::size_t thread) {
      for (std::size_t i = thread; i < window; i += 3) {
        const std::size_t place = places[i];
        if (place % 3 != 2) sum.offer(first + place, units[place]);
      }
    };
    std::vector<std::jthread> threads;
    for (std::size_t thread = 0; thread < 3; ++thread) threads.emplace_back(offer, thread);
    for (std::size_t i = 0; i < window; ++i) {
      sum.complete(units[i], first + i, first + i);
      EXPECT_EQ(units.decoded[i].checksum, first + i + 1);
    }
  }
  ASSERT_EQ(seen.size(), first);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
}

TEST(OrderedSum, leaves_out_units_that_were_joined_with_the_one_before) {
  std::vector<std::uint64_t> seen;
  OrderedSum sum(std::make_unique<Recorder>(seen));
  sum.begin(0, window);
  Units units;
  for (const std::size_t place : {0, 2, 3, 4}) sum.offer(place, units[place]);
  sum.complete(units[0], 0, 0);
  sum.complete(units[1], 1, 3);
  sum.offer(5, units[5]);
  sum.complete(units[4], 4, 4);
  sum.complete(units[5], 5, 5);
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{0, 1, 4, 5}));
}

TEST(OrderedSum, passes_units_that_have_nothing_to_sum_up) {
  std::vector<std::uint64_t> seen;
  OrderedSum sum(std::make_unique<Recorder>(seen));
  sum.begin(7, window);
  Units units;
  units.units[1].size = 8;
  sum.offer(8, units[1]);
  sum.offer(7, {});
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{8}));
}

TEST(OrderedSum, takes_all_that_is_offered_under_one_index_in_its_order) {
  std::vector<std::uint64_t> seen;
  OrderedSum sum(std::make_unique<Recorder>(seen));
  sum.begin(0, window);
  Units units;
  sum.offer(1, units.some(3, 4));
  sum.offer(0, units.some(0, 3));
  sum.complete(units.some(7, 2), 2, 2);
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8}));
}

}  // namespace
}  // namespace braid::engine
