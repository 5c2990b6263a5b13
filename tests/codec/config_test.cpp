#include <braid/config.hpp>

#include <gtest/gtest.h>

namespace braid {
namespace {

TEST(Config, refuses_a_setting_the_format_lacks_by_name) {
  const auto result = CompressionConfig(Algorithm::none).window_log(20).validate();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::invalid_argument);
  EXPECT_NE(result.error().message.find("window_log"), std::string::npos);
}

TEST(Config, refuses_a_value_out_of_range_by_name) {
  const auto result = CompressionConfig(Algorithm::none).chunk_size(0).validate();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::invalid_argument);
  EXPECT_NE(result.error().message.find("chunk_size"), std::string::npos);
}

TEST(Config, refuses_a_level_the_format_lacks) {
  EXPECT_FALSE(CompressionConfig(Algorithm::none).level(1).validate());
  EXPECT_TRUE(CompressionConfig(Algorithm::none).validate());
}

}  // namespace
}  // namespace braid
