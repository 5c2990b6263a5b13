#include <filesystem>

#include "program.hpp"

namespace cli_test {
namespace {

using Names = std::vector<std::string>;

class Personality : public CliTest {
 protected:
  Ran as(const std::string& program, std::vector<std::string> arguments, std::string input = {}) {
    return run({.arguments = std::move(arguments), .input = std::move(input), .program = program});
  }
};

struct Tool {
  std::string name;
  std::string restores;
  std::string prints;
  std::string extension;
  bool removes;
};

class EveryTool : public Personality, public ::testing::WithParamInterface<Tool> {};

TEST_P(EveryTool, has_its_format_and_its_habit_with_the_source) {
  const Tool& tool = GetParam();
  const std::string packed = "a" + tool.extension;
  write("a", sample());
  const Ran compressed = as("/usr/bin/" + tool.name, {"a"});
  ASSERT_EQ(compressed.code, 0) << compressed.err;
  EXPECT_EQ(names(), tool.removes ? Names{packed} : (Names{"a", packed}));
  EXPECT_EQ(as(tool.name, {"-dc", packed}).out, sample());
  if (!tool.prints.empty()) {
    EXPECT_EQ(as(tool.prints, {packed}).out, sample());
  }
  std::filesystem::remove(path("a"));
  ASSERT_EQ(as(tool.restores, {packed}).code, 0);
  EXPECT_EQ(read("a"), sample());
  EXPECT_EQ(exists(packed), !tool.removes);
}

TEST_P(EveryTool, keeps_the_source_when_asked) {
  write("a", sample());
  ASSERT_EQ(as(GetParam().name, {"-k", "a"}).code, 0);
  EXPECT_TRUE(exists("a"));
}

TEST_P(EveryTool, speaks_under_its_name) {
  const Ran ran = as(GetParam().name, {"missing"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_TRUE(ran.err.starts_with(GetParam().name + ": missing: ")) << ran.err;
}

INSTANTIATE_TEST_SUITE_P(Names, EveryTool,
                         ::testing::Values(Tool{"gzip", "gunzip", "zcat", ".gz", true},
                                           Tool{"zstd", "unzstd", "zstdcat", ".zst", false},
                                           Tool{"xz", "unxz", "xzcat", ".xz", true},
                                           Tool{"lzma", "unlzma", "lzcat", ".lzma", true},
                                           Tool{"bzip2", "bunzip2", "bzcat", ".bz2", true},
                                           Tool{"lz4", "unlz4", "lz4cat", ".lz4", false},
                                           Tool{"brotli", "unbrotli", "", ".br", false},
                                           Tool{"pigz", "unpigz", "", ".gz", true},
                                           Tool{"pzstd", "unzstd", "", ".zst", false},
                                           Tool{"pbzip2", "pbunzip2", "pbzcat", ".bz2", true},
                                           Tool{"lbzip2", "lbunzip2", "lbzcat", ".bz2", true},
                                           Tool{"lzip", "lunzip", "", ".lz", true},
                                           Tool{"plzip", "lunzip", "", ".lz", true}),
                         [](const auto& tool) { return tool.param.name; });

TEST_F(Personality, an_unknown_name_is_braid) {
  write("a", sample());
  EXPECT_EQ(as("mybraid", {"a"}).code, 0);
  EXPECT_TRUE(exists("a.zst"));
}

TEST_F(Personality, restoring_takes_any_format) {
  write("a.xz", as("xz", {}, sample()).out);
  EXPECT_EQ(as("zcat", {"a.xz"}).out, sample());
}

TEST_F(Personality, gzip_flags) {
  write("a", sample(50'000));
  const std::string fast = as("gzip", {"--fast", "-c", "a"}).out;
  EXPECT_EQ(fast, as("gzip", {"-1c", "a"}).out);
  EXPECT_EQ(as("gzip", {"--best", "-c", "a"}).out, as("gzip", {"-9c", "a"}).out);
  EXPECT_LT(as("gzip", {"-9nc", "a"}).out.size(), fast.size());
  EXPECT_EQ(as("gzip", {"-l"}, fast).code, 0);
  EXPECT_EQ(as("gzip", {"-t"}, fast).code, 0);
  EXPECT_EQ(as("gzip", {"-19"}, "x").code, 2);
}

TEST_F(Personality, gzip_finds_the_compressed_file_of_a_name) {
  write("a", sample());
  write("b", "another");
  ASSERT_EQ(as("gzip", {"a"}).code, 0);
  EXPECT_EQ(as("zcat", {"a"}).out, sample());
  EXPECT_EQ(as("gunzip", {"-t", "a", "a.gz"}).code, 0);
  EXPECT_EQ(as("gzip", {"-c", "a"}).code, 1) << "there is no a to compress";
  EXPECT_EQ(as("zcat", {"c"}).code, 1);
  EXPECT_EQ(as("xzcat", {"a"}).code, 1) << "no habit of xz";
  ASSERT_EQ(as("gzip", {"-S", ".zz", "b"}).code, 0);
  EXPECT_EQ(as("zcat", {"-S", ".zz", "b"}).out, "another");
  ASSERT_EQ(as("gunzip", {"a"}).code, 0);
  EXPECT_EQ(read("a"), sample());
  EXPECT_FALSE(exists("a.gz"));
}

TEST_F(Personality, zstd_flags) {
  for (const std::string flag : {"-19", "-T2", "--ultra", "--long", "--long=24", "--fast",
                                 "--fast=5", "--no-check", "--content-size", "-q", "--rm"}) {
    const Ran ran = as("zstd", {flag, "-c"}, sample());
    EXPECT_EQ(ran.code, 0) << flag << ran.err;
    EXPECT_EQ(as("zstd", {"-d"}, ran.out).out, sample()) << flag;
  }
  EXPECT_EQ(as("zstd", {"--format=gzip"}, sample()).out.substr(0, 2), "\x1f\x8b");
}

TEST_F(Personality, xz_flags) {
  for (const std::string flag : {"-0", "-9e", "-T2", "-Ccrc32", "--check=sha256", "--format=xz",
                                 "--block-size=64KiB", "--format=lzma"}) {
    const Ran ran = as("xz", {flag, "-zc"}, sample());
    EXPECT_EQ(ran.code, 0) << flag << ran.err;
    EXPECT_EQ(as("xz", {"-d", "--format=auto"}, ran.out).out, sample()) << flag;
  }
}

TEST_F(Personality, parallel_tools_have_their_words_for_threads_and_blocks) {
  const std::string threads_of_one = "threads: 1: asked for 1";
  for (const auto& [program, flag] :
       std::vector<std::pair<std::string, std::string>>{{"pigz", "-p1"},
                                                        {"pigz", "--processes=1"},
                                                        {"pzstd", "-p1"},
                                                        {"pbzip2", "-p1"},
                                                        {"lbzip2", "-n1"},
                                                        {"plzip", "-n1"},
                                                        {"zstd", "--single-thread"}}) {
    const Ran ran = as(program, {flag, "-vv", "-c"}, sample());
    EXPECT_EQ(ran.code, 0) << program << flag << ran.err;
    EXPECT_NE(ran.err.find(threads_of_one), std::string::npos) << program << flag << ran.err;
  }
  const std::string plain = sample(500'000);
  EXPECT_EQ(as("pigz", {"-b", "128", "-c"}, plain).out,
            as("gzip", {"--set", "chunk_size=131072", "-c"}, plain).out);
  EXPECT_EQ(as("pigz", {"-C", "a word"}, plain).out, as("gzip", {"--comment=a word"}, plain).out);
  EXPECT_EQ(as("pigz", {"-b", "0", "-c"}, plain).code, 2);
}

TEST_F(Personality, bzip2_flags) {
  const Ran small = as("bzip2", {"-s"}, sample());
  EXPECT_EQ(small.out.substr(0, 4), "BZh2");
  EXPECT_EQ(as("bzip2", {"-s1"}, sample()).out.substr(0, 4), "BZh1");
  EXPECT_EQ(as("bzip2", {}, sample()).out.substr(0, 4), "BZh9");
  EXPECT_EQ(as("bunzip2", {"-s"}, small.out).out, sample());
}

TEST_F(Personality, lz4_flags) {
  for (const std::string flag :
       {"-B4", "-B7", "-BD", "-BX", "--content-size", "--no-frame-crc", "-9", "--best", "-12"}) {
    const Ran ran = as("lz4", {flag, "-c"}, sample());
    EXPECT_EQ(ran.code, 0) << flag << ran.err;
    EXPECT_EQ(as("lz4", {"-d"}, ran.out).out, sample()) << flag;
  }
  EXPECT_EQ(as("lz4", {"-B9"}, "x").code, 2);
  EXPECT_EQ(as("lz4", {"-B4XD"}, sample()).out, as("lz4", {"-B4", "-BD", "-BX"}, sample()).out);
  EXPECT_EQ(as("lz4", {"-B4Z"}, "x").code, 2);
}

TEST_F(Personality, lz4_takes_a_second_file_for_its_output) {
  write("a", sample());
  write("b", sample());
  ASSERT_EQ(as("lz4", {"a", "out"}).code, 0);
  EXPECT_EQ(names(), (Names{"a", "b", "out"}));
  ASSERT_EQ(as("lz4", {"-m", "a", "b"}).code, 0);
  EXPECT_EQ(names(), (Names{"a", "a.lz4", "b", "b.lz4", "out"}));
}

TEST_F(Personality, brotli_flags) {
  for (const std::vector<std::string>& flags :
       {std::vector<std::string>{"-q", "5"}, {"-w", "20"}, {"-Z"}, {"--quality=1"}, {"-3"}}) {
    const Ran ran = as("brotli", flags, sample());
    EXPECT_EQ(ran.code, 0) << flags[0] << ran.err;
    EXPECT_EQ(as("brotli", {"-d", "-F", "brotli"}, ran.out).code, 2) << "no such letter there";
    EXPECT_EQ(as("brotli", {"-d", "--format=brotli"}, ran.out).out, sample()) << flags[0];
  }
  EXPECT_EQ(as("brotli", {"-d"}, as("brotli", {}, sample()).out).out, sample())
      << "the tool's name tells what content cannot";
}

TEST_F(Personality, tar_can_compress_through_it) {
  if (!std::filesystem::exists("/bin/tar")) GTEST_SKIP() << "needs tar";
  write("a", sample());
  const std::string in = folder_.string();
  const std::string braid = BRAID_PROGRAM;
  ASSERT_EQ(std::system(("cd " + in + " && tar -I " + braid + " -cf x.tar.zst a").c_str()), 0);
  std::filesystem::remove(path("a"));
  ASSERT_EQ(std::system(("cd " + in + " && tar -I " + braid + " -xf x.tar.zst").c_str()), 0);
  EXPECT_EQ(read("a"), sample());
}

}  // namespace
}  // namespace cli_test
