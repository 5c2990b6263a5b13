#include <gtest/gtest.h>

#include "base/byte_order.hpp"
#include "tests/codec/seam.hpp"

namespace braid::codec {
namespace {

using test::decode;
using test::encode;
using test::noise;
using test::sample;

CompressionConfig small_chunks() {
  return CompressionConfig(Algorithm::zstd).chunk_size(64 << 10);
}

std::string packed(const CompressionConfig& config, ByteView input) {
  return encode(config, input).value();
}

void expect_round_trip(const CompressionConfig& config, ByteView input) {
  const auto bytes = encode(config, input);
  ASSERT_TRUE(bytes) << bytes.error().text();
  const auto plain = decode(Algorithm::zstd, *bytes);
  ASSERT_TRUE(plain) << plain.error().text();
  EXPECT_TRUE(*plain == input.text());
}

TEST(Zstd, restores_every_level) {
  const std::string input = sample(300'000);
  for (const int level : {-(1 << 17), -100, -7, -1, 0, 1, 2, 3, 6, 9, 12, 15, 17, 19, 22}) {
    SCOPED_TRACE(level);
    expect_round_trip(CompressionConfig(Algorithm::zstd).level(level).chunk_size(100'000), input);
    expect_round_trip(CompressionConfig(Algorithm::zstd).level(level).layout(Layout::single),
                      input);
  }
}

TEST(Zstd, restores_every_shape_of_input) {
  for (const std::string& input : {std::string(), std::string("x"), std::string(500'000, '\0'),
                                   noise(300'000), sample(65536), sample(65537), sample(131072)}) {
    SCOPED_TRACE(input.size());
    expect_round_trip(small_chunks(), input);
    expect_round_trip(CompressionConfig(Algorithm::zstd).layout(Layout::single), input);
  }
}

TEST(Zstd, writes_a_seek_table_behind_more_than_one_frame) {
  const std::string input = sample(200'000);
  const std::string bytes = packed(small_chunks(), input);
  const auto at = [&](std::size_t from_end) {
    return base::load_le<std::uint32_t>(ByteView(bytes).data() + bytes.size() - from_end);
  };
  EXPECT_EQ(at(4), 0x8F92EAB1U);
  ASSERT_EQ(at(9), 4U);  // frames
  const std::size_t table = 8 + 4 * 8 + 9;
  EXPECT_EQ(at(table), 0x184D2A5EU);
  EXPECT_EQ(at(table - 4), table - 8);
  std::size_t compressed = 0;
  std::size_t plain = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    compressed += at(table - 8 - 8 * i);
    plain += at(table - 12 - 8 * i);
  }
  EXPECT_EQ(compressed + table, bytes.size());
  EXPECT_EQ(plain, input.size());
}

TEST(Zstd, writes_a_plain_frame_when_there_is_one_chunk) {
  const std::string bytes = packed(small_chunks(), sample(1000));
  EXPECT_EQ(bytes.find("\xb1\xea\x92\x8f"), std::string::npos);
}

}  // namespace
}  // namespace braid::codec
