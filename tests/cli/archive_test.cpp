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

TEST_F(Archive, goes_through_pipes) {
  make_tree();
  const Ran packed = braid({"c", "-F", "tar.zst", "-v", "-", "tree"});
  ASSERT_EQ(packed.code, 0) << packed.err;
  EXPECT_EQ(packed.err,
            "tree\ntree/a.txt\ntree/link\ntree/other\ntree/sub\ntree/sub/b.c\n"
            "tree/sub/odd\\n name\n");
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

}  // namespace
}  // namespace cli_test
