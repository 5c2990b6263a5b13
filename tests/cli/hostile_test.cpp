#include "program.hpp"
#include "tests/archive/hostile_archives.hpp"

// What the program says of archives that mean harm.
namespace cli_test {
namespace {

using braid::Errc;

class HostileArchives : public CliTest {
 protected:
  void expect_refusals(const std::vector<braid::archive::built::Hostile>& archives) {
    for (const auto& hostile : archives) {
      write("archive", hostile.bytes);
      std::filesystem::create_directory(path("box"));
      write("box/there", "there");
      std::filesystem::create_directory(path("box/folder"));
      const Ran ran = braid({"extract", "-C", "box", "archive"});
      const bool refused =
          hostile.expected == Errc::unsafe_path || hostile.expected == Errc::memory_limit;
      EXPECT_EQ(ran.code, refused ? 3 : 1) << hostile.name << ": " << ran.err;
      EXPECT_EQ(ran.err.find("braid: "), 0U) << hostile.name << ": " << ran.err;
      EXPECT_EQ(names(), (std::vector<std::string>{"archive", "box"})) << hostile.name;
      std::filesystem::remove_all(path("box"));
    }
  }
};

TEST_F(HostileArchives, in_tar_are_refused_with_exit_code_3) {
  expect_refusals(braid::archive::built::hostile_tars());
}

TEST_F(HostileArchives, in_zip_are_refused_with_exit_code_3) {
  expect_refusals(braid::archive::built::hostile_zips());
}

}  // namespace
}  // namespace cli_test
