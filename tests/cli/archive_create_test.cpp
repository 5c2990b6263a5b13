#include <cstdlib>
#include <set>
#include <sstream>
#include <tuple>

#include "program.hpp"

namespace cli_test {
namespace {

class ArchiveCreate : public CliTest {
 protected:
  [[nodiscard]] bool shell(const std::string& command) const {
    const std::string line = "cd '" + folder_.string() + "' && ( " + command + " ) >/dev/null 2>&1";
    return std::system(line.c_str()) == 0;  // NOLINT(cert-env33-c): a test's own words
  }

  // The names of an archive's files, without folders.
  std::set<std::string> files_in(const std::string& archive) {
    std::set<std::string> files;
    std::istringstream lines(braid({"list", archive}).out);
    for (std::string line; std::getline(lines, line);) {
      if (!line.ends_with('/')) files.insert(line);
    }
    return files;
  }
};

TEST_F(ArchiveCreate, ignore_files_mean_what_they_mean_to_git) {
  for (const std::string folder :
       {"src", "src/gen", "build", "docs/build", "docs/src", ".github"}) {
    std::filesystem::create_directories(path("repo/" + folder));
    for (const std::string name : {"a.c", "a.o", "keep.o", "x.log", "build.txt"}) {
      write("repo/" + folder + "/" + name, name);
    }
  }
  write("repo/.gitignore", "# objects\n*.o\n!keep.o\n/build/\n\n*.log\r\n");
  write("repo/src/.gitignore", "!x.log\ngen/\n");
  write("repo/docs/.gitignore", "/build\n!*.o\n");
  if (!shell("cd repo && HOME=/nonexistent git init -q . && "
             "git ls-files -co --exclude-standard > ../wanted")) {
    GTEST_SKIP() << "there is no git here";
  }
  std::set<std::string> wanted;
  std::istringstream lines(read("wanted"));
  for (std::string line; std::getline(lines, line);) wanted.insert(line);
  ASSERT_GT(wanted.size(), 10U);
  ASSERT_EQ(braid({"c", "--gitignore", "--exclude", "/.git/", "-C", "repo", "a.tar", "."}).code, 0);
  EXPECT_EQ(files_in("a.tar"), wanted);
  // What lies above a path counts too.
  std::erase_if(wanted, [](const std::string& name) { return !name.starts_with("docs/src/"); });
  ASSERT_EQ(braid({"c", "--gitignore", "-C", "repo", "b.tar", "docs/src"}).code, 0);
  EXPECT_EQ(files_in("b.tar"), wanted);
}

TEST_F(ArchiveCreate, included_names_are_found_below_folders_that_do_not_match) {
  std::filesystem::create_directories(path("t/deep/er"));
  write("t/deep/er/x.c", "1");
  write("t/deep/x.h", "2");
  write("t/x.c", "3");
  ASSERT_EQ(braid({"c", "a.tar", "t", "--include", "*.c"}).code, 0);
  EXPECT_EQ(braid({"list", "a.tar"}).out, "t/deep/er/x.c\nt/x.c\n");
  ASSERT_EQ(braid({"c", "b.tar", "t", "--exclude", "deep/"}).code, 0);
  EXPECT_EQ(braid({"list", "b.tar"}).out, "t/\nt/x.c\n");
  write("patterns", "# of no use\n*.c\r\n!x.c\n*.h\n");
  ASSERT_EQ(braid({"c", "c.tar", "t", "--exclude-from", "patterns"}).code, 0);
  EXPECT_EQ(braid({"list", "c.tar"}).out, "t/\nt/deep/\nt/deep/er/\nt/deep/er/x.c\nt/x.c\n");
  ASSERT_EQ(braid({"c", "d.tar", "t", "--max-depth", "2"}).code, 0);
  EXPECT_EQ(braid({"list", "d.tar"}).out, "t/\nt/deep/\nt/x.c\n");
  EXPECT_EQ(braid({"c", "e.tar", "t", "--exclude-from", "missing"}).code, 2);
}

TEST_F(ArchiveCreate, reproducible_archives_depend_on_names_and_contents_alone) {
  std::filesystem::create_directories(path("one/t/s"));
  write("one/t/a", "text");
  write("one/t/s/b", "text");
  std::filesystem::permissions(path("one/t/a"), std::filesystem::perms(0600));
  std::filesystem::create_directories(path("two/t/s"));
  write("two/t/s/b", "text");
  write("two/t/a", "text");
  const auto make = [&](const std::string& folder, const std::string& date) {
    const Ran ran = run({.arguments = {"c", "-F", "tar", "--reproducible", "-C", folder, "-", "t"},
                         .environment = {{"SOURCE_DATE_EPOCH", date}}});
    EXPECT_EQ(ran.code, 0) << ran.err;
    return ran.out;
  };
  EXPECT_EQ(make("one", ""), make("two", ""));
  EXPECT_NE(make("one", ""), make("one", "1700000000"));
  write("d.tar", make("one", "1700000000"));
  EXPECT_NE(braid({"list", "-v", "d.tar"}).out.find("2023-11-14 22:13:20 t/a"), std::string::npos);
  EXPECT_EQ(
      run({.arguments = {"c", "x.tar", "one"}, .environment = {{"SOURCE_DATE_EPOCH", "yesterday"}}})
          .code,
      2);
}

TEST_F(ArchiveCreate, the_bytes_depend_on_neither_threads_nor_sink) {
  std::filesystem::create_directories(path("t"));
  for (int i = 0; i < 60; ++i)
    write("t/" + std::to_string(i), sample(static_cast<std::size_t>(i) * 3000));
  ASSERT_EQ(braid({"c", "a.tar.zst", "t", "-T1"}).code, 0);
  ASSERT_EQ(braid({"c", "b.tar.zst", "t", "-T4"}).code, 0);
  EXPECT_EQ(read("a.tar.zst"), read("b.tar.zst"));
  EXPECT_EQ(braid({"c", "-F", "tar.zst", "-", "t"}).out, read("a.tar.zst"));
}

TEST_F(ArchiveCreate, what_cannot_be_read_is_an_error_or_left_out) {
  write("a", "1");
  const Ran refused = braid({"c", "x.tar", "a", "missing"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.err.find("missing"), std::string::npos) << refused.err;
  EXPECT_FALSE(exists("x.tar"));
  EXPECT_EQ(braid({"c", "x.tar", "a", "missing", "--keep-going"}).code, 1);
  EXPECT_EQ(braid({"list", "x.tar"}).out, "a\n");
}

TEST_F(ArchiveCreate, names_begin_behind_the_last_step_up) {
  std::filesystem::create_directories(path("a/b"));
  std::filesystem::create_directories(path("in"));
  write("a/b/f", "text");
  write("a/g", "more");
  const auto stored = [&](const std::string& given) {
    const Ran ran = braid({"c", "-f", "-C", "in", "x.tar", given});
    EXPECT_EQ(ran.code, 0) << ran.err;
    return files_in("x.tar");
  };
  using Names = std::set<std::string>;
  EXPECT_EQ(stored("../a/b"), Names{"a/b/f"});
  EXPECT_EQ(stored("./..//a/./b/f"), Names{"a/b/f"});
  EXPECT_EQ(stored("../a/b/.."), (Names{"b/f", "g"}));
  EXPECT_EQ(stored(path("a/../a/g")), Names{"a/g"});
  EXPECT_EQ(braid({"cat", "x.tar"}).out, "more");
  const Ran missing = braid({"c", "y.tar", "../nosuch/../f"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_NE(missing.err.find("../nosuch/../f: "), std::string::npos) << missing.err;
  EXPECT_EQ(braid({"c", "y.tar", "-"}).code, 2);
  EXPECT_FALSE(exists("y.tar"));
}

// The format of the stream tells nothing of a file that cannot be read.
TEST_F(ArchiveCreate, errors_of_files_do_not_speak_of_the_compression) {
  const Ran ran = braid({"c", "a.tar.zst", "nosuch"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_EQ(ran.err, "braid: nosuch: cannot look at 'nosuch': No such file or directory\n");
}

// The archive lies in the folder that is packed: it is not in itself.
TEST_F(ArchiveCreate, the_archive_is_left_out_of_itself) {
  write("a", "1");
  ASSERT_EQ(braid({"c", "x.tar", "."}).code, 0);
  ASSERT_EQ(braid({"c", "-f", "x.tar", "."}).code, 0);
  EXPECT_EQ(braid({"list", "x.tar"}).out, "a\n");
}

}  // namespace
}  // namespace cli_test
