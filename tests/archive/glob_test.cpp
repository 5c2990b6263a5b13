#include "archive/glob.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/io/temporary_folder.hpp"

namespace braid::archive {
namespace {

bool covers(const std::vector<std::string>& patterns, const std::string& path, bool folder) {
  return GlobList(patterns).covers(path, folder);
}

TEST(Glob, a_star_stays_within_a_component) {
  EXPECT_TRUE(covers({"*.c"}, "a/b.c", false));
  EXPECT_TRUE(covers({"/*.c"}, "b.c", false));
  EXPECT_FALSE(covers({"/*.c"}, "a/b.c", false));
  EXPECT_FALSE(covers({"a/*.c"}, "a/b/x.c", false));
}

TEST(Glob, two_stars_cross_and_are_no_substring_search) {
  EXPECT_TRUE(covers({"**/x"}, "x", false));
  EXPECT_TRUE(covers({"**/x"}, "a/b/x", false));
  EXPECT_FALSE(covers({"**/x"}, "a/bx", false));
  EXPECT_TRUE(covers({"a/**/x"}, "a/x", false));
  EXPECT_TRUE(covers({"a/**"}, "a/b/c", false));
  EXPECT_FALSE(covers({"a/**"}, "a", true));
  EXPECT_FALSE(covers({"a/**"}, "ab", false));
}

TEST(Glob, a_folder_decides_for_what_is_below_it) {
  EXPECT_TRUE(covers({"build/"}, "src/build/x.o", false));
  EXPECT_FALSE(covers({"build/"}, "src/build", false));
  EXPECT_FALSE(covers({".git"}, ".github/x", false));
  EXPECT_TRUE(covers({"a", "!a/b"}, "a/b", false));
  EXPECT_FALSE(covers({"a/*", "!a/b"}, "a/b", false));
}

// git itself, in a repository of its own with a fixed tree. Its words on a list of patterns.
class GitOracle {
 public:
  GitOracle() {
    for (const std::string& first : names) {
      std::filesystem::create_directories(path(first));
      paths_.emplace_back(first, true);
      for (const std::string& second : names) {
        const bool folder = second.size() % 2 == 1;
        const std::string inner = first + "/" + second;
        if (folder) {
          std::filesystem::create_directories(path(inner));
          std::ofstream(path(inner + "/a")) << "x";
          std::ofstream(path(inner + "/ab")) << "x";
          paths_.emplace_back(inner + "/a", false);
          paths_.emplace_back(inner + "/ab", false);
        } else {
          std::ofstream(path(inner)) << "x";
        }
        paths_.emplace_back(inner, folder);
      }
    }
    std::ofstream list(folder_ / "list", std::ios::binary);
    for (const auto& [name, folder] : paths_) list << name << '\0';
    list.close();
    works_ = run("git init -q repo");
  }

  [[nodiscard]] bool works() const { return works_; }

  [[nodiscard]] const std::vector<std::pair<std::string, bool>>& paths() const { return paths_; }

  // The paths that git ignores.
  std::set<std::string> ignored(const std::vector<std::string>& patterns) {
    std::ofstream file(path(".gitignore"), std::ios::binary);
    for (const std::string& pattern : patterns) file << pattern << '\n';
    file.close();
    run("cd repo && git check-ignore --no-index -z -v -n --stdin < ../list > ../told");
    std::ostringstream told;
    told << std::ifstream(folder_ / "told", std::ios::binary).rdbuf();
    // Four fields for each path: source, line, pattern, path.
    std::array<std::string, 4> fields;
    std::size_t at = 0;
    std::set<std::string> found;
    std::istringstream text(told.str());
    for (std::string field; std::getline(text, field, '\0');) {
      fields[at++] = field;
      if (at < 4) continue;
      at = 0;
      if (!fields[2].empty() && fields[2][0] != '!') found.insert(fields[3]);
    }
    return found;
  }

 private:
  static inline const std::vector<std::string> names = {"a",  "b",   "ab", "a.c", "[a]",
                                                        "A1", "abc", "!a", "#b",  "a*"};

  [[nodiscard]] std::filesystem::path path(const std::string& name) const {
    return folder_ / "repo" / name;
  }

  bool run(const std::string& command) const {
    const std::string line = "cd '" + folder_.string() +
                             "' && export HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 && ( " + command +
                             " ) 2>/dev/null";
    const int status = std::system(line.c_str());  // NOLINT(cert-env33-c): a test's own words
    return status == 0;
  }

  test::TemporaryFolder temporary_;
  std::filesystem::path folder_ = temporary_.path();
  std::vector<std::pair<std::string, bool>> paths_;
  bool works_ = false;
};

TEST(Glob, says_what_git_check_ignore_says) {
  GitOracle git;
  if (!git.works()) GTEST_SKIP() << "there is no git here";
  constexpr std::array<std::string_view, 22> pieces = {
      "a",    "b", "c",    "ab",   ".c",    "*",           "*",           "?",   "/",   "/",   "**",
      "/**/", "!", "[ab]", "[!a]", "[a-c]", "[[:alpha:]]", "[[:digit:]]", "\\a", "\\*", "[a]", "1"};
  std::mt19937 random(1);
  std::vector<std::vector<std::string>> lists = {{"*", "!*/", "!*.c"},
                                                 {"a/", "!a/b"},
                                                 {"/a"},
                                                 {"\\#b"},
                                                 {"\\!a"},
                                                 {"#b"},
                                                 {"a/**/"},
                                                 {"**"},
                                                 {"**/"},
                                                 {"/**"},
                                                 {"a  "},
                                                 {"ab\\ "},
                                                 {"[a"},
                                                 {"a\\"},
                                                 {"[]a]"},
                                                 {"[^a]*"},
                                                 {"!"},
                                                 {"/"},
                                                 {"**/a/**"},
                                                 {"a**"},
                                                 {"a/b**"},
                                                 {"[[:foo:]]"},
                                                 {"***"},
                                                 {"a/***/b"},
                                                 {"[\\]a]"},
                                                 {"[a-]"},
                                                 {"[--z]1"},
                                                 {"[z-a]"},
                                                 {"\\[a]"}};
  for (int i = 0; i < 250; ++i) {
    std::vector<std::string> list;
    for (auto patterns = 1 + random() % 3; patterns > 0; --patterns) {
      std::string pattern;
      for (auto count = 1 + random() % 5; count > 0; --count) {
        pattern += pieces[random() % pieces.size()];
      }
      list.push_back(pattern);
    }
    lists.push_back(list);
  }
  for (const auto& list : lists) {
    const std::set<std::string> ignored = git.ignored(list);
    const GlobList ours(list);
    for (const auto& [path, folder] : git.paths()) {
      EXPECT_EQ(ours.covers(path, folder), ignored.contains(path))
          << path << " under '" << list.front() << "' and " << list.size() - 1 << " more: '"
          << (list.size() > 1 ? list[1] : "") << "' '" << (list.size() > 2 ? list[2] : "") << "'";
    }
    if (::testing::Test::HasFailure()) break;
  }
}

}  // namespace
}  // namespace braid::archive
