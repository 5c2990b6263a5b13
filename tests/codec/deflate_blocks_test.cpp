// Braid's own deflate encoder, from the search to the blocks.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "codec/deflate/block_codes.hpp"
#include "codec/deflate/block_split.hpp"
#include "codec/deflate/block_writer.hpp"
#include "codec/deflate/common_prefix.hpp"
#include "codec/deflate/engine.hpp"
#include "codec/deflate/entropy.hpp"
#include "codec/deflate/match_parser.hpp"
#include "codec/deflate/stored_blocks.hpp"
#include "deflate_samples.hpp"

namespace braid::codec::deflate {
namespace {

constexpr SearchEffort effort{.attempts = 12, .good_enough = 65};

// The end of the places of `text` that can be looked at.
std::size_t searched(const std::string& text) {
  return text.size() - MatchFinder::reach + 1;
}

std::string digits(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string text(size, '\0');
  for (char& c : text) c = "0123456789abcdef"[random() % 16];
  return text;
}

std::string repeated(std::string_view unit, std::size_t size) {
  std::string text;
  while (text.size() < size) text += unit;
  text.resize(size);
  return text;
}

std::vector<std::string> texts_of(std::size_t size) {
  std::string bytes(size, '\0');
  std::iota(bytes.begin(), bytes.end(), '\0');
  return {std::string(size, 'a'),
          repeated("ab", size),
          repeated("abcdefghi\n", size),
          samples::text(size, 5),
          samples::noise(size, 5),
          digits(size, 5),
          bytes,
          samples::text(size / 2, 6) + samples::noise(size - size / 2, 6)};
}

TEST(DeflateBlocks, every_text_of_every_size_is_restored) {
  std::vector<std::size_t> sizes(300);
  std::iota(sizes.begin(), sizes.end(), 1);
  // About where texts are no longer copied, stored blocks and windows end, places are moved.
  for (const std::size_t edge : {1024, 32768, 65535, 65536, 98304}) {
    for (std::size_t size = edge - 9; size < edge + 9; ++size) sizes.push_back(size);
  }
  const std::unique_ptr<Engine> engine = make_braid_engine(6);
  Buffer out;
  for (const std::size_t size : sizes) {
    for (const std::string& text : texts_of(size)) {
      out.clear();
      if (!engine->append(text, true, false, out).value()) {
        EXPECT_EQ(out.size(), 0U);
        continue;
      }
      EXPECT_LT(out.size(), stored_size(size));
      ASSERT_EQ(samples::inflate_raw(out.view().text(), size), text) << size;
    }
  }
}

TEST(DeflateBlocks, every_level_restores_long_texts) {
  for (int level = 6; level <= 9; ++level) {
    const std::unique_ptr<Engine> engine = make_braid_engine(level);
    Buffer out;
    for (const std::string& text : texts_of(700000)) {
      out.clear();
      if (engine->append(text, true, false, out).value()) {
        ASSERT_EQ(samples::inflate_raw(out.view().text(), text.size()), text) << level;
      }
    }
  }
}

TEST(DeflateBlocks, what_goes_on_ends_with_the_lengths_of_an_empty_block) {
  const std::unique_ptr<Engine> engine = make_braid_engine(6);
  const std::string first = samples::text(50000, 1);
  const std::string second = samples::text(3000, 2);
  Buffer out;
  ASSERT_TRUE(engine->append(first, false, false, out).value());
  constexpr std::array<unsigned char, 4> mark = {0x00, 0x00, 0xff, 0xff};
  EXPECT_TRUE(out.view().drop(out.size() - 4) == ByteView(mark));
  ASSERT_TRUE(engine->append(second, true, false, out).value());
  EXPECT_EQ(samples::inflate_raw(out.view().text(), first.size() + second.size()), first + second);
}

TEST(DeflateBlocks, noise_is_left_to_stored_blocks_and_changes_nothing) {
  const std::unique_ptr<Engine> engine = make_braid_engine(9);
  Buffer out;
  out.append(ByteView("before"));
  EXPECT_FALSE(engine->append(samples::noise(200000, 3), false, false, out).value());
  EXPECT_EQ(out.view().text(), "before");
}

TEST(DeflateBlocks, a_text_makes_the_same_blocks_whatever_came_before_it) {
  const std::string text = samples::text(300000, 7);
  const std::unique_ptr<Engine> fresh = make_braid_engine(7);
  const std::unique_ptr<Engine> used = make_braid_engine(7);
  Buffer expected;
  ASSERT_TRUE(fresh->append(text, true, false, expected).value());
  for (const std::string& before : texts_of(150000)) {
    Buffer out;
    static_cast<void>(used->append(before, true, false, out).value());
    out.clear();
    ASSERT_TRUE(used->append(text, true, false, out).value());
    EXPECT_TRUE(out.view() == expected.view());
  }
}

TEST(DeflateBlocks, a_higher_level_is_smaller) {
  const std::string text = samples::text(600000, 9);
  std::size_t before = SIZE_MAX;
  for (int level = 6; level <= 9; ++level) {
    Buffer out;
    ASSERT_TRUE(make_braid_engine(level)->append(text, true, false, out).value());
    EXPECT_LT(out.size(), before) << level;
    before = out.size();
  }
}

TEST(DeflateBlocks, a_common_prefix_ends_where_bytes_first_differ) {
  const std::string text = samples::noise(prefix_step, 1);
  const ByteView a(text);
  EXPECT_EQ(common_prefix(a.data(), a.data()), prefix_step);
  EXPECT_EQ(portable_common_prefix(a.data(), a.data()), prefix_step);
  for (unsigned first = 0; first < prefix_step; ++first) {
    for (unsigned second = first; second < prefix_step; ++second) {
      std::string other = text;
      other[first] = static_cast<char>(other[first] ^ 0x80);
      if (second != first) other[second] = static_cast<char>(other[second] ^ 1);
      const ByteView b(other);
      EXPECT_EQ(common_prefix(a.data(), b.data()), first);
      EXPECT_EQ(portable_common_prefix(a.data(), b.data()), first);
    }
  }
}

// Noise has no matches by itself. Places are entered ahead of the search, by no more than 322.
TEST(DeflateBlocks, what_stood_as_far_back_as_places_reach_is_found) {
  const std::string unit = samples::noise(40, 1);
  for (const std::size_t distance : {40U, 1000U, 32767U - 322U}) {
    const std::string text =
        unit + samples::noise(distance - unit.size(), 2) + unit + samples::noise(100, 3);
    MatchFinder finder;
    finder.begin(text, searched(text), effort);
    Match match = finder.find(distance);
    static_cast<void>(finder.lengthen(distance, match));
    EXPECT_EQ(match.length, unit.size());
    EXPECT_EQ(match.distance, distance);
  }
}

TEST(DeflateBlocks, nothing_farther_back_than_the_format_allows_is_found) {
  const std::string unit = samples::noise(40, 1);
  const std::string text = unit + samples::noise(32769 - 40, 2) + unit + samples::noise(100, 3);
  MatchFinder finder;
  finder.begin(text, searched(text), effort);
  EXPECT_LT(finder.find(32769).length, 4U);
}

TEST(DeflateBlocks, a_longer_match_farther_back_is_found_and_one_that_begins_a_byte_later) {
  const std::string text = "..abcdefghXYZ..abcd12..bcdefghXYZW..abcdefghXYZW;;;;;;;;;;;;;;;;;;;;;;";
  MatchFinder finder;
  finder.begin(text, searched(text), effort);
  const std::size_t at = text.rfind("abcdefgh");
  Match match = finder.find(at);
  EXPECT_EQ(match.length, 4U);  // the nearest
  const Match later = finder.lengthen(at, match);
  EXPECT_EQ(match.length, 11U);
  EXPECT_EQ(match.distance, at - text.find("abcdefgh"));
  EXPECT_EQ(later.length, 11U);
  EXPECT_EQ(later.distance, at + 1 - text.find("bcdefghXYZW"));
}

TEST(DeflateBlocks, sequences_stand_for_the_text_and_are_counted) {
  for (const std::string& text : texts_of(500000)) {
    MatchParser parser;
    Parsed parsed;
    std::string restored;
    parser.begin(text, effort);
    do {
      parser.parse(parsed);
      ASSERT_LE(parsed.stretches.size(), MatchParser::most_stretches);
      std::size_t begin = 0;
      for (const Stretch& stretch : parsed.stretches) {
        SymbolCounts counts;
        counts.literals[end_of_block] = 1;
        const std::size_t from = restored.size();
        for (; begin < stretch.end; ++begin) {
          const Sequence& sequence = parsed.sequences[begin];
          for (std::uint32_t i = 0; i < sequence.literals; ++i) {
            ++counts.literals[static_cast<unsigned char>(text[restored.size()])];
            restored += text[restored.size()];
          }
          if (sequence.length == 0) continue;
          ++counts.literals[length_symbols[sequence.length]];
          ++counts.distances[distance_symbol(sequence.distance)];
          ASSERT_LE(sequence.distance, restored.size());
          for (unsigned i = 0; i < sequence.length; ++i) {
            restored += restored[restored.size() - sequence.distance];
          }
        }
        EXPECT_EQ(stretch.plain_size, restored.size() - from);
        EXPECT_EQ(stretch.counts.literals, counts.literals);
        EXPECT_EQ(stretch.counts.distances, counts.distances);
      }
      ASSERT_EQ(begin, parsed.sequences.size());
    } while (!parser.at_end());
    EXPECT_TRUE(restored == text);
  }
}

TEST(DeflateBlocks, digits_are_not_matched_where_literals_take_less) {
  const std::string text = digits(200000, 4);
  Buffer out;
  ASSERT_TRUE(make_braid_engine(6)->append(text, true, false, out).value());
  EXPECT_LT(out.size(), text.size() / 2 + text.size() / 100);  // four bits each
}

TEST(DeflateBlocks, symbols_belong_to_their_ranges) {
  for (unsigned length = shortest_match; length <= longest_match; ++length) {
    const SymbolRange& range = length_ranges[length_symbols[length] - first_length_symbol];
    EXPECT_LE(range.base, length);
    EXPECT_LT(length - range.base, 1U << range.extra_bits);
  }
  EXPECT_EQ(length_symbols[258], 285);  // not 284 with 31 more
  for (unsigned distance = 1; distance <= max_distance; ++distance) {
    const SymbolRange& range = distance_ranges[distance_symbol(distance)];
    ASSERT_LE(range.base, distance);
    ASSERT_LT(distance - range.base, 1U << range.extra_bits);
  }
}

SymbolCounts random_counts(std::mt19937& random) {
  SymbolCounts counts;
  const unsigned sparsity = 1 + static_cast<unsigned>(random() % 12);
  for (auto& count : counts.literals) {
    if (random() % sparsity == 0) count = 1U << (random() % 18);
  }
  for (auto& count : counts.distances) {
    if (random() % sparsity == 0) count = 1U << (random() % 18);
  }
  counts.literals[end_of_block] = 1;
  return counts;
}

TEST(DeflateBlocks, headers_are_read_back_as_they_were_written_and_as_long_as_they_said) {
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    const SymbolCounts counts =
        round == 0 ? SymbolCounts{.literals = {}, .distances = {}} : random_counts(random);
    const CodeLengths lengths = optimal_lengths(counts);
    const DynamicHeader header(lengths);
    std::array<std::byte, 512> out{};
    BitWriter bits(out.data());
    bits.add(4, type_bits);  // dynamic, not the last
    header.write(bits);
    std::byte* const end = bits.align();
    CodeLengths read;
    const BitView view(ByteView(out.data(), static_cast<std::size_t>(end - out.data())));
    if (counts.literals[end_of_block] != 0) {
      ASSERT_EQ(read_dynamic_header(view, type_bits, read), type_bits + header.bits());
      EXPECT_EQ(read.literals, lengths.literals);
      EXPECT_EQ(read.distances, lengths.distances);
    }
    EXPECT_EQ((type_bits + header.bits() + 7) / 8, static_cast<std::size_t>(end - out.data()));
  }
}

TEST(DeflateBlocks, stretches_that_are_alike_are_joined_and_others_are_not) {
  const auto stretch = [](unsigned first, unsigned last, std::size_t end) {
    Stretch made;
    for (unsigned i = first; i < last; ++i) made.counts.literals[i] = 100;
    made.counts.literals[end_of_block] = 1;
    made.end = end;
    made.plain_size = 100 * (last - first);
    return made;
  };
  std::vector<Stretch> stretches = {stretch(0, 40, 1), stretch(0, 40, 2), stretch(200, 240, 3),
                                    stretch(200, 240, 4), stretch(200, 240, 5)};
  join_stretches(stretches);
  ASSERT_EQ(stretches.size(), 2U);
  EXPECT_EQ(stretches[0].end, 2U);
  EXPECT_EQ(stretches[0].plain_size, 8000U);
  EXPECT_EQ(stretches[0].counts.literals[3], 200U);
  EXPECT_EQ(stretches[0].counts.literals[end_of_block], 1U);
  EXPECT_EQ(stretches[1].end, 5U);
  EXPECT_EQ(stretches[1].counts.literals[210], 300U);
}

TEST(DeflateBlocks, logarithms_are_right_to_a_thousandth_of_a_bit) {
  for (std::uint32_t n = 1; n < 1U << 22; n += 1 + n / 50) {
    const double exact = n * std::log2(static_cast<double>(n));
    const double got = static_cast<double>(count_log_count(n)) / (1 << cost_bits);
    EXPECT_NEAR(got / n, exact / n, 0.001) << n;
  }
  EXPECT_EQ(count_log_count(0), 0U);
}

}  // namespace
}  // namespace braid::codec::deflate
