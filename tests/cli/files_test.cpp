#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program.hpp"

namespace cli_test {
namespace {

namespace fs = std::filesystem;

using Names = std::vector<std::string>;

class Files : public CliTest {};

TEST_F(Files, compresses_beside_the_source_and_keeps_it) {
  write("a", sample());
  const Ran ran = braid({"a"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.out + ran.err, "");
  EXPECT_EQ(names(), (Names{"a", "a.zst"}));
  fs::remove(path("a"));
  EXPECT_EQ(braid({"-d", "a.zst"}).code, 0);
  EXPECT_EQ(read("a"), sample());
}

TEST_F(Files, restores_every_format_that_it_writes) {
  for (const std::string format :
       {"deflate", "zlib", "gzip", "zstd", "lz4", "xz", "lzma", "bzip2", "brotli"}) {
    write("a", sample());
    const std::string output = "out." + format;  // tells deflate and lzma only
    ASSERT_EQ(braid({"-F", format, "-o", output, "a"}).code, 0);
    const Ran back = braid({"-dc", "-F", format, output});
    EXPECT_EQ(back.code, 0) << back.err;
    EXPECT_EQ(back.out, sample()) << format;
  }
}

TEST_F(Files, removes_the_source_when_asked) {
  write("a", sample());
  EXPECT_EQ(braid({"--rm", "a"}).code, 0);
  EXPECT_EQ(names(), Names{"a.zst"});
  EXPECT_EQ(braid({"-d", "--rm", "a.zst"}).code, 0);
  EXPECT_EQ(names(), Names{"a"});
}

TEST_F(Files, never_removes_a_source_whose_output_has_no_name) {
  write("a", sample());
  EXPECT_EQ(braid({"--rm", "-c", "a"}).code, 0);
  EXPECT_EQ(braid({"--rm", "-o", "/dev/null", "a"}).code, 0);
  EXPECT_EQ(names(), Names{"a"});
}

TEST_F(Files, never_removes_a_link_or_one_of_several_names) {
  write("a", sample());
  fs::create_symlink("a", path("link"));
  EXPECT_EQ(braid({"--rm", "link"}).code, 1);
  fs::create_hard_link(path("a"), path("b"));
  const Ran ran = braid({"--rm", "a"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("has 2 names"), std::string::npos) << ran.err;
  EXPECT_EQ(names(), (Names{"a", "b", "link"}));
}

TEST_F(Files, keeps_the_source_when_the_data_is_bad) {
  write("a.gz", "\x1f\x8b\x08 nonsense that is no gzip member");
  EXPECT_EQ(braid({"-d", "--rm", "a.gz"}).code, 1);
  EXPECT_EQ(names(), Names{"a.gz"});
}

TEST_F(Files, lets_the_extension_of_the_output_choose_the_format) {
  write("a", sample());
  EXPECT_EQ(braid({"-o", "x.gz", "a"}).code, 0);
  EXPECT_TRUE(read("x.gz").starts_with("\x1f\x8b"));
  EXPECT_EQ(braid({"-F", "xz", "-o", "y.gz", "a"}).code, 0);
  EXPECT_TRUE(
      read("y.gz").starts_with("\xfd"
                               "7zXZ"));
}

TEST_F(Files, turns_a_tgz_into_a_tar) {
  write("a.tar", sample());
  ASSERT_EQ(braid({"-F", "gzip", "-o", "b.tgz", "a.tar"}).code, 0);
  EXPECT_EQ(braid({"-d", "b.tgz"}).code, 0);
  EXPECT_EQ(read("b.tar"), sample());
}

TEST_F(Files, skips_what_has_the_extension_already) {
  write("a.zst", "anything");
  const Ran ran = braid({"a.zst"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_NE(ran.err.find("a.zst: skipped"), std::string::npos) << ran.err;
  EXPECT_EQ(braid({"-q", "a.zst"}).err, "");
  EXPECT_EQ(names(), Names{"a.zst"});
}

TEST_F(Files, suggests_a_way_out_for_names_without_extension) {
  write("a", "text");
  const Ran ran = braid({"-d", "a"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_NE(ran.err.find("-o"), std::string::npos) << ran.err;
}

TEST_F(Files, does_not_take_a_whole_name_for_an_extension) {
  write(".gz", sample());
  EXPECT_EQ(braid({"-d", ".gz"}).code, 2);
  EXPECT_EQ(braid({"-F", "gzip", ".gz"}).code, 0);
  EXPECT_TRUE(exists(".gz.gz"));
}

TEST_F(Files, uses_a_suffix_of_ones_own) {
  write("a", sample());
  EXPECT_EQ(braid({"-S", ".packed", "a"}).code, 0);
  fs::remove(path("a"));
  EXPECT_EQ(braid({"-d", "-S", ".packed", "a.packed"}).code, 0);
  EXPECT_EQ(read("a"), sample());
  EXPECT_EQ(braid({"-S", "../x", "a"}).code, 2);
}

TEST_F(Files, does_not_replace_an_existing_file_unless_forced) {
  write("a", sample());
  write("a.zst", "precious");
  const Ran refused = braid({"a"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_TRUE(refused.err.ends_with("a.zst exists; -f replaces it\n")) << refused.err;
  EXPECT_EQ(read("a.zst"), "precious");
  EXPECT_EQ(braid({"-f", "a"}).code, 0);
  EXPECT_EQ(braid({"-dc", "a.zst"}).out, sample());
}

TEST_F(Files, does_not_replace_the_output_of_a_stream_unless_forced) {
  write("out.gz", "precious");
  const Ran refused = braid({"-o", "out.gz"}, sample());
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.err.find("out.gz exists"), std::string::npos) << refused.err;
  EXPECT_EQ(read("out.gz"), "precious");
  EXPECT_EQ(braid({"-f", "-o", "out.gz"}, sample()).code, 0);
  EXPECT_EQ(braid({"-dc", "out.gz"}).out, sample());
}

TEST_F(Files, never_offers_to_replace_a_folder) {
  write("a", sample());
  fs::create_directory(path("dir"));
  for (const Ran& ran : {braid({"-o", "dir", "a"}), braid({"-f", "-o", "dir"}, sample())}) {
    EXPECT_EQ(ran.code, 2);
    EXPECT_NE(ran.err.find("the output dir is a folder"), std::string::npos) << ran.err;
  }
}

TEST_F(Files, leaves_nothing_of_a_bad_stream) {
  EXPECT_EQ(braid({"-d", "-o", "out", "-F", "gzip"}, "no gzip at all").code, 1);
  EXPECT_EQ(names(), Names{});
}

TEST_F(Files, gives_the_output_the_mode_and_time_of_the_source) {
  write("a", sample());
  fs::permissions(path("a"), fs::perms::owner_read | fs::perms::owner_write);
  const fs::file_time_type old(std::chrono::hours(-1000));
  fs::last_write_time(path("a"), old);
  ASSERT_EQ(braid({"a"}).code, 0);
  EXPECT_EQ(fs::status(path("a.zst")).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(fs::last_write_time(path("a.zst")), old);
}

TEST_F(Files, goes_on_after_a_bad_file_and_returns_the_worst_code) {
  write("a", sample());
  write("c", sample());
  const Ran ran = braid({"a", "missing", "c"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("braid: missing: "), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("No such file"), std::string::npos) << ran.err;
  EXPECT_TRUE(exists("a.zst") && exists("c.zst"));
}

TEST_F(Files, refuses_folders_without_recursion) {
  fs::create_directory(path("dir"));
  for (const std::string action : {"-z", "-d", "-t", "-l"}) {
    const Ran ran = braid({action, "dir"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_NE(ran.err.find("is a folder"), std::string::npos) << ran.err;
  }
}

TEST_F(Files, goes_through_folders_in_the_order_of_names) {
  fs::create_directories(path("dir/b"));
  for (const std::string name : {"dir/z", "dir/b/x", "dir/a", "dir/done.gz"}) write(name, sample());
  fs::create_symlink("a", path("dir/link"));
  ASSERT_EQ(mkfifo(path("dir/pipe").c_str(), 0600), 0);
  const Ran ran = braid({"-r", "-vv", "dir"});
  EXPECT_EQ(ran.code, 0);
  std::size_t last = 0;
  for (const std::string name : {"dir/a: ", "dir/b/x: ", "dir/done.gz: passed over",
                                 "dir/link: passed over", "dir/pipe: passed over", "dir/z: "}) {
    const std::size_t at = ran.err.find(name);
    ASSERT_NE(at, std::string::npos) << name << " in " << ran.err;
    EXPECT_GE(at, last) << ran.err;
    last = at;
  }
  EXPECT_TRUE(exists("dir/a.zst") && exists("dir/b/x.zst") && exists("dir/z.zst"));
  EXPECT_FALSE(exists("dir/link.zst") || exists("dir/done.gz.zst") || exists("dir/pipe.zst"));
  EXPECT_EQ(braid({"-r", "-t", "dir/b"}).code, 0);
}

TEST_F(Files, takes_names_of_every_kind) {
  const std::string long_name(251, 'n');  // 255 with the extension
  for (const std::string& name :
       {std::string("two words"), std::string("line\nfeed"), std::string("-dash"),
        std::string("formats"), long_name, std::string("\xff\xfe bytes"), std::string("'\"$x`*")}) {
    write(name, sample());
    EXPECT_EQ(braid({"--", name}).code, 0) << name;
    EXPECT_EQ(braid({"-dc", "--", name + ".zst"}).out, sample()) << name;
  }
  EXPECT_EQ(braid({"-t", "./formats.zst", "./-dash.zst"}).code, 0);
}

TEST_F(Files, says_that_a_name_grows_too_long) {
  const std::string name(252, 'n');
  write(name, "text");
  const Ran ran = braid({name});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("name too long"), std::string::npos) << ran.err;
}

TEST_F(Files, does_not_let_a_name_forge_a_line) {
  const Ran ran = braid({"no\nbraid: all is well\x1b[2J"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_EQ(ran.err.find('\n'), ran.err.size() - 1) << ran.err;
  EXPECT_EQ(ran.err.find('\x1b'), std::string::npos);
}

TEST_F(Files, follows_links_that_are_named) {
  write("a", sample());
  fs::create_symlink("a", path("link"));
  EXPECT_EQ(braid({"link"}).code, 0);
  EXPECT_EQ(braid({"-dc", "link.zst"}).out, sample());
  fs::create_symlink("nowhere", path("broken"));
  EXPECT_EQ(braid({"broken"}).code, 1);
}

TEST_F(Files, tells_when_it_may_not_read_or_write) {
  if (geteuid() == 0) GTEST_SKIP() << "the superuser may do everything";
  write("a", sample());
  fs::permissions(path("a"), fs::perms::none);
  EXPECT_EQ(braid({"a"}).code, 1);
  fs::permissions(path("a"), fs::perms::owner_all);
  fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_EQ(braid({"a"}).code, 1);
}

TEST_F(Files, writes_to_devices_without_replacing_them) {
  write("a", sample());
  EXPECT_EQ(braid({"-o", "/dev/null", "a"}).code, 0);
  const Ran full = braid({"-o", "/dev/full", "a"});
  EXPECT_EQ(full.code, 1);
  EXPECT_NE(full.err.find("No space left"), std::string::npos) << full.err;
}

TEST_F(Files, writes_to_what_dev_stdout_leads_to) {
  write("a", sample());
  write("out", "");
  const int out = open(path("out").c_str(), O_WRONLY | O_CLOEXEC);
  const Ran ran = run({.arguments = {"-f", "-o", "/dev/stdout", "a"}, .stdout_descriptor = out});
  close(out);
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(braid({"-dc", "out"}).out, sample());
}

TEST_F(Files, leaves_holes_for_zeros_unless_told_otherwise) {
  write("a", std::string(8 << 20, '\0') + "end");
  ASSERT_EQ(braid({"a"}).code, 0);
  ASSERT_EQ(braid({"-d", "-o", "holes", "a.zst"}).code, 0);
  ASSERT_EQ(braid({"-d", "--no-sparse", "-o", "full", "a.zst"}).code, 0);
  EXPECT_EQ(read("holes"), read("full"));

  struct stat holes {};

  struct stat full {};

  ASSERT_EQ(stat(path("holes").c_str(), &holes), 0);
  ASSERT_EQ(stat(path("full").c_str(), &full), 0);
  EXPECT_LT(holes.st_blocks, full.st_blocks);
}

TEST_F(Files, stores_and_restores_names_only_when_asked) {
  write("a", sample());
  fs::last_write_time(path("a"), fs::file_time_type::clock::from_sys(std::chrono::sys_seconds(
                                     std::chrono::seconds(1'000'000'000))));
  ASSERT_EQ(braid({"-F", "gzip", "a"}).code, 0);
  EXPECT_EQ(read("a.gz").at(3) & 0x08, 0) << "the flag of a stored name";
  ASSERT_EQ(braid({"-f", "-N", "-F", "gzip", "--comment", "remark", "a"}).code, 0);
  EXPECT_NE(read("a.gz").find("remark"), std::string::npos);
  fs::rename(path("a.gz"), path("other.gz"));
  fs::remove(path("a"));
  ASSERT_EQ(braid({"-dN", "other.gz"}).code, 0);
  EXPECT_EQ(names(), (Names{"a", "other.gz"}));

  struct stat status {};

  ASSERT_EQ(stat(path("a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mtime, 1'000'000'000);
}

TEST_F(Files, lets_a_stored_name_lead_nowhere_else) {
  // A gzip member of "x" with the name "../../evil", as gzip stores it.
  const std::string member(
      "\x1f\x8b\x08\x08\0\0\0\0\0\x03../../evil\0\xab\x00\x00\x83\x16\xdc\x8c\x01\0\0\0",
      10 + 11 + 3 + 8);
  fs::create_directories(path("deep/er"));
  write("deep/er/a.gz", member);
  const Ran ran = braid({"-dN", "deep/er/a.gz"});
  EXPECT_EQ(names(), Names{"deep"});
  EXPECT_FALSE(exists("deep/evil"));
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(exists("deep/er/evil"));
}

TEST_F(Files, uses_a_dictionary_both_ways) {
  write("dict", sample(3000));
  write("a", sample());
  ASSERT_EQ(braid({"-D", "dict", "a"}).code, 0);
  EXPECT_EQ(braid({"-dc", "-D", "dict", "a.zst"}).out, sample());
  EXPECT_EQ(braid({"-dc", "a.zst"}).code, 1);
  const Ran missing = braid({"-D", "missing", "a"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_NE(missing.err.find("dictionary missing"), std::string::npos) << missing.err;
}

TEST_F(Files, refuses_more_output_than_allowed) {
  write("a", sample());
  ASSERT_EQ(braid({"a"}).code, 0);
  fs::remove(path("a"));
  const Ran ran = braid({"-d", "--max-output", "1K", "a.zst"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_EQ(names(), Names{"a.zst"});
  EXPECT_EQ(braid({"-d", "--max-output", "1M", "a.zst"}).code, 0);
}

TEST_F(Files, refuses_data_that_needs_more_memory_than_allowed) {
  // The header of a .lzma file with a dictionary of 256 MiB, and no data.
  write("a.lzma", std::string("\x5d\0\0\0\x10\xff\xff\xff\xff\xff\xff\xff\xff", 13));
  const Ran refused = braid({"-t", "--memory", "8M", "a.lzma"});
  EXPECT_EQ(refused.code, 3) << refused.err;
  EXPECT_TRUE(refused.err.ends_with("; --memory sets the limit\n")) << refused.err;
  EXPECT_EQ(braid({"-t", "--memory", "1G", "a.lzma"}).code, 1) << "truncated";
}

}  // namespace
}  // namespace cli_test
