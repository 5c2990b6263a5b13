#include <chrono>
#include <csignal>

#include <sys/stat.h>

#include "program.hpp"

namespace cli_test {
namespace {

class Archive : public CliTest {
 protected:
  void make_tree() {
    std::filesystem::create_directories(path("tree/sub"));
    write("tree/a.txt", sample(3000));
    write("tree/sub/b.c", "int b;\n");
    write("tree/sub/odd\n name", "odd");
    std::filesystem::create_symlink("a.txt", path("tree/link"));
    std::filesystem::create_hard_link(path("tree/a.txt"), path("tree/other"));
  }
};

TEST_F(Archive, comes_back_as_it_was_in_every_compression) {
  make_tree();
  for (const std::string format : {"tar", "tar.zst", "tgz", "tar.xz", "tar.bz2", "tar.lz4"}) {
    SCOPED_TRACE(format);
    const std::string archive = "a." + format;
    const Ran created = braid({"create", archive, "tree"});
    EXPECT_EQ(created.code, 0) << created.err;
    EXPECT_EQ(created.out + created.err, "");
    const std::string out = "out." + format;
    const Ran extracted = braid({"extract", archive, "-C", out});
    EXPECT_EQ(extracted.code, 0) << extracted.err;
    EXPECT_EQ(extracted.out + extracted.err, "");
    EXPECT_EQ(read(out + "/tree/a.txt"), sample(3000));
    EXPECT_EQ(read(out + "/tree/sub/odd\n name"), "odd");
    EXPECT_EQ(std::filesystem::read_symlink(path(out + "/tree/link")), "a.txt");
    EXPECT_EQ(std::filesystem::hard_link_count(path(out + "/tree/other")), 2U);
  }
}

// A few bytes of archive can stand for a hole of any size.
TEST_F(Archive, cat_counts_the_zeros_that_it_writes_for_holes) {
  write("f", "start");
  std::filesystem::resize_file(path("f"), 10 << 20);
  ASSERT_EQ(braid({"create", "a.tar", "f"}).code, 0);
  ASSERT_LT(read("a.tar").size(), 100'000U);
  EXPECT_EQ(braid({"cat", "a.tar", "f"}).out, read("f"));
  EXPECT_EQ(braid({"cat", "--max-output", "10M", "a.tar"}).out, read("f"));
  const Ran over = braid({"cat", "--max-output", "10485759", "a.tar"});
  EXPECT_EQ(over.code, 3);
  EXPECT_NE(over.err.find("more than the allowed 10485759 bytes"), std::string::npos) << over.err;
}

TEST_F(Archive, goes_through_pipes) {
  make_tree();
  const Ran packed = braid({"c", "-F", "tar.zst", "-v", "-", "tree"});
  ASSERT_EQ(packed.code, 0) << packed.err;
  EXPECT_TRUE(
      packed.err.starts_with("tree\ntree/a.txt\ntree/link\ntree/other\ntree/sub\ntree/sub/b.c\n"
                             "tree/sub/odd\\n name\n"))
      << packed.err;
  const Ran unpacked = braid({"x", "-C", "out", "-"}, packed.out);
  EXPECT_EQ(unpacked.code, 0) << unpacked.err;
  EXPECT_EQ(read("out/tree/sub/b.c"), "int b;\n");
}

TEST_F(Archive, a_file_named_like_a_command_is_compressed_by_path_or_behind_dashes) {
  write("create", "text");
  write("x", "text");
  EXPECT_EQ(braid({"./create"}).code, 0);
  EXPECT_EQ(braid({"--", "x"}).code, 0);
  EXPECT_EQ(braid({"-k", "x", "-f"}).code, 0);
  EXPECT_EQ(names(), (std::vector<std::string>{"create", "create.zst", "x", "x.zst"}));
}

TEST_F(Archive, options_of_the_environment_that_a_command_lacks_are_for_others) {
  make_tree();
  const Ran ran = run({.arguments = {"create", "a.tar", "tree"},
                       .environment = {{"BRAID_OPT", "-T1 -F gzip --rm"}}});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(exists("tree/a.txt"));
  EXPECT_EQ(run({.arguments = {"create", "b.tar", "tree"},
                 .environment = {{"BRAID_OPT", "--no-such-option"}}})
                .code,
            2);
}

TEST_F(Archive, existing_files_are_refused_skipped_replaced_or_renamed) {
  write("f", "new");
  ASSERT_EQ(braid({"c", "a.tar", "f"}).code, 0);
  EXPECT_EQ(braid({"c", "a.tar", "f"}).code, 1);
  EXPECT_EQ(braid({"c", "-f", "a.tar", "f"}).code, 0);
  write("f", "old");
  const Ran refused = braid({"x", "a.tar"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.err.find("exists"), std::string::npos) << refused.err;
  EXPECT_EQ(braid({"x", "--skip", "a.tar"}).code, 0);
  EXPECT_EQ(read("f"), "old");
  EXPECT_EQ(braid({"x", "--rename", "a.tar"}).code, 0);
  EXPECT_EQ(read("f"), "old");
  EXPECT_EQ(read("f_1"), "new");
  EXPECT_EQ(braid({"x", "--overwrite", "a.tar"}).code, 0);
  EXPECT_EQ(read("f"), "new");
}

TEST_F(Archive, strips_components) {
  make_tree();
  ASSERT_EQ(braid({"c", "a.tgz", "tree"}).code, 0);
  const Ran ran = braid({"x", "a.tgz", "-C", "out", "--strip-components", "1"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(read("out/a.txt"), sample(3000));
  EXPECT_EQ(read("out/sub/b.c"), "int b;\n");
  EXPECT_EQ(std::filesystem::hard_link_count(path("out/other")), 2U);
}

TEST_F(Archive, refuses_what_makes_no_sense) {
  write("f", "text");
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"create"},
                                             {"create", "a.tar"},
                                             {"create", "a.txt", "f"},
                                             {"create", "-", "f"},
                                             {"create", "-F", "gzip", "a", "f"},
                                             {"create", "--rm", "a.tar", "f"},
                                             {"create", "-30", "a.tgz", "f"},
                                             {"extract"},
                                             {"extract", "--max-entries", "-1", "a.tar"}}) {
    const Ran ran = braid(arguments);
    EXPECT_EQ(ran.code, 2) << arguments.back() << ran.err;
    EXPECT_NE(ran.err, "");
  }
  EXPECT_EQ(names(), std::vector<std::string>{"f"});
}

TEST_F(Archive, limits_and_unsafe_names_are_refused_with_code_3) {
  make_tree();
  ASSERT_EQ(braid({"c", "a.tar", "tree"}).code, 0);
  EXPECT_EQ(braid({"x", "a.tar", "-C", "o1", "--max-output", "100"}).code, 3);
  EXPECT_EQ(braid({"x", "a.tar", "-C", "o2", "--max-entries", "2"}).code, 3);
  std::filesystem::create_symlink("/etc/passwd", path("tree/escape"));
  ASSERT_EQ(braid({"c", "-f", "a.tar", "tree"}).code, 0);
  const Ran ran = braid({"x", "a.tar", "-C", "o3"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_NE(ran.err.find("tree/escape"), std::string::npos) << ran.err;
  const Ran on = braid({"x", "a.tar", "-C", "o4", "--keep-going"});
  EXPECT_EQ(on.code, 3);
  EXPECT_TRUE(exists("o4/tree/sub/b.c"));
  EXPECT_FALSE(std::filesystem::is_symlink(path("o4/tree/escape")));
}

// Errors name the option that goes on, where the command has one and it is not given already.
TEST_F(Archive, refusals_say_which_option_goes_on) {
  write("f", "text");
  ASSERT_EQ(braid({"c", "a.tar", "f"}).code, 0);
  EXPECT_TRUE(braid({"c", "a.tar", "f"}).err.ends_with("; -f replaces it\n"));
  EXPECT_TRUE(braid({"x", "a.tar"}).err.ends_with("; --overwrite, --skip and --rename go on\n"));
  std::filesystem::create_symlink("/etc/passwd", path("escape"));
  ASSERT_EQ(braid({"c", "b.tar", "escape"}).code, 0);
  const std::string on = "; --keep-going goes on without it\n";
  EXPECT_TRUE(braid({"x", "b.tar", "-C", "out"}).err.ends_with(on));
  EXPECT_FALSE(braid({"x", "b.tar", "-C", "out", "--keep-going"}).err.ends_with(on));
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  EXPECT_TRUE(braid({"c", "a.zip", "fifo"}).err.ends_with(on));
  std::filesystem::resize_file(path("f"), 3ULL << 30);
  ASSERT_EQ(braid({"c", "--no-sparse", "-1", "b.tar.zst", "f"}).code, 0);
  EXPECT_TRUE(braid({"test", "b.tar.zst"}).err.ends_with("; --max-ratio sets the limit\n"));
  EXPECT_FALSE(braid({"test", "--max-ratio", "2", "b.tar.zst"}).err.ends_with("the limit\n"));
}

TEST_F(Archive, is_listed_plain_long_and_as_a_tree) {
  make_tree();
  std::filesystem::permissions(path("tree/a.txt"), std::filesystem::perms(04711));
  ASSERT_EQ(braid({"c", "a.tar.zst", "tree"}).code, 0);
  const Ran plain = braid({"list", "a.tar.zst"});
  EXPECT_EQ(plain.code, 0) << plain.err;
  EXPECT_EQ(plain.out,
            "tree/\ntree/a.txt\ntree/link\ntree/other\ntree/sub/\ntree/sub/b.c\n"
            "tree/sub/odd\n name\n");
  const std::string lines = braid({"list", "-v", "a.tar.zst"}).out;
  EXPECT_NE(lines.find("\n-rws--x--x "), std::string::npos) << lines;
  EXPECT_EQ(braid({"list", "-l", "a.tar.zst"}).out, lines);
  EXPECT_NE(lines.find(" 3001 "), std::string::npos) << lines;
  EXPECT_NE(lines.find(" tree/link -> a.txt\n"), std::string::npos) << lines;
  EXPECT_NE(lines.find(" tree/other link to tree/a.txt\n"), std::string::npos) << lines;
  EXPECT_EQ(braid({"list", "--tree", "a.tar.zst"}).out,
            "└── tree/\n"
            "    ├── a.txt\n"
            "    ├── link -> a.txt\n"
            "    ├── other\n"
            "    └── sub/\n"
            "        ├── b.c\n"
            "        └── odd\\n name\n");
  const std::string null = braid({"list", "--null", "a.tar.zst", "tree/sub"}).out;
  EXPECT_EQ(null, std::string("tree/sub/\0tree/sub/b.c\0tree/sub/odd\n name\0", 42));
  EXPECT_EQ(braid({"list", "--tree", "--json", "a.tar.zst"}).code, 2);
}

TEST_F(Archive, names_are_escaped_on_a_terminal) {
  write("red\x1b[31m\xc2\x9b", "x");
  ASSERT_EQ(braid({"c", "a.tar", "red\x1b[31m\xc2\x9b"}).code, 0);
  Terminal terminal;
  Process process(folder_,
                  {.arguments = {"list", "a.tar"}, .stdout_descriptor = terminal.descriptor()});
  const std::string shown = terminal.read_until("\n");
  EXPECT_EQ(process.wait().code, 0);
  EXPECT_NE(shown.find("red\\x1b[31m\xc2\\x9b"), std::string::npos) << shown;
}

TEST_F(Archive, listing_for_a_reader_who_has_gone_dies_by_sigpipe_quietly) {
  make_tree();
  ASSERT_EQ(braid({"c", "a.tar", "tree"}).code, 0);
  Pipe pipe;
  pipe.close_read();
  const Ran ran = run({.arguments = {"list", "a.tar"}, .stdout_descriptor = pipe.write_end()});
  EXPECT_EQ(ran.code, 128 + SIGPIPE);
  EXPECT_EQ(ran.err, "");
}

TEST_F(Archive, entries_are_chosen_by_path_folder_or_pattern) {
  make_tree();
  ASSERT_EQ(braid({"c", "a.tgz", "tree"}).code, 0);
  EXPECT_EQ(braid({"list", "a.tgz", "./tree/sub/b.c"}).out, "tree/sub/b.c\n");
  EXPECT_EQ(braid({"list", "a.tgz", "b.c"}).code, 1);  // a path, not a name anywhere
  EXPECT_EQ(braid({"list", "a.tgz", "*.c"}).out, "tree/sub/b.c\n");
  EXPECT_EQ(braid({"list", "a.tgz", "tree/sub/", "--exclude", "odd*"}).out,
            "tree/sub/\ntree/sub/b.c\n");
  EXPECT_EQ(braid({"list", "a.tgz", "--max-depth", "1"}).out, "tree/\n");
  EXPECT_EQ(braid({"list", "a.tgz", "--min-size", "2K", "--include", "*.[tc]*"}).out,
            "tree/a.txt\n");
  const Ran missing = braid({"x", "a.tgz", "-C", "out", "tree/sub/b.c", "nothing"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_NE(missing.err.find("nothing: is not in the archive"), std::string::npos);
  EXPECT_TRUE(exists("out/tree/sub/b.c"));
}

TEST_F(Archive, entries_are_written_to_standard_output) {
  make_tree();
  ASSERT_EQ(braid({"c", "a.tar.xz", "tree"}).code, 0);
  const Ran one = braid({"cat", "a.tar.xz", "tree/sub/b.c"});
  EXPECT_EQ(one.out, "int b;\n");
  EXPECT_EQ(one.code, 0);
  EXPECT_EQ(braid({"cat", "-", "tree/a.txt"}, read("a.tar.xz")).out, sample(3000));
  EXPECT_EQ(braid({"cat", "a.tar.xz"}).out, sample(3000) + "int b;\nodd");
  const Ran link = braid({"cat", "a.tar.xz", "tree/other"});
  EXPECT_EQ(link.code, 1);
  EXPECT_NE(link.err.find("tree/a.txt"), std::string::npos) << link.err;
}

TEST_F(Archive, plain_streams_are_read_by_the_commands_for_archives) {
  write("f", sample());
  for (const std::string name : {"f.gz", "f.xz", "f.br", "f.bz2"}) {
    ASSERT_EQ(braid({"-o", name, "f"}).code, 0);
    EXPECT_EQ(braid({"cat", name}).out, sample()) << name;
    EXPECT_EQ(braid({"test", name}).code, 0) << name;
    EXPECT_EQ(braid({"list", name}).out, braid({"-l", name}).out);
    EXPECT_EQ(braid({"cat", name, "entry"}).code, 2);
  }
  EXPECT_EQ(braid({"cat", "-"}, read("f.gz")).out, sample());
  EXPECT_EQ(braid({"cat", "-F", "br", "-"}, read("f.br")).out, sample());
  EXPECT_EQ(braid({"cat", "f"}).code, 1);
}

// What compresses and restores single files does not make archives, nor take them for damaged data.
TEST_F(Archive, archives_that_are_taken_for_streams_are_told_so) {
  write("f", "text");
  for (const std::string format : {"zip", "tar"}) {
    SCOPED_TRACE(format);
    const std::string archive = "a." + format;
    ASSERT_EQ(braid({"c", archive, "f"}).code, 0);
    const std::string told = "is a " + format + " archive; 'braid extract'";
    for (const Ran& ran : {braid({"-t", archive}), braid({"-l", archive}), braid({"-dc", archive}),
                           braid({"-d"}, read(archive)), braid({"inspect", archive}),
                           braid({"-d", "-o", "out", archive})}) {
      EXPECT_EQ(ran.code, 1);
      EXPECT_NE(ran.err.find(told), std::string::npos) << ran.err;
    }
    const Ran named = braid({"-d", archive});
    EXPECT_EQ(named.code, 2);
    EXPECT_NE(named.err.find("'braid extract'"), std::string::npos) << named.err;
    EXPECT_EQ(braid({"-dcf", archive}).out, read(archive)) << "as zcat -f does";
    for (const Ran& ran : {braid({"-o", "b." + format, "f"}), braid({"-F", format, "f"})}) {
      EXPECT_EQ(ran.code, 2);
      EXPECT_NE(ran.err.find("'braid create'"), std::string::npos) << ran.err;
    }
    EXPECT_EQ(braid({"-F", "gzip", "-o", "b." + format, "f"}).code, 0);
  }
}

TEST_F(Archive, tests_tell_damage_in_any_of_several_files) {
  make_tree();
  write("f", sample());
  ASSERT_EQ(braid({"c", "a.tar.zst", "tree"}).code, 0);
  ASSERT_EQ(braid({"f", "-F", "gzip"}).code, 0);
  const Ran good = braid({"test", "-v", "a.tar.zst", "f.gz"});
  EXPECT_EQ(good.code, 0);
  EXPECT_NE(good.err.find("a.tar.zst: 7 entries"), std::string::npos) << good.err;
  std::string bytes = read("a.tar.zst");
  bytes[bytes.size() / 2] ^= 0x10;
  write("a.tar.zst", bytes);
  const Ran bad = braid({"test", "a.tar.zst", "f.gz"});
  EXPECT_EQ(bad.code, 1);
  EXPECT_NE(bad.err.find("a.tar.zst: "), std::string::npos) << bad.err;
  EXPECT_EQ(bad.err.find("f.gz"), std::string::npos) << bad.err;
}

TEST_F(Archive, files_are_chosen_by_time) {
  write("old", "1");
  write("new", "2");
  std::filesystem::last_write_time(
      path("old"), std::filesystem::file_time_type::clock::now() - std::chrono::hours(50));
  ASSERT_EQ(braid({"c", "a.tar", "new", "old"}).code, 0);
  EXPECT_EQ(braid({"list", "a.tar", "--newer", "2d"}).out, "new\n");
  EXPECT_EQ(braid({"list", "a.tar", "--older", "2d"}).out, "old\n");
  EXPECT_EQ(braid({"list", "a.tar", "--newer", "./old"}).out, "new\n");
  EXPECT_EQ(
      braid({"list", "a.tar", "--newer", "1970-01-02", "--older", "2999-12-31T23:59:59Z"}).out,
      "new\nold\n");
  ASSERT_EQ(braid({"c", "b.tar", "new", "old", "--older", "@1"}).code, 0);
  EXPECT_EQ(braid({"list", "b.tar"}).out, "");
  EXPECT_EQ(braid({"list", "a.tar", "--newer", "2026-02-30"}).code, 2);
  EXPECT_EQ(braid({"list", "a.tar", "--newer", "./missing"}).code, 2);
}

// tar appends a file that has changed: the last entry counts, as for tar itself.
TEST_F(Archive, of_entries_with_one_name_the_last_stays) {
  const auto tar = [&](const std::string& how) {
    const std::string line = "cd '" + folder_.string() + "' && tar " + how;
    return std::system(line.c_str()) == 0;  // NOLINT(cert-env33-c): a test's own words
  };
  write("f", "first");
  write("g", sample(2000));
  ASSERT_TRUE(tar("cf a.tar f g"));
  write("f", "last, and longer");
  std::filesystem::remove(path("g"));
  std::filesystem::create_symlink("f", path("g"));
  ASSERT_TRUE(tar("rf a.tar f g"));
  const Ran ran = braid({"x", "a.tar", "-C", "out"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(read("out/f"), "last, and longer");
  EXPECT_EQ(std::filesystem::read_symlink(path("out/g")), "f");
  EXPECT_EQ(braid({"x", "a.tar", "-C", "strict", "--strict"}).code, 3);
  // What somebody else made is not replaced by either of them.
  std::filesystem::create_directory(path("taken"));
  write("taken/f", "precious");
  EXPECT_EQ(braid({"x", "a.tar", "-C", "taken", "--keep-going"}).code, 1);
  EXPECT_EQ(read("taken/f"), "precious");
  EXPECT_EQ(std::filesystem::read_symlink(path("taken/g")), "f");
}

TEST_F(Archive, what_follows_a_tar_archive_is_passed_over_read_or_refused_as_asked) {
  write("one", "1");
  write("two", "2");
  ASSERT_EQ(braid({"create", "one.tar", "one"}).code, 0);
  ASSERT_EQ(braid({"create", "two.tar", "two"}).code, 0);
  write("both.tar", read("one.tar") + read("two.tar"));
  ASSERT_EQ(braid({"-k", "-F", "gzip", "both.tar"}).code, 0);
  write("zeros.tar", read("one.tar") + std::string(8000, '\0'));
  for (const char* archive : {"both.tar", "both.tar.gz"}) {
    EXPECT_EQ(braid({"list", archive}).out, "one\n") << archive;
    EXPECT_EQ(braid({"list", "--ignore-zeros", archive}).out, "one\ntwo\n") << archive;
    EXPECT_EQ(braid({"test", "--ignore-zeros", archive}).code, 0) << archive;
    EXPECT_EQ(braid({"cat", "--ignore-zeros", archive, "two"}).out, "2") << archive;
    EXPECT_EQ(braid({"test", archive}).code, 0) << archive;
    for (const char* command : {"list", "test"}) {
      const Ran strict = braid({command, "--strict", archive});
      EXPECT_EQ(strict.code, 1) << archive;
      EXPECT_NE(strict.err.find("follows the end"), std::string::npos) << strict.err;
    }
  }
  EXPECT_EQ(braid({"test", "--strict", "zeros.tar"}).code, 0);
}

TEST_F(Archive, zip_archives_are_dealt_with_by_the_same_commands) {
  make_tree();
  ASSERT_EQ(braid({"create", "a.zip", "tree"}).code, 0);
  EXPECT_EQ(braid({"list", "a.zip"}).out,
            "tree/\ntree/a.txt\ntree/link\ntree/other\ntree/sub/\ntree/sub/b.c\n"
            "tree/sub/odd\n name\n");
  EXPECT_EQ(braid({"cat", "a.zip", "*.c"}).out, "int b;\n");
  EXPECT_EQ(braid({"test", "-", "a.zip"}, read("a.zip")).code, 0);
  ASSERT_EQ(braid({"x", "a.zip", "-C", "out"}).code, 0);
  const Ran same = braid({"diff", "a.zip", "out"});
  EXPECT_EQ(same.code, 0) << same.out << same.err;
  const Ran before = braid({"diff", "a.zip", ".", "tree"});  // times of 100 ns
  EXPECT_EQ(before.code, 0) << before.out << before.err;
  EXPECT_EQ(read("out/tree/other"), sample(3000));
  std::string bytes = read("a.zip");
  bytes[bytes.find("tree/a.txt") + 200] ^= 4;
  write("a.zip", bytes);
  EXPECT_EQ(braid({"test", "a.zip"}).code, 1);
}

TEST_F(Archive, what_holds_no_archive_is_told_so) {
  write("f", sample());
  ASSERT_EQ(braid({"-F", "gzip", "f"}).code, 0);
  const Ran ran = braid({"x", "f.gz", "-C", "out"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("'braid -d' restores"), std::string::npos) << ran.err;
  EXPECT_FALSE(exists("out"));
  EXPECT_EQ(braid({"diff", "f.gz", "."}).code, 1);
  EXPECT_EQ(braid({"x", "f"}).code, 1);
  const Ran usage = braid({"list"});
  EXPECT_NE(usage.err.find("'braid list --help'"), std::string::npos) << usage.err;
}

}  // namespace
}  // namespace cli_test
