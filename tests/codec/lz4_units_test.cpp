#include <gtest/gtest.h>

#include "tests/codec/seam.hpp"

namespace braid::codec {
namespace {

using test::decode;
using test::decode_parts;
using test::encode;
using test::noise;
using test::sample;

CompressionConfig lz4() {
  return CompressionConfig(Algorithm::lz4);
}

CompressionConfig small_blocks() {
  return lz4().set(Knob::block_size, 64 << 10);
}

std::string packed(const CompressionConfig& config, ByteView input) {
  return encode(config, input).value();
}

TEST(Lz4Units, large_blocks_are_units_and_small_ones_share_one) {
  const std::string input = sample(9 << 20);
  for (const std::size_t reach : {std::size_t{100'000}, std::size_t{64} << 20}) {
    const auto large = decode_parts(Algorithm::lz4, packed(lz4(), input), {}, reach);
    ASSERT_TRUE(large) << large.error().text();
    EXPECT_TRUE(large->plain == input);
    EXPECT_EQ(large->units, 3U);
    EXPECT_EQ(large->frames, 2U);
    EXPECT_EQ(large->sequential, 0U);
    const auto small = decode_parts(Algorithm::lz4, packed(small_blocks(), input), {}, reach);
    ASSERT_TRUE(small) << small.error().text();
    EXPECT_TRUE(small->plain == input);
    EXPECT_EQ(small->units, 9U);
  }
}

TEST(Lz4Units, sums_and_sizes_are_verified_in_order) {
  const std::string input = sample(300'000) + noise(300'000);
  for (const auto& config :
       {small_blocks().set(Knob::block_checksum, 1), small_blocks().content_size(true)}) {
    const std::string bytes = encode(config, input, {.content_size = input.size()}).value();
    EXPECT_TRUE(decode_parts(Algorithm::lz4, bytes + bytes).value().plain == input + input);
    std::string damaged = bytes;
    damaged.back() = static_cast<char>(damaged.back() ^ 1);
    EXPECT_EQ(decode_parts(Algorithm::lz4, damaged).error().code, Errc::checksum_mismatch);
  }
}

TEST(Lz4Units, linked_blocks_are_read_in_sequence) {
  const std::string input = sample(300'000);
  const std::string bytes =
      packed(small_blocks().set(Knob::linked_blocks, 1), input) + packed(small_blocks(), "tail");
  const auto parts = decode_parts(Algorithm::lz4, bytes);
  ASSERT_TRUE(parts) << parts.error().text();
  EXPECT_TRUE(parts->plain == input + "tail");
  EXPECT_EQ(parts->sequential, 1U);
  EXPECT_EQ(parts->units, 1U);
}

TEST(Lz4Units, legacy_and_skippable_frames_are_cut_too) {
  std::string old("\x02\x21\x4c\x18\x08\0\0\0\x70legacy!", 16);
  const std::string skippable("\x53\x2a\x4d\x18\x02\0\0\0hi", 10);
  const std::string bytes = old + skippable + packed(lz4(), "new") + old + old;
  for (const std::size_t reach : {std::size_t{20}, std::size_t{1} << 20}) {
    const auto parts = decode_parts(Algorithm::lz4, bytes, {}, reach);
    ASSERT_TRUE(parts) << parts.error().text();
    EXPECT_EQ(parts->plain, "legacy!newlegacy!legacy!");
    EXPECT_EQ(parts->sequential, 0U);
  }
}

TEST(Lz4Units, reads_with_a_dictionary) {
  const std::string dictionary = sample(30'000, 5);
  const std::string input = sample(200'000, 5);
  const std::string bytes = packed(small_blocks().dictionary(dictionary), input);
  EXPECT_TRUE(decode_parts(Algorithm::lz4, bytes, {.dictionary = dictionary}).value().plain ==
              input);
  EXPECT_FALSE(decode_parts(Algorithm::lz4, bytes));
}

TEST(Lz4Units, a_block_may_hold_less_than_there_is_room_for) {
  const std::string input = sample(10'000);
  const std::string bytes = packed(lz4(), input);
  const Format& row = format(Algorithm::lz4);
  auto splitter = row.make_splitter();
  const Unit header = splitter->next(bytes, true).unit;
  const ByteView rest = ByteView(bytes).drop(header.size);
  const Unit block = splitter->next(rest, true).unit;
  auto decoder = row.make_unit_decoder({}).value();
  test::GrowingTarget exact(10'000);
  ASSERT_TRUE(decoder->decode(rest.first(block.size), block, exact));
  EXPECT_TRUE(exact.view() == ByteView(input));
  test::GrowingTarget tight(9'999);
  EXPECT_EQ(decoder->decode(rest.first(block.size), block, tight).error().code, Errc::output_limit);
}

TEST(Lz4Units, limits_hold_for_units_as_for_streams) {
  const auto parts =
      decode_parts(Algorithm::lz4, packed(lz4(), sample(1000)), {.memory_limit = 1 << 20});
  ASSERT_FALSE(parts);
  EXPECT_EQ(parts.error().code, Errc::memory_limit);
}

TEST(Lz4Units, damage_is_judged_as_by_the_stream) {
  const std::string bytes =
      packed(small_blocks().set(Knob::block_checksum, 1).content_size(true), sample(700));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const auto parts = decode_parts(Algorithm::lz4, damaged);
    const auto stream = decode(Algorithm::lz4, damaged);
    ASSERT_EQ(parts.has_value(), stream.has_value()) << bit;
  }
}

TEST(Lz4Units, truncation_is_refused_everywhere) {
  const std::string bytes = packed(small_blocks(), sample(140'000));
  for (std::size_t size = 1; size < bytes.size(); size += size < 200 ? 1 : 97) {
    const auto parts = decode_parts(Algorithm::lz4, ByteView(bytes).first(size));
    ASSERT_FALSE(parts) << size;
    EXPECT_EQ(parts.error().code, Errc::truncated) << size;
  }
}

TEST(Lz4Units, the_verifier_tells_of_the_streams_it_saw) {
  const std::string bytes = packed(lz4(), "one");
  auto splitter = format(Algorithm::lz4).make_splitter();
  auto verifier = format(Algorithm::lz4).make_verifier({});
  const auto sum = format(Algorithm::lz4).make_running_sum();
  ByteView rest(bytes);
  for (int i = 0; i < 3; ++i) {
    const Unit unit = splitter->next(rest, true).unit;
    const bool data = unit.kind == Unit::Kind::data;
    const ByteView plain(data ? "one" : "");
    Decoded decoded{.plain_size = plain.size()};
    if (data) sum->add(unit, plain, decoded);
    ASSERT_TRUE(verifier->add(unit, rest.first(unit.size), decoded, plain));
    rest = rest.drop(unit.size);
  }
  ASSERT_TRUE(verifier->finish());
  StreamInfo info;
  verifier->describe(info);
  EXPECT_EQ(info.streams, 1U);
  EXPECT_EQ(info.check, "XXH32");
}

TEST(Lz4Units, hints_at_the_plain_size_without_trusting_it) {
  const Format& row = format(Algorithm::lz4);
  const std::string input = sample(200'000);
  EXPECT_EQ(
      row.plain_size_hint(
          encode(small_blocks().content_size(true), input, {.content_size = input.size()}).value()),
      input.size());
  EXPECT_GE(row.plain_size_hint(packed(small_blocks(), input)), input.size());
  EXPECT_LE(row.plain_size_hint(packed(small_blocks(), "x")), 255U);
}

}  // namespace
}  // namespace braid::codec
