#include <gtest/gtest.h>

#include "tests/codec/seam.hpp"

namespace braid::codec {
namespace {

using test::decode;
using test::decode_parts;
using test::encode;
using test::sample;

CompressionConfig small_chunks() {
  return CompressionConfig(Algorithm::zstd).chunk_size(64 << 10);
}

std::string packed(const CompressionConfig& config, ByteView input) {
  return encode(config, input).value();
}

TEST(ZstdUnits, every_frame_is_a_unit_and_the_table_none) {
  const std::string input = sample(500'000);
  for (const std::size_t reach : {std::size_t{1000}, std::size_t{1} << 20}) {
    const auto parts =
        decode_parts(Algorithm::zstd, packed(small_chunks(), input), {}, reach, true);
    ASSERT_TRUE(parts) << parts.error().text();
    EXPECT_TRUE(parts->plain == input);
    EXPECT_EQ(parts->units, 8U);
    EXPECT_EQ(parts->frames, 1U);
    EXPECT_EQ(parts->sequential, 0U);
  }
}

TEST(ZstdUnits, what_may_be_the_only_frame_is_read_in_sequence_and_the_others_in_parts) {
  const std::string input = sample(500'000);
  const auto parts = decode_parts(Algorithm::zstd, packed(small_chunks(), input), {}, 1000);
  ASSERT_TRUE(parts) << parts.error().text();
  EXPECT_TRUE(parts->plain == input);
  EXPECT_EQ(parts->units, 7U);
  EXPECT_EQ(parts->sequential, 1U);
}

TEST(ZstdUnits, a_file_of_one_frame_is_not_looked_through_for_its_end) {
  const auto single = CompressionConfig(Algorithm::zstd).layout(Layout::single);
  const std::string bytes = packed(single, sample(2'000'000));
  const test::MemoryFile file(bytes);
  auto splitter = format(Algorithm::zstd).make_splitter();
  splitter->look_at(file, bytes.size());
  EXPECT_EQ(splitter->next(ByteView(bytes).first(100), false).kind, Split::Kind::sequential);
  EXPECT_LT(file.read(), 200U);
}

TEST(ZstdUnits, frames_without_a_stored_size_are_units_too) {
  const std::string input = sample(300'000);
  const auto single = CompressionConfig(Algorithm::zstd).layout(Layout::single);
  const std::string bytes = packed(single, input) + packed(single, "tail");
  const auto parts = decode_parts(Algorithm::zstd, bytes);
  ASSERT_TRUE(parts) << parts.error().text();
  EXPECT_TRUE(parts->plain == input + "tail");
  EXPECT_EQ(parts->units, 2U);
}

TEST(ZstdUnits, a_frame_that_is_everything_is_read_in_sequence) {
  const auto parts = decode_parts(Algorithm::zstd, packed(small_chunks(), "alone"));
  EXPECT_EQ(parts.value().plain, "alone");
  EXPECT_EQ(parts.value().sequential, 1U);
}

TEST(ZstdUnits, a_frame_too_large_to_hold_is_read_in_sequence) {
  // Run-length blocks: 80 MiB of zeros in a few kilobytes, without a stored size.
  const auto single = CompressionConfig(Algorithm::zstd).layout(Layout::single);
  const std::string bytes = packed(single, std::string(80 << 20, '\0')) + packed(single, "tail");
  const auto parts = decode_parts(Algorithm::zstd, bytes);
  ASSERT_TRUE(parts) << parts.error().text();
  EXPECT_EQ(parts->plain.size(), (80U << 20) + 4);
  EXPECT_EQ(parts->sequential, 1U);
  EXPECT_EQ(parts->units, 1U);
}

TEST(ZstdUnits, a_claimed_size_its_blocks_cannot_hold_is_not_made_room_for) {
  const std::string liar("\x28\xb5\x2f\xfd\xa0\xff\xff\xff\x0f\1\0\0", 12);  // 256 MiB, one block
  auto splitter = format(Algorithm::zstd).make_splitter();
  EXPECT_EQ(splitter->next(liar, true).kind, Split::Kind::sequential);
}

TEST(ZstdUnits, a_table_that_lies_changes_nothing) {
  const std::string input = sample(200'000);
  std::string bytes = packed(small_chunks(), input);
  bytes[bytes.size() - 20] = static_cast<char>(bytes[bytes.size() - 20] + 1);
  EXPECT_TRUE(decode_parts(Algorithm::zstd, bytes).value().plain == input);
}

TEST(ZstdUnits, limits_hold_for_units_as_for_streams) {
  const auto config = CompressionConfig(Algorithm::zstd).layout(Layout::single).window_log(20);
  const std::string bytes = packed(config, sample(1000)) + packed(config, sample(1000));
  const auto parts = decode_parts(Algorithm::zstd, bytes, {.memory_limit = 1 << 19});
  ASSERT_FALSE(parts);
  EXPECT_EQ(parts.error().code, Errc::memory_limit);
}

TEST(ZstdUnits, reads_with_a_dictionary) {
  const std::string dictionary = sample(30'000, 5);
  const std::string input = sample(200'000, 5);
  const std::string bytes = packed(small_chunks().dictionary(dictionary), input);
  EXPECT_TRUE(decode_parts(Algorithm::zstd, bytes, {.dictionary = dictionary}).value().plain ==
              input);
  EXPECT_FALSE(decode_parts(Algorithm::zstd, bytes));
}

TEST(ZstdUnits, damage_is_judged_as_by_the_stream) {
  const std::string input = sample(3000);
  const std::string bytes = packed(CompressionConfig(Algorithm::zstd).chunk_size(1024), input);
  for (std::size_t bit = 0; bit < bytes.size() * 8; bit += 5) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const auto parts = decode_parts(Algorithm::zstd, damaged);
    const auto stream = decode(Algorithm::zstd, damaged);
    ASSERT_EQ(parts.has_value(), stream.has_value()) << bit;
    if (parts) {
      EXPECT_TRUE(parts->plain == *stream) << bit;
    }
  }
}

TEST(ZstdUnits, truncation_is_refused_everywhere) {
  const std::string bytes =
      packed(CompressionConfig(Algorithm::zstd).chunk_size(1024), sample(3000));
  std::size_t accepted = 0;
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    const auto parts = decode_parts(Algorithm::zstd, ByteView(bytes).first(size));
    const auto stream = decode(Algorithm::zstd, ByteView(bytes).first(size));
    ASSERT_EQ(parts.has_value(), stream.has_value()) << size;
    if (parts) ++accepted;
  }
  EXPECT_EQ(accepted, 3U);  // exactly behind each of the three frames
}

}  // namespace
}  // namespace braid::codec
