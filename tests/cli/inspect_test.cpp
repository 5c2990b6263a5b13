#include "program.hpp"

namespace cli_test {
namespace {

class InspectCommand : public CliTest {};

TEST_F(InspectCommand, tells_what_a_file_is_made_of) {
  write("a", std::string(3'000'000, 'a'));
  ASSERT_EQ(braid({"-k", "-F", "zstd", "--set", "chunk_size=1M", "a"}).code, 0);
  const Ran ran = braid({"inspect", "a.zst"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  for (const char* line : {"a.zst\n", "  format     zstd\n", "  parts      3 frames, ",
                           ", 1 skippable frame\n", "  check      XXH64, verified\n",
                           "  writer     perhaps braid, or another writer of the seekable format\n",
                           "  parallel   yes, in parts: its frames are independent\n"}) {
    EXPECT_NE(ran.out.find(line), std::string::npos) << line << ran.out;
  }
}

TEST_F(InspectCommand, prints_every_part_under_verbose_and_as_json) {
  write("a", std::string(100'000, 'a'));
  ASSERT_EQ(braid({"-k", "-F", "bzip2", "a"}).code, 0);
  const Ran text = braid({"inspect", "-v", "a.bz2"});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_EQ(text.out.find("          OFFSET     COMPRESSED          PLAIN PART\n"), 0U);
  EXPECT_NE(text.out.find("               4 "), std::string::npos) << text.out;
  const Ran json = braid({"inspect", "--json", "-v", "-"}, read("a.bz2"));
  EXPECT_EQ(json.code, 0) << json.err;
  EXPECT_NE(json.out.find(R"({"schema":1,"type":"part","file":"-","kind":"block","offset":4,)"),
            std::string::npos)
      << json.out;
  EXPECT_NE(json.out.find(R"("type":"inspection","file":"-","format":"bzip2",)"),
            std::string::npos);
  EXPECT_NE(json.out.find(R"("parallel":"no","why":"it is one block"})"), std::string::npos);
}

TEST_F(InspectCommand, goes_on_behind_a_damaged_file_and_says_so) {
  write("a", "some text");
  ASSERT_EQ(braid({"-k", "-F", "xz", "a"}).code, 0);
  const std::string whole = read("a.xz");
  write("cut.xz", whole.substr(0, whole.size() - 1));
  const Ran ran = braid({"inspect", "cut.xz", "a.xz"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("braid: cut.xz: xz: "), std::string::npos) << ran.err;
  EXPECT_EQ(ran.out.find("a.xz\n"), 0U) << ran.out;
}

}  // namespace
}  // namespace cli_test
