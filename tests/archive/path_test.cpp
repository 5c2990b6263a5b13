#include "archive/tree/path.hpp"

#include <gtest/gtest.h>

namespace braid::archive {
namespace {

std::string cleaned(std::string_view path) {
  auto clean = clean_path(path);
  return clean ? *clean : "refused: " + clean.error().message;
}

bool is_refused(std::string_view path) {
  const auto clean = clean_path(path);
  return !clean && clean.error().code == Errc::unsafe_path && clean.error().entry == path;
}

TEST(CleanPathTest, keeps_what_is_plain) {
  EXPECT_EQ(cleaned("a"), "a");
  EXPECT_EQ(cleaned("a/b.c/d e"), "a/b.c/d e");
  EXPECT_EQ(cleaned("..a/b../...c"), "..a/b../...c");
}

TEST(CleanPathTest, drops_what_says_nothing) {
  EXPECT_EQ(cleaned("./a//b/./c/"), "a/b/c");
  EXPECT_EQ(cleaned("."), "");
  EXPECT_EQ(cleaned("./"), "");
}

TEST(CleanPathTest, refuses_absolute_names) {
  EXPECT_TRUE(is_refused("/etc/passwd"));
  EXPECT_TRUE(is_refused("//x"));
  EXPECT_TRUE(is_refused("/"));
}

TEST(CleanPathTest, refuses_dots_that_lead_up_wherever_they_stand) {
  for (const char* path : {"..", "../a", "a/..", "a/../../b", "a/b/..", "./.."}) {
    EXPECT_TRUE(is_refused(path)) << path;
  }
}

TEST(CleanPathTest, refuses_dots_between_backslashes) {
  for (const char* path : {"..\\..\\Temp\\evil.txt", "a\\..\\b", "a/b\\..", "C:\\..", "C:..\\x"}) {
    EXPECT_TRUE(is_refused(path)) << path;
  }
}

TEST(CleanPathTest, allows_other_backslashes_colons_and_reserved_names) {
  for (const char* path :
       {"a\\b", "C:\\x", "CON", "NUL.txt", "x:stream", "trailing. ", "\\\\h\\s"}) {
    EXPECT_EQ(cleaned(path), path);
  }
}

TEST(CleanPathTest, refuses_nothing_and_nul) {
  EXPECT_TRUE(is_refused(""));
  EXPECT_TRUE(is_refused(std::string_view("a\0b", 3)));
}

TEST(CleanPathTest, allows_control_bytes_and_bytes_that_are_no_utf8) {
  EXPECT_EQ(cleaned("a\nb"), "a\nb");
  EXPECT_EQ(cleaned("\x1b[31m\xff"), "\x1b[31m\xff");
}

TEST(CleanPathTest, limits_names_paths_and_depth) {
  EXPECT_EQ(cleaned(std::string(255, 'a')), std::string(255, 'a'));
  EXPECT_TRUE(is_refused(std::string(256, 'a')));
  std::string deep = "a";
  for (int i = 1; i < 256; ++i) deep += "/a";
  EXPECT_EQ(cleaned(deep), deep);
  EXPECT_TRUE(is_refused(deep + "/a"));
  std::string long_path;
  while (long_path.size() < 4096) long_path += std::string(200, 'b') + '/';
  EXPECT_TRUE(is_refused(long_path));
}

enum class Judged { inside, by_parts, refused };

Judged judged(std::string_view path, std::string_view target) {
  const auto reach = judge_link(path, target);
  if (!reach) return Judged::refused;
  return *reach == LinkReach::inside ? Judged::inside : Judged::by_parts;
}

TEST(JudgeLinkTest, allows_what_stays_below) {
  EXPECT_EQ(judged("a", "b"), Judged::inside);
  EXPECT_EQ(judged("a/b", "../c"), Judged::inside);
  EXPECT_EQ(judged("a/b/c", "../../d/e"), Judged::inside);
  EXPECT_EQ(judged("a/b", "./../a/c"), Judged::inside);
  EXPECT_EQ(judged("a", "."), Judged::inside);
}

TEST(JudgeLinkTest, refuses_what_leads_out) {
  EXPECT_EQ(judged("a", ".."), Judged::refused);
  EXPECT_EQ(judged("a", "../b"), Judged::refused);
  EXPECT_EQ(judged("a/b", "../../c"), Judged::refused);
  EXPECT_EQ(judged("a", "b/../../c"), Judged::refused);
  EXPECT_EQ(judged("a", "/etc/passwd"), Judged::refused);
  EXPECT_EQ(judged("a", "/"), Judged::refused);
  EXPECT_EQ(judged("a", ""), Judged::refused);
  EXPECT_EQ(judged("a", std::string_view("b\0c", 3)), Judged::refused);
  EXPECT_EQ(judged("a", "x\\..\\..\\y"), Judged::refused);
  EXPECT_EQ(judged("a", std::string(5000, 'x')), Judged::refused);
}

TEST(JudgeLinkTest, leaves_dots_behind_names_for_later) {
  EXPECT_EQ(judged("a", "b/../c"), Judged::by_parts);
  EXPECT_EQ(judged("a/b/m", "l/../../x"), Judged::by_parts);
}

}  // namespace
}  // namespace braid::archive
