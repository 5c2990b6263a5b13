#include <algorithm>

#include "program.hpp"

namespace cli_test {
namespace {

class Bench : public CliTest {};

TEST_F(Bench, measures_one_level_or_several_of_a_format) {
  write("a", sample(50'000));
  const Ran one = braid({"bench", "-F", "zstd", "-3", "--runs", "1", "a"});
  EXPECT_EQ(one.code, 0) << one.err;
  EXPECT_NE(one.out.find("\nzstd          3"), std::string::npos) << one.out;
  EXPECT_EQ(std::count(one.out.begin(), one.out.end(), '\n'), 3) << one.out;
  const Ran all = braid({"bench", "-F", "lz4", "--runs", "1", "-"}, sample(50'000));
  EXPECT_EQ(all.code, 0) << all.err;
  EXPECT_GE(std::count(all.out.begin(), all.out.end(), '\n'), 4) << all.out;
}

TEST_F(Bench, refuses_what_makes_no_sense) {
  write("empty", "");
  EXPECT_EQ(braid({"bench", "empty"}).code, 2);
  EXPECT_EQ(braid({"bench", "a", "b"}).code, 2);
  EXPECT_EQ(braid({"bench", "-F", "zstd", "-99", "--runs", "1"}).code, 2);
  EXPECT_EQ(braid({"bench", "--runs", "0"}).code, 2);
  EXPECT_EQ(braid({"bench", "missing"}).code, 1);
}

}  // namespace
}  // namespace cli_test
