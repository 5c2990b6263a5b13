#include <chrono>

#include <nlohmann/json.hpp>

#include "program.hpp"

namespace cli_test {
namespace {

class ArchiveDiff : public CliTest {
 protected:
  ArchiveDiff() {
    std::filesystem::create_directories(path("tree/sub"));
    write("tree/a", sample(3000));
    write("tree/b", "text");
    write("tree/sub/c", "more");
    std::filesystem::create_symlink("a", path("tree/link"));
    std::filesystem::create_hard_link(path("tree/a"), path("tree/other"));
    EXPECT_EQ(braid({"c", archive(), "tree"}).code, 0);
  }

  static std::string archive() { return "a.tar.zst"; }

  // The first bytes of `name` become others, and nothing else changes.
  void scribble(const std::string& name) {
    const auto time = std::filesystem::last_write_time(path(name));
    std::string text = read(name);
    text[0] ^= 1;
    write(name, text);
    std::filesystem::last_write_time(path(name), time);
  }
};

TEST_F(ArchiveDiff, an_equal_tree_has_none) {
  const Ran same = braid({"diff", archive(), ".", "tree"});
  EXPECT_EQ(same.code, 0) << same.out << same.err;
  EXPECT_EQ(same.out + same.err, "");
  ASSERT_EQ(braid({"x", archive(), "-C", "out"}).code, 0);
  const Ran out = braid({"diff", archive(), "out"});
  EXPECT_EQ(out.code, 0) << out.out << out.err;
}

TEST_F(ArchiveDiff, each_kind_is_told) {
  ASSERT_EQ(braid({"x", archive(), "-C", "out"}).code, 0);
  scribble("out/tree/a");
  std::filesystem::permissions(path("out/tree/b"), std::filesystem::perms(0600));
  std::filesystem::last_write_time(
      path("out/tree/sub/c"),
      std::filesystem::file_time_type::clock::now() - std::chrono::hours(9));
  std::filesystem::remove(path("out/tree/link"));
  std::filesystem::create_directory(path("out/tree/link"));
  write("out/tree/sub/new", "new");
  const Ran ran = braid({"diff", archive(), "out", "--exclude", "tree"});
  EXPECT_EQ(ran.code, 0) << ran.out;
  const std::string text = braid({"diff", archive(), "out"}).out;
  for (const std::string line : {"content  tree/a", "mode     tree/b", "time     tree/sub/c",
                                 "type     tree/link", "extra    tree/sub/new"}) {
    EXPECT_NE(text.find(line + "\n"), std::string::npos) << line << " is not in\n" << text;
  }
  EXPECT_EQ(text.find("content  tree/b"), std::string::npos) << text;
  EXPECT_EQ(text.find("tree/other"), std::string::npos) << text;
}

TEST_F(ArchiveDiff, links_that_lead_elsewhere_and_missing_files_are_told) {
  ASSERT_EQ(braid({"x", archive(), "-C", "out"}).code, 0);
  std::filesystem::remove(path("out/tree/link"));
  std::filesystem::create_symlink("b", path("out/tree/link"));
  std::filesystem::remove(path("out/tree/other"));
  write("out/tree/other", sample(3000));
  std::filesystem::remove_all(path("out/tree/sub"));
  write("out/tree/b", "longer text");
  const Ran ran = braid({"diff", "--json", "-", "out"}, read(archive()));
  EXPECT_EQ(ran.code, 1);
  std::map<std::string, std::vector<std::string>> told;
  std::istringstream lines(ran.out);
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line);
    if (json.at("type") == "difference") told[json.at("what")].push_back(json.at("path"));
  }
  EXPECT_EQ(told["link"], (std::vector<std::string>{"tree/link", "tree/other"}));
  EXPECT_EQ(told["missing"], (std::vector<std::string>{"tree/sub", "tree/sub/c"}));
  EXPECT_EQ(told["size"], (std::vector<std::string>{"tree/b"}));
  EXPECT_EQ(told["extra"], std::vector<std::string>());
}

TEST_F(ArchiveDiff, a_folder_with_none_of_the_entries_is_told) {
  const Ran inside = braid({"diff", archive(), "tree"});
  EXPECT_EQ(inside.code, 1);
  EXPECT_NE(inside.err.find("tree: holds none of the entries"), std::string::npos) << inside.err;
  EXPECT_EQ(braid({"-q", "diff", archive(), "tree"}).err.find("none"), std::string::npos);
  std::filesystem::create_directories(path("other/tree"));
  write("other/tree/b", "text");
  EXPECT_EQ(braid({"diff", archive(), "other"}).err, "");
}

TEST_F(ArchiveDiff, a_damaged_archive_and_a_missing_folder_are_errors) {
  EXPECT_EQ(braid({"diff", archive(), "nowhere"}).code, 1);
  std::string bytes = read(archive());
  bytes.resize(bytes.size() / 2);
  write("cut.tar.zst", bytes);
  const Ran ran = braid({"diff", "cut.tar.zst", ".", "tree"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err, "");
}

}  // namespace
}  // namespace cli_test
