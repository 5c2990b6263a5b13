#include <chrono>

#include "program.hpp"

namespace cli_test {
namespace {

class ArchiveEdit : public CliTest, public ::testing::WithParamInterface<std::string> {
 protected:
  ArchiveEdit() {
    std::filesystem::create_directories(path("t/sub"));
    write("t/a", sample(3000));
    write("t/b", sample(50'000));
    write("t/sub/c", "int c;\n");
    EXPECT_EQ(braid({"create", archive(), "t"}).code, 0);
  }

  static std::string archive() { return GetParam(); }

  static bool is_zip() { return archive().ends_with("zip"); }

  // The archive is sound to the tools that define it.
  void expect_sound() {
    EXPECT_EQ(braid({"test", "--strict", archive()}).code, 0);
    const std::string tool = is_zip() ? "python3 -m zipfile -t " : "tar tf ";
    const std::string line = "cd '" + folder_.string() + "' && " + tool + archive() + " >told 2>&1";
    EXPECT_EQ(std::system(line.c_str()), 0) << read("told");  // NOLINT(cert-env33-c)
  }
};

TEST_P(ArchiveEdit, files_are_added_behind_the_others) {
  write("d", "added");
  const Ran ran = braid({"append", archive(), "d"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out + ran.err, "");
  EXPECT_EQ(braid({"list", archive()}).out, "t/\nt/a\nt/b\nt/sub/\nt/sub/c\nd\n");
  EXPECT_EQ(braid({"cat", archive(), "d"}).out, "added");
  EXPECT_EQ(braid({"cat", archive(), "t/b"}).out, sample(50'000));
  expect_sound();
}

TEST_P(ArchiveEdit, a_newer_file_takes_the_place_of_the_older) {
  write("t/a", "newer");
  ASSERT_EQ(braid({"append", archive(), "t/a"}).code, 0);
  ASSERT_EQ(braid({"extract", archive(), "-C", "out"}).code, 0);
  EXPECT_EQ(read("out/t/a"), "newer");
  EXPECT_EQ(read("out/t/sub/c"), "int c;\n");
  if (is_zip()) expect_sound();
}

TEST_P(ArchiveEdit, entries_are_taken_out_by_path_folder_or_pattern) {
  const auto before = std::filesystem::file_size(path(archive()));
  const Ran ran = braid({"delete", archive(), "-v", "t/b"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, "t/b\n");
  EXPECT_LT(std::filesystem::file_size(path(archive())), before);
  EXPECT_EQ(braid({"list", archive()}).out, "t/\nt/a\nt/sub/\nt/sub/c\n");
  expect_sound();
  ASSERT_EQ(braid({"delete", archive(), "t/sub"}).code, 0);
  EXPECT_EQ(braid({"list", archive()}).out, "t/\nt/a\n");
  EXPECT_EQ(braid({"cat", archive(), "t/a"}).out, sample(3000));
  expect_sound();
  ASSERT_EQ(braid({"delete", archive(), "*"}).code, 0);
  EXPECT_EQ(braid({"list", "-F", is_zip() ? "zip" : "tar", archive()}).out, "");
}

TEST_P(ArchiveEdit, nothing_changes_when_a_name_is_not_there) {
  const std::string before = read(archive());
  const Ran ran = braid({"delete", archive(), "t/a", "t/nothing"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("t/nothing"), std::string::npos) << ran.err;
  EXPECT_EQ(read(archive()), before);
  EXPECT_EQ(braid({"append", archive(), "missing"}).code, 1);
  EXPECT_EQ(read(archive()), before);
  EXPECT_EQ(braid({"delete", archive()}).code, 2);
}

TEST_P(ArchiveEdit, permissions_of_the_archive_stay) {
  std::filesystem::permissions(path(archive()), std::filesystem::perms(0600));
  write("d", "added");
  ASSERT_EQ(braid({"append", archive(), "d"}).code, 0);
  EXPECT_EQ(std::filesystem::status(path(archive())).permissions(), std::filesystem::perms(0600));
}

INSTANTIATE_TEST_SUITE_P(Formats, ArchiveEdit, ::testing::Values("a.tar", "a.zip"));

class ArchiveEditRefusal : public CliTest {};

TEST_F(ArchiveEditRefusal, what_is_compressed_as_a_whole_is_not_changed) {
  write("f", "text");
  ASSERT_EQ(braid({"create", "a.tar.gz", "f"}).code, 0);
  const std::string before = read("a.tar.gz");
  const Ran ran = braid({"append", "a.tar.gz", "f"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("only plain tar and zip"), std::string::npos) << ran.err;
  EXPECT_EQ(braid({"delete", "a.tar.gz", "f"}).code, 1);
  EXPECT_EQ(read("a.tar.gz"), before);
  EXPECT_EQ(braid({"append", "missing.zip", "f"}).code, 1);
}

TEST_F(ArchiveEditRefusal, a_file_stays_while_a_hard_link_needs_it) {
  write("a", "text");
  std::filesystem::create_hard_link(path("a"), path("b"));
  ASSERT_EQ(braid({"create", "a.tar", "a", "b"}).code, 0);
  const Ran ran = braid({"delete", "a.tar", "a"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_NE(ran.err.find("b: "), std::string::npos) << ran.err;
  EXPECT_EQ(braid({"list", "a.tar"}).out, "a\nb\n");
  EXPECT_EQ(braid({"delete", "a.tar", "a", "b"}).code, 0);
}

}  // namespace
}  // namespace cli_test
