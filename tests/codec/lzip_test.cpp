#include <braid/braid.hpp>

#include <gtest/gtest.h>

#include "codec/lzma/lzip_format.hpp"
#include "tests/codec/seam.hpp"

namespace braid::codec::test {
namespace {

CompressionConfig lzip() {
  return CompressionConfig(Algorithm::lzip).level(0);
}

std::string member(const std::string& plain) {
  return encode(lzip(), plain).value();
}

TEST(Lzip, states_dictionaries_that_hold_what_was_asked_for) {
  using lzma::lzip::code_of;
  using lzma::lzip::dictionary_of;
  for (const std::uint32_t size : {4096U, 4097U, 6000U, 65536U, 5'000'000U, 48U << 20, 1U << 29}) {
    const auto stated = dictionary_of(code_of(size));
    ASSERT_TRUE(stated) << size;
    EXPECT_GE(*stated, size);
    EXPECT_LE(*stated, size + size / 7 + 1) << size;
  }
  EXPECT_FALSE(dictionary_of(11));
  EXPECT_FALSE(dictionary_of(30));
  EXPECT_FALSE(dictionary_of(12 | (1 << 5)));  // less than the least
}

TEST(Lzip, members_are_cut_where_their_sizes_agree_and_nowhere_else) {
  const std::string first = sample(30'000);
  // A member in the plain bytes of another, stored as they are: a header that belongs to no one.
  const std::string second = member("inside") + member("another");
  const std::string packed = member(first) + member(second) + member("") + member("last");
  auto parts = decode_parts(Algorithm::lzip, packed);
  ASSERT_TRUE(parts) << parts.error().text();
  EXPECT_EQ(parts->plain, first + second + "last");
  EXPECT_EQ(parts->units, 4U);
  EXPECT_EQ(parts->sequential, 0U);
}

TEST(Lzip, a_member_that_lies_about_its_size_is_refused_as_in_sequence) {
  std::string packed = member("one") + member("two");
  const std::size_t size = member("one").size();
  for (std::size_t at = size - 20; at < size; ++at) {
    std::string bad = packed;
    bad[at] = static_cast<char>(bad[at] ^ 4);
    for (const unsigned threads : {1U, 2U}) {
      Engine engine({.threads = threads});
      auto plain = ParallelCompressor(engine).decompress(ByteView(bad));
      ASSERT_FALSE(plain) << at;
      EXPECT_EQ(plain.error().code, Errc::checksum_mismatch) << at;
      EXPECT_EQ(plain.error().offset, size - 20) << at;
    }
  }
}

TEST(Lzip, a_dictionary_beyond_the_limit_is_refused_before_it_is_allocated) {
  std::string packed = member("text");
  packed[5] = 29;  // 512 MiB
  auto plain = decompress(ByteView(packed), {.memory_limit = 64 << 20});
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().code, Errc::memory_limit);
}

TEST(Lzip, version_0_is_refused_by_name) {
  std::string packed = member("text");
  packed[4] = 0;
  auto plain = decompress(ByteView(packed), {.algorithm = Algorithm::lzip});
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().code, Errc::unsupported_feature);
}

}  // namespace
}  // namespace braid::codec::test
