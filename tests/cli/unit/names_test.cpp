#include "cli/names.hpp"

#include <gtest/gtest.h>

#include "cli/text.hpp"

namespace braid::cli {
namespace {

TEST(Names, append_the_extension_or_the_suffix) {
  EXPECT_EQ(compressed_name("dir.d/a", Algorithm::gzip, {}).value(), "dir.d/a.gz");
  EXPECT_EQ(compressed_name("a", Algorithm::gzip, ".z").value(), "a.z");
  EXPECT_EQ(compressed_name("a", Algorithm::none, {}).error().code, Errc::invalid_argument);
}

TEST(Names, take_the_extension_or_the_suffix_away) {
  EXPECT_EQ(restored_name("dir/a.b.XZ", {}).value(), "dir/a.b");
  EXPECT_EQ(restored_name("a.tgz", {}).value(), "a.tar");
  EXPECT_EQ(restored_name("a.z", ".z").value(), "a");
  EXPECT_EQ(restored_name("a.gz", ".z").value(), "a");
  EXPECT_FALSE(restored_name("a.gz/b", {}));
  EXPECT_FALSE(restored_name("dir/.gz", {}));
  EXPECT_FALSE(restored_name("dir/.z", ".z"));
}

TEST(Names, tell_what_is_compressed_already) {
  EXPECT_TRUE(is_compressed_name("a.zst", Algorithm::zstd, {}));
  EXPECT_FALSE(is_compressed_name("a.gz", Algorithm::zstd, {}));
  EXPECT_TRUE(is_compressed_name("a.q", Algorithm::zstd, ".q"));
  EXPECT_FALSE(is_compressed_name(".q", Algorithm::zstd, ".q"));
}

TEST(Names, take_no_folder_from_a_stored_name) {
  EXPECT_EQ(stored_name_beside("dir/a.gz", "/etc/passwd"), "dir/passwd");
  EXPECT_EQ(stored_name_beside("a.gz", "../../x"), "x");
  for (const char* name : {"", "..", ".", "a/..", "dir/"}) {
    EXPECT_EQ(stored_name_beside("dir/a.gz", name), std::nullopt) << name;
  }
}

TEST(Names, are_printed_without_control_bytes) {
  EXPECT_EQ(printable("a\nb\x1b[2Jc\x7f"), "a\\nb\\x1b[2Jc\\x7f");
  EXPECT_EQ(printable("\xc3\xa4"), "\xc3\xa4");
}

TEST(Text, breaks_between_words_only) {
  EXPECT_EQ(wrapped("one two three", 2, 9), "one two\n  three\n");
  EXPECT_EQ(wrapped("incomprehensibilities", 2, 9), "incomprehensibilities\n");
  EXPECT_EQ(wrapped("", 2, 9), "\n");
}

}  // namespace
}  // namespace braid::cli
