#include "program.hpp"

namespace cli_test {
namespace {

class Usage : public CliTest {
 protected:
  void expect_refused(std::vector<std::string> arguments, const std::string& message) {
    const Ran ran = braid(std::move(arguments));
    EXPECT_EQ(ran.code, 2);
    EXPECT_EQ(ran.out, "");
    EXPECT_NE(ran.err.find(message), std::string::npos) << ran.err;
    EXPECT_TRUE(ran.err.starts_with("braid: ")) << ran.err;
  }
};

TEST_F(Usage, refuses_unknown_options_by_name) {
  expect_refused({"--frobnicate"}, "there is no option --frobnicate");
  expect_refused({"-y"}, "there is no option -y");
  expect_refused({"--chunk-size=1M"}, "given as --set chunk_size=VALUE");
  expect_refused({"--header-name=a"}, "given as --name");
}

TEST_F(Usage, refuses_missing_and_needless_arguments) {
  expect_refused({"-o"}, "-o needs an argument");
  expect_refused({"--output"}, "--output needs an argument");
  expect_refused({"--keep=yes"}, "--keep takes no argument");
}

TEST_F(Usage, takes_unique_beginnings_of_long_options_and_refuses_others) {
  EXPECT_EQ(braid({"--vers"}).code, 0);
  expect_refused({"--no"}, "--no may mean any of --no-");
}

TEST_F(Usage, refuses_outputs_that_contradict_each_other) {
  expect_refused({"-c", "-o", "x", "y"}, "-c and -o");
  expect_refused({"-o", "x", "y", "z"}, "-o takes one FILE");
  expect_refused({"-t", "-o", "x", "y"}, "-o is for");
  expect_refused({"-o", "", "y"}, "empty");
  expect_refused({"--names", "y"}, "--names goes with");
  expect_refused({"formats", "y"}, "formats takes no file");
}

TEST_F(Usage, refuses_levels_out_of_the_formats_range) {
  write("a", "text");
  expect_refused({"-F", "gzip", "-19", "a"}, "level 19");
  expect_refused({"--level", "extreme", "a"}, "no level");
  expect_refused({"-F", "gzip", "--fast=3", "a"}, "level -3");
  EXPECT_EQ(names(), std::vector<std::string>{"a"});
}

TEST_F(Usage, refuses_settings_that_the_format_lacks) {
  write("a", "text");
  expect_refused({"-F", "gzip", "-e", "a"}, "extreme");
  expect_refused({"-N", "a"}, "header_name");
  expect_refused({"-F", "bzip2", "-C", "crc32", "a"}, "check");
}

TEST_F(Usage, refuses_unknown_settings_values_and_formats) {
  expect_refused({"--set", "window_log"}, "KNOB=VALUE");
  expect_refused({"--set", "windows=3"}, "no setting is called 'windows'");
  expect_refused({"--set", "window_log=many"}, "'many'");
  expect_refused({"--set", "window_log=99", "-c"}, "window_log 99");
  expect_refused({"--set", "dictionary=3"}, "--dict");
  expect_refused({"-F", "rar"}, "rar");
  expect_refused({"-C", "md5", "-F", "xz"}, "md5");
}

TEST_F(Usage, refuses_sizes_that_are_none_or_do_not_fit) {
  expect_refused({"--memory", "much"}, "'much' is not a size");
  expect_refused({"--max-output", "16E"}, "too large");
  expect_refused({"--memory", "0"}, "nothing to work with");
  expect_refused({"-T", "-1"}, "-1 threads");
}

TEST_F(Usage, takes_options_from_the_environment_before_the_command_line) {
  write("a", sample());
  const Ran ran =
      run({.arguments = {"-F", "xz", "a"}, .environment = {{"BRAID_OPT", " -Fgzip\t-v "}}});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(exists("a.xz"));
  EXPECT_NE(ran.err.find("a.xz"), std::string::npos) << ran.err;
}

TEST_F(Usage, names_the_environment_when_it_is_wrong) {
  const Ran option = run({.arguments = {"-V"}, .environment = {{"BRAID_OPT", "--frobnicate"}}});
  EXPECT_EQ(option.code, 2);
  EXPECT_NE(option.err.find("in BRAID_OPT: there is no option --frobnicate"), std::string::npos);
  const Ran file = run({.arguments = {"-V"}, .environment = {{"BRAID_OPT", "file"}}});
  EXPECT_EQ(file.code, 2);
  EXPECT_NE(file.err.find("in BRAID_OPT"), std::string::npos);
}

TEST_F(Usage, leaves_the_environment_alone_under_other_names) {
  const Ran ran = run({.arguments = {"-c"},
                       .input = "text",
                       .program = "gzip",
                       .environment = {{"BRAID_OPT", "--frobnicate"}}});
  EXPECT_EQ(ran.code, 0) << ran.err;
}

TEST_F(Usage, collects_the_digits_of_a_level_within_one_word_only) {
  write("a", "text");
  EXPECT_EQ(braid({"-19", "-c", "a"}).code, 0);
  EXPECT_EQ(braid({"-F", "gzip", "-1", "-9", "-c", "a"}).code, 0);  // the last one holds
  EXPECT_EQ(braid({"a", "-c19"}).code, 0);
  expect_refused({"-F", "gzip", "a", "-19"}, "level 19");
}

}  // namespace
}  // namespace cli_test
