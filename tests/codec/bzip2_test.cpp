#include "bzip2_support.hpp"

namespace braid::codec::bzip2::testing {
namespace {

TEST(Bzip2, reference_reads_what_it_writes) {
  for (const auto& [name, plain] : samples()) {
    const std::string packed = compress(plain, 1);
    std::string back;
    EXPECT_TRUE(reference_decompress(packed, back, plain.size() + 1)) << name;
    EXPECT_TRUE(back == plain) << name;
  }
}

TEST(Bzip2, reads_what_it_writes) {
  for (const auto& [name, plain] : samples()) {
    const auto back = decompress(compress(plain, 1));
    ASSERT_TRUE(back) << name << ": " << back.error().text();
    EXPECT_TRUE(*back == plain) << name;
  }
}

TEST(Bzip2, reads_what_the_reference_writes) {
  for (const auto& [name, plain] : samples()) {
    const auto back = decompress(reference_compress(plain, 1));
    ASSERT_TRUE(back) << name << ": " << back.error().text();
    EXPECT_TRUE(*back == plain) << name;
  }
}

TEST(Bzip2, every_level_goes_both_ways) {
  const std::string plain = prose(350'000) + random_bytes(100'000, 7);
  for (int level = 1; level <= 9; ++level) {
    const std::string packed = compress(plain, level);
    EXPECT_EQ(packed.substr(0, 4), "BZh" + std::to_string(level));
    std::string back;
    EXPECT_TRUE(reference_decompress(packed, back, plain.size() + 1)) << level;
    EXPECT_TRUE(back == plain) << level;
    const auto own = decompress(reference_compress(plain, level));
    ASSERT_TRUE(own) << level << ": " << own.error().text();
    EXPECT_TRUE(*own == plain) << level;
  }
}

TEST(Bzip2, is_at_most_half_a_percent_larger_than_the_reference) {
  for (const std::string& plain : {prose(1'500'000), random_bytes(300'000, 256),
                                   random_bytes(300'000, 20), fibonacci(100'000)}) {
    const auto ours = static_cast<double>(compress(plain, 9).size());
    const auto theirs = static_cast<double>(reference_compress(plain, 9).size());
    EXPECT_LE(ours, theirs * 1.005 + 20);
  }
}

TEST(Bzip2, an_empty_stream_has_fourteen_bytes) {
  EXPECT_EQ(compress("", 9).size(), 14U);
}

}  // namespace
}  // namespace braid::codec::bzip2::testing
