#include <braid/algorithm.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "program.hpp"

namespace cli_test {
namespace {

class Help : public CliTest {
 protected:
  // The help lists the formats of the build.
  static bool everything_is_built() {
    return std::ranges::all_of(braid::algorithms(),
                               [](auto algorithm) { return braid::info(algorithm).built; });
  }

  // "output" of a line such as "  -o, --output=FILE  Write to FILE".
  static std::vector<std::string> long_options(const std::string& help) {
    constexpr const char* letters = "abcdefghijklmnopqrstuvwxyz-";
    std::vector<std::string> found;
    std::istringstream text(help);
    for (std::string line; std::getline(text, line);) {
      const std::size_t at = line.find("--");
      if (at != 6) continue;  // else it is spoken of in a description
      found.push_back(line.substr(8, line.find_first_not_of(letters, 8) - 8));
    }
    return found;
  }

  void expect_help(const std::string& program, const std::string& option,
                   const std::string& golden) {
    if (!everything_is_built()) GTEST_SKIP() << "the texts are those of a build with all formats";
    const Ran ran = run({.arguments = {option}, .program = program});
    EXPECT_EQ(ran.code, 0);
    EXPECT_EQ(ran.err, "");
    expect_golden(golden, ran.out);
  }
};

TEST_F(Help, prints_the_usual_options) {
  expect_help("braid", "-h", "braid_usual.txt");
}

TEST_F(Help, prints_all_options) {
  expect_help("braid", "--help", "braid_all.txt");
}

TEST_F(Help, prints_those_of_gzip_under_its_name) {
  expect_help("gzip", "--help", "gzip.txt");
}

TEST_F(Help, prints_those_of_zstd_under_its_name) {
  expect_help("zstd", "--help", "zstd.txt");
}

TEST_F(Help, prints_those_of_xz_under_its_name) {
  expect_help("xz", "--help", "xz.txt");
}

TEST_F(Help, prints_those_of_bzip2_under_its_name) {
  expect_help("bzip2", "--help", "bzip2.txt");
}

TEST_F(Help, prints_those_of_lz4_under_its_name) {
  expect_help("lz4", "--help", "lz4.txt");
}

TEST_F(Help, prints_those_of_brotli_under_its_name) {
  expect_help("brotli", "--help", "brotli.txt");
}

TEST_F(Help, keeps_within_eighty_columns) {
  for (const std::string program : {"braid", "gzip", "zstd", "xz", "bzip2", "lz4", "brotli"}) {
    std::istringstream text(run({.arguments = {"--help"}, .program = program}).out);
    for (std::string line; std::getline(text, line);) EXPECT_LE(line.size(), 80U) << line;
  }
}

TEST_F(Help, does_not_speak_of_what_is_hidden) {
  EXPECT_EQ(braid({"--help"}).out.find("--generate"), std::string::npos);
}

TEST_F(Help, every_command_is_in_the_help_and_has_its_own) {
  const auto version = nlohmann::json::parse(braid({"--version", "--json"}).out);
  const std::string all = braid({"--help"}).out;
  ASSERT_GE(version.at("commands").size(), 3U);
  for (const std::string command : version.at("commands")) {
    EXPECT_NE(all.find("\n  " + command), std::string::npos) << command;
    const Ran ran = braid({command, "--help"});
    EXPECT_EQ(ran.code, 0);
    EXPECT_NE(ran.out.find("Usage: braid " + command), std::string::npos) << ran.out;
    std::istringstream text(ran.out);
    for (std::string line; std::getline(text, line);) EXPECT_LE(line.size(), 80U) << line;
  }
}

TEST_F(Help, version_names_every_format_of_the_build) {
  const Ran ran = braid({"-V"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_TRUE(ran.out.starts_with("braid "));
  for (const braid::Algorithm algorithm : braid::algorithms()) {
    if (algorithm == braid::Algorithm::none) continue;
    EXPECT_NE(ran.out.find(braid::info(algorithm).name), std::string::npos);
  }
}

TEST_F(Help, formats_name_every_setting) {
  const Ran ran = braid({"formats"});
  EXPECT_EQ(ran.code, 0);
  for (const braid::Algorithm algorithm : braid::algorithms()) {
    EXPECT_NE(ran.out.find(braid::info(algorithm).description), std::string::npos);
    for (const braid::KnobRange& range : braid::info(algorithm).knobs) {
      EXPECT_NE(ran.out.find(name(range.knob)), std::string::npos);
    }
  }
}

TEST_F(Help, formats_can_be_names_alone) {
  const Ran ran = braid({"formats", "--names"});
  EXPECT_NE(("\n" + ran.out).find("\nnone\n"), std::string::npos) << ran.out;
  EXPECT_EQ(ran.out.find(' '), std::string::npos);
}

TEST_F(Help, manual_and_completions_know_every_long_option_of_the_help) {
  const std::vector<std::string> options = long_options(braid({"--help"}).out);
  ASSERT_GT(options.size(), 20U);
  for (const std::string kind : {"man", "bash", "zsh", "fish"}) {
    const Ran made = braid({"--generate", kind});
    ASSERT_EQ(made.code, 0) << made.err;
    std::string text = made.out;
    std::erase(text, '\\');  // roff writes "\-\-name"
    for (const std::string& option : options) {
      const std::string wanted = (kind == "fish" ? "-l " : "--") + option;
      EXPECT_NE(text.find(wanted), std::string::npos) << kind << " lacks " << wanted;
    }
  }
}

TEST_F(Help, guide_has_the_options_of_the_table) {
  std::ostringstream guide;
  guide << std::ifstream(std::filesystem::path(BRAID_GOLDEN) / "../../../docs/cli.md").rdbuf();
  const std::string made = braid({"--generate", "markdown"}).out;
  EXPECT_NE(guide.str().find(made), std::string::npos)
      << "docs/cli.md lacks what 'braid --generate markdown' prints:\n"
      << made;
}

TEST_F(Help, manual_has_all_sections) {
  const std::string text = braid({"--generate", "man"}).out;
  for (const std::string section : {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "FORMATS",
                                    "EXIT STATUS", "ENVIRONMENT", "EXAMPLES"}) {
    EXPECT_NE(text.find(".SH " + section + "\n"), std::string::npos) << section;
  }
}

TEST_F(Help, fails_when_it_cannot_be_printed) {
  const Ran ran = run({.arguments = {"--help"}, .closed = {1}});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("standard output"), std::string::npos) << ran.err;
}

}  // namespace
}  // namespace cli_test
