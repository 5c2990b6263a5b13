#include "codec/code_lengths.hpp"

#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace braid::codec {
namespace {

TEST(CodeLengths, codes_are_complete_within_their_limit_and_only_for_what_occurs) {
  std::mt19937 random(2);
  for (const unsigned longest : {7U, 15U, 17U}) {
    for (int round = 0; round < 200; ++round) {
      std::vector<std::uint32_t> frequencies(longest == 7 ? 19 : 286);
      for (auto& f : frequencies) f = random() % 3 == 0 ? 0 : 1U << (random() % 22);
      std::vector<std::uint8_t> lengths(frequencies.size());
      make_code_lengths(frequencies, longest, lengths);
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < lengths.size(); ++i) {
        ASSERT_EQ(lengths[i] == 0, frequencies[i] == 0);
        ASSERT_LE(lengths[i], longest);
        if (lengths[i] != 0) sum += 1ULL << (longest - lengths[i]);
      }
      EXPECT_EQ(sum, 1ULL << longest);
    }
  }
}

TEST(CodeLengths, one_symbol_takes_a_bit_and_none_takes_nothing) {
  std::vector<std::uint32_t> frequencies(30);
  std::vector<std::uint8_t> lengths(30, 9);
  make_code_lengths(frequencies, 15, lengths);
  EXPECT_EQ(std::count(lengths.begin(), lengths.end(), 0), 30);
  frequencies[7] = 5;
  make_code_lengths(frequencies, 15, lengths);
  EXPECT_EQ(lengths[7], 1);
  EXPECT_EQ(std::count(lengths.begin(), lengths.end(), 0), 29);
}

}  // namespace
}  // namespace braid::codec
