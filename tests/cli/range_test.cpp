#include "program.hpp"

namespace cli_test {
namespace {

class Range : public CliTest {
 protected:
  // Three mebibytes that differ from place to place.
  static std::string content() {
    std::string text;
    for (unsigned i = 0; text.size() < (3U << 20); ++i) text += std::to_string(i * 7919U) + '\n';
    return text;
  }

  void SetUp() override {
    CliTest::SetUp();
    write("a", plain_);
  }

  const std::string plain_ = content();
};

TEST_F(Range, is_what_stands_there_with_an_index_without_and_from_a_pipe) {
  for (const char* format : {"gzip", "zstd", "lz4", "xz", "bzip2"}) {
    ASSERT_EQ(braid({"-k", "-F", format, "-o", "packed", "a"}).code, 0);
    for (const bool indexed : {false, true}) {
      if (indexed) {
        ASSERT_EQ(braid({"index", "packed"}).code, 0);
      }
      EXPECT_EQ(braid({"cat", "--range", "1M:+10", "packed"}).out, plain_.substr(1 << 20, 10));
      EXPECT_EQ(braid({"cat", "--range", "5:9", "packed"}).out, plain_.substr(5, 4));
      EXPECT_EQ(braid({"cat", "--range", "2M:", "packed"}).out, plain_.substr(2 << 20));
      EXPECT_EQ(braid({"cat", "--range", "1G:+1", "packed"}).out, "");
      EXPECT_EQ(braid({"cat", "--range", ":3", "packed"}).out, plain_.substr(0, 3));
    }
    const Ran piped = braid({"cat", "--range", "1M:+10", "-"}, read("packed"));
    EXPECT_EQ(piped.code, 0) << piped.err;
    EXPECT_EQ(piped.out, plain_.substr(1 << 20, 10));
    std::filesystem::remove(path("packed"));
    std::filesystem::remove(path("packed.idx"));
  }
}

TEST_F(Range, takes_the_index_it_is_told) {
  ASSERT_EQ(braid({"-k", "-F", "gzip", "a"}).code, 0);
  ASSERT_EQ(braid({"index", "-o", "elsewhere", "a.gz"}).code, 0);
  const Ran ran = braid({"cat", "--index", "elsewhere", "--range", "1M:+10", "a.gz"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, plain_.substr(1 << 20, 10));
}

TEST_F(Range, a_stale_index_is_told_by_its_name) {
  ASSERT_EQ(braid({"-k", "-F", "gzip", "a"}).code, 0);
  ASSERT_EQ(braid({"index", "a.gz"}).code, 0);
  write("a", plain_ + "more");
  ASSERT_EQ(braid({"-k", "-f", "-F", "gzip", "a"}).code, 0);
  const Ran ran = braid({"cat", "--range", "1M:+10", "a.gz"});
  EXPECT_NE(ran.code, 0);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find("a.gz.idx: the index belongs to another file"), std::string::npos)
      << ran.err;
}

TEST_F(Range, what_is_no_range_is_usage) {
  for (const char* bad : {"5", "9:5", "x:y", "1:+z"}) {
    const Ran ran = braid({"cat", "--range", bad, "a"});
    EXPECT_EQ(ran.code, 2) << bad;
  }
}

TEST_F(Range, an_index_format_that_cannot_hold_it_is_refused) {
  ASSERT_EQ(braid({"-k", "-F", "zstd", "a"}).code, 0);
  const Ran ran = braid({"index", "--index-format", "gzi", "a.zst"});
  EXPECT_NE(ran.code, 0);
  EXPECT_NE(ran.err.find("BGZF"), std::string::npos) << ran.err;
  EXPECT_EQ(braid({"index", "--index-format", "none", "a.zst"}).code, 2);
}

}  // namespace
}  // namespace cli_test
