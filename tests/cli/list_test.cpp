#include <sstream>

#include "program.hpp"

namespace cli_test {
namespace {

class List : public CliTest {
 protected:
  static std::vector<std::vector<std::string>> words(const std::string& text) {
    std::vector<std::vector<std::string>> rows;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
      std::istringstream row(line);
      rows.emplace_back();
      for (std::string word; row >> word;) rows.back().push_back(word);
    }
    return rows;
  }
};

TEST_F(List, prints_exact_sizes_and_sums) {
  write("a", sample());
  ASSERT_EQ(braid({"-F", "gzip", "a"}).code, 0);
  ASSERT_EQ(braid({"-F", "bzip2", "a"}).code, 0);
  const Ran ran = braid({"-l", "a.gz", "a.bz2"});
  EXPECT_EQ(ran.code, 0);
  const auto rows = words(ran.out);
  ASSERT_EQ(rows.size(), 4U) << ran.out;
  const std::vector<std::string> row = {std::to_string(read("a.gz").size()),
                                        std::to_string(sample().size()),
                                        rows[1].at(2),
                                        "gzip",
                                        "CRC-32",
                                        "1",
                                        "a.gz"};
  EXPECT_EQ(rows[1], row);
  EXPECT_TRUE(rows[1].at(2).ends_with('x'));
  EXPECT_EQ(rows[3].at(0), std::to_string(read("a.gz").size() + read("a.bz2").size()));
  EXPECT_EQ(rows[3].at(1), std::to_string(2 * sample().size()));
  EXPECT_EQ(rows[3].at(3), "2");
}

TEST_F(List, counts_streams) {
  const std::string one = braid({"-F", "gzip"}, "text").out;
  write("a.gz", one + one + one);
  EXPECT_NE(braid({"-l", "a.gz"}).out.find(" 3 a.gz\n"), std::string::npos);
}

TEST_F(List, fails_for_damaged_files_and_goes_on) {
  const std::string good = braid({"-F", "gzip"}, sample()).out;
  std::string bad = good;
  bad[bad.size() - 6] = static_cast<char>(bad[bad.size() - 6] ^ 1);  // within the CRC
  write("bad.gz", bad);
  write("good.gz", good);
  for (const std::string action : {"-l", "-t"}) {
    const Ran ran = braid({action, "bad.gz", "good.gz"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_TRUE(ran.err.starts_with("braid: bad.gz: gzip: ")) << ran.err;
    EXPECT_EQ(ran.err.find("good.gz"), std::string::npos);
  }
}

TEST_F(List, shows_stored_names_and_times_under_verbose) {
  write("a", sample());
  ASSERT_EQ(braid({"-NF", "gzip", "a"}).code, 0);
  const Ran ran = braid({"-lv", "a.gz"});
  EXPECT_NE(ran.out.find("stored name a"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("20"), std::string::npos) << ran.out;
}

TEST_F(List, test_is_silent_unless_verbose) {
  write("a.zst", braid({}, sample()).out);
  const Ran silent = braid({"-t", "a.zst"});
  EXPECT_EQ(silent.code, 0);
  EXPECT_EQ(silent.out + silent.err, "");
  EXPECT_NE(braid({"-tv", "a.zst"}).err.find("zstd is sound"), std::string::npos);
}

}  // namespace
}  // namespace cli_test
