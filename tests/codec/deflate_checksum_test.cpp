#include <random>
#include <string>

#include <gtest/gtest.h>

#include "codec/deflate/checksum.hpp"
#include "codec/deflate/detect.hpp"

namespace braid::codec::deflate {
namespace {

std::string noise(std::size_t size) {
  std::mt19937 random(7);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

// RFC 1952 section 8 and RFC 1950 section 8 in their plainest form.
std::uint32_t slow_crc32(std::string_view text) {
  std::uint32_t sum = 0xffffffffU;
  for (const char c : text) {
    sum ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) sum = (sum & 1U) != 0 ? (sum >> 1) ^ 0xedb88320U : sum >> 1;
  }
  return ~sum;
}

std::uint32_t slow_adler32(std::string_view text) {
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const char c : text) {
    a = (a + static_cast<unsigned char>(c)) % 65521;
    b = (b + a) % 65521;
  }
  return (b << 16) | a;
}

TEST(DeflateChecksum, agrees_with_the_definition) {
  const std::string text = noise(10000);
  EXPECT_EQ(crc32(crc32_of_nothing, text), slow_crc32(text));
  EXPECT_EQ(adler32(adler32_of_nothing, text), slow_adler32(text));
}

TEST(DeflateChecksum, goes_on_from_a_sum_even_with_nothing) {
  EXPECT_EQ(crc32(123, ByteView()), 123U);
  EXPECT_EQ(adler32(123, ByteView()), 123U);
}

TEST(DeflateChecksum, combines_two_runs_of_any_length) {
  const std::string text = noise(200000);
  for (const std::size_t cut : {0UL, 1UL, 65520UL, 65521UL, 65522UL, 199999UL, 200000UL}) {
    const ByteView first = ByteView(text).first(cut);
    const ByteView second = ByteView(text).drop(cut);
    EXPECT_EQ(combine_crc32(crc32(0, first), crc32(0, second), second.size()), slow_crc32(text));
    EXPECT_EQ(combine_adler32(adler32(1, first), adler32(1, second), second.size()),
              slow_adler32(text));
  }
}

TEST(DeflateDetect, tells_the_three_formats_apart) {
  const std::string gzip("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x03\x00", 12);
  const std::string zlib("\x78\x9c\x03\x00\x00\x00\x00\x01", 8);
  EXPECT_EQ(detect_gzip(gzip), 90);
  EXPECT_EQ(detect_zlib(gzip), 0);
  EXPECT_EQ(detect_raw(gzip), 0);
  EXPECT_EQ(detect_zlib(zlib), 60);
  EXPECT_EQ(detect_gzip(zlib), 0);
}

TEST(DeflateDetect, refuses_reserved_flags_and_block_types) {
  EXPECT_EQ(detect_gzip(std::string("\x1f\x8b\x08\x20\x00\x00\x00\x00\x00\xff", 10)), 0);
  EXPECT_EQ(detect_zlib(std::string("\x78\x9c\x07\x00", 4)), 0);
  EXPECT_EQ(detect_raw(std::string("\x01\x05\x00\xfa\xfe", 5)), 0);
  EXPECT_EQ(detect_raw(std::string("\x01\x05\x00\xfa\xff", 5)), 30);
}

}  // namespace
}  // namespace braid::codec::deflate
