#include "cli/numbers.hpp"

#include <gtest/gtest.h>

namespace braid::cli {
namespace {

TEST(Numbers, read_sizes_with_every_unit) {
  EXPECT_EQ(parse_size("0").value(), 0U);
  EXPECT_EQ(parse_size("12B").value(), 12U);
  EXPECT_EQ(parse_size("64K").value(), 65536U);
  EXPECT_EQ(parse_size("64KiB").value(), 65536U);
  EXPECT_EQ(parse_size("64kb").value(), 64000U);
  EXPECT_EQ(parse_size("1.5G").value(), 1610612736U);
  EXPECT_EQ(parse_size("0.1KB").value(), 100U);
  EXPECT_EQ(parse_size("15E").value(), 15ULL << 60);
  EXPECT_EQ(parse_size("18446744073709551615").value(), UINT64_MAX);
}

TEST(Numbers, refuse_sizes_that_do_not_fit) {
  for (const char* text : {"18446744073709551616", "16E", "15.9999999999E1",
                           "18446744073709551615K", "99999999999999999999P"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
}

TEST(Numbers, refuse_what_is_no_size) {
  for (const char* text : {"", "K", "-1", "+1", "1.", ".5", "1..2", "1KiBi", "1Ki", "1 K", "1Z",
                           "0x10", "1K2", "nan"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
}

TEST(Numbers, read_integers_and_refuse_others) {
  EXPECT_EQ(parse_integer("-131072").value(), -131072);
  for (const char* text : {"", "1x", "9223372036854775808", "--1", "1.0"}) {
    EXPECT_FALSE(parse_integer(text)) << text;
  }
}

TEST(Numbers, print_sizes_for_people) {
  EXPECT_EQ(size_text(0), "0 bytes");
  EXPECT_EQ(size_text(1023), "1023 bytes");
  EXPECT_EQ(size_text(1024), "1.0 KiB");
  EXPECT_EQ(size_text((1 << 20) - 1), "1.0 MiB");
  EXPECT_EQ(size_text(UINT64_MAX), "16.0 EiB");
}

TEST(Numbers, print_ratios_of_nothing) {
  EXPECT_EQ(ratio_text(0, 10), "-");
  EXPECT_EQ(ratio_text(10, 0), "-");
  EXPECT_EQ(ratio_text(10, 45), "4.50x");
  EXPECT_EQ(percent_text(10, 45), "22.2 %");
}

}  // namespace
}  // namespace braid::cli
