#include <filesystem>

#include "program.hpp"

// Several files in one run: worked on at once, told of in their order.
namespace cli_test {
namespace {

class ManyFiles : public CliTest {
 protected:
  // Names of files of very different sizes: the first takes longest.
  std::vector<std::string> make(int count) {
    std::vector<std::string> made;
    for (int i = 0; i < count; ++i) {
      made.push_back("f" + std::to_string(i));
      write(made.back(), sample(i == 0 ? 6'000'000 : std::size_t{100} * (i % 7)));
    }
    return made;
  }

  static std::vector<std::string> with(std::vector<std::string> options,
                                       const std::vector<std::string>& files) {
    options.insert(options.end(), files.begin(), files.end());
    return options;
  }
};

TEST_F(ManyFiles, are_told_of_in_their_order) {
  const auto files = make(120);
  const Ran ran = braid(with({"-v", "-T", "4"}, files));
  EXPECT_EQ(ran.code, 0) << ran.err;
  std::size_t at = 0;
  for (const std::string& file : files) {
    at = ran.err.find(file + ": ", at);
    ASSERT_NE(at, std::string::npos) << file << " is missing or out of its order:\n" << ran.err;
  }
}

TEST_F(ManyFiles, give_what_one_after_the_other_gives) {
  const auto files = make(60);
  std::vector<std::string> packed;
  for (const std::string& file : files) packed.push_back(file + ".zst");
  ASSERT_EQ(braid(with({"-T", "4"}, files)).code, 0);
  const std::string together = braid(with({"-dc"}, packed)).out;
  std::vector<std::string> contents;
  for (const std::string& file : packed) contents.push_back(read(file));
  ASSERT_EQ(braid(with({"-f", "-T", "1"}, files)).code, 0);
  for (std::size_t i = 0; i < packed.size(); ++i) EXPECT_EQ(read(packed[i]), contents[i]);
  std::string plain;
  for (const std::string& file : files) plain += read(file);
  EXPECT_EQ(together, plain);
}

TEST_F(ManyFiles, go_on_behind_one_that_fails) {
  auto files = make(30);
  files.insert(files.begin() + 10, "missing");
  files.insert(files.begin() + 20, "gone");
  const Ran ran = braid(with({"-v", "-T", "3"}, files));
  EXPECT_EQ(ran.code, 1);
  const auto first = ran.err.find("braid: missing: ");
  const auto second = ran.err.find("braid: gone: ");
  ASSERT_NE(first, std::string::npos) << ran.err;
  ASSERT_NE(second, std::string::npos) << ran.err;
  EXPECT_LT(ran.err.find("f9: "), first);
  EXPECT_LT(first, ran.err.find("f10: "));
  EXPECT_LT(first, second);
  EXPECT_TRUE(exists("f29.zst"));
}

TEST_F(ManyFiles, that_meet_in_one_output_take_turns) {
  write("a", sample(3'000'000));
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(braid({"-f", "a"}).code, 0);
    ASSERT_EQ(braid({"-f", "-F", "gzip", "a"}).code, 0);
    std::filesystem::remove(path("a"));
    const Ran ran = braid({"-d", "-T", "4", "a.zst", "a.gz"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_EQ(ran.err.find("braid: a.gz: "), 0U) << ran.err;
  }
}

TEST_F(ManyFiles, are_listed_in_their_order) {
  const auto files = make(40);
  ASSERT_EQ(braid(files).code, 0);
  std::vector<std::string> packed;
  for (const std::string& file : files) packed.push_back(file + ".zst");
  const std::string parallel = braid(with({"-l", "-T", "4"}, packed)).out;
  EXPECT_EQ(parallel, braid(with({"-l", "-T", "1"}, packed)).out);
  EXPECT_NE(parallel.find("40 files"), std::string::npos) << parallel;
}

}  // namespace
}  // namespace cli_test
