#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "program.hpp"

namespace cli_test {
namespace {

class ArchiveSignals : public CliTest {
 protected:
  // Reads until `text` has come.
  static void read_until(int descriptor, std::string_view text) {
    std::string got;
    char byte = 0;
    while (got.find(text) == std::string::npos) {
      ASSERT_EQ(::read(descriptor, &byte, 1), 1) << "it ended after " << got;
      got += byte;
    }
  }

  // Stops the program by `signal` while it packs a file that is without end.
  void stop_creating(int signal, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"create",    "-v",    "--no-sparse",
                                          "a.tar.zst", "first", "huge"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    Pipe said;
    Process process(folder_, {.arguments = arguments, .stdout_descriptor = said.write_end()});
    said.close_write();
    read_until(said.read_end(), "first\n");
    ::kill(process.id(), signal);
    EXPECT_EQ(process.wait().code, 128 + signal);
  }
};

TEST_F(ArchiveSignals, creating_that_is_stopped_leaves_nothing) {
  write("first", "1");
  write("huge", "");
  std::filesystem::resize_file(path("huge"), std::uintmax_t{1} << 42);
  const std::vector<std::string> before = names();
  stop_creating(SIGINT);
  EXPECT_EQ(names(), before);
  stop_creating(SIGTERM);
  EXPECT_EQ(names(), before);
  stop_creating(SIGKILL);
  EXPECT_FALSE(exists("a.tar.zst"));
}

TEST_F(ArchiveSignals, an_archive_that_is_to_be_replaced_survives) {
  write("first", "1");
  write("huge", "");
  std::filesystem::resize_file(path("huge"), std::uintmax_t{1} << 42);
  write("a.tar.zst", "what was there");
  stop_creating(SIGINT, {"-f"});
  EXPECT_EQ(read("a.tar.zst"), "what was there");
  stop_creating(SIGKILL, {"-f"});
  EXPECT_EQ(read("a.tar.zst"), "what was there");
}

TEST_F(ArchiveSignals, extracting_that_is_stopped_keeps_what_was_complete) {
  write("first", "1");
  write("large", sample(5'000'000));
  ASSERT_EQ(braid({"create", "a.tar", "first", "large"}).code, 0);
  const std::string archive = read("a.tar");
  Pipe in;
  Pipe said;
  Process process(folder_, {.arguments = {"extract", "-v", "-C", "out", "-"},
                            .stdin_descriptor = in.read_end(),
                            .stdout_descriptor = said.write_end()});
  in.close_read();
  said.close_write();
  in.write(archive.substr(0, 3'000'000));
  read_until(said.read_end(), "large\n");
  ::kill(process.id(), SIGINT);
  EXPECT_EQ(process.wait().code, 128 + SIGINT);
  std::vector<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(path("out"))) {
    left.push_back(entry.path().filename());
  }
  EXPECT_EQ(left, std::vector<std::string>{"first"});
}

}  // namespace
}  // namespace cli_test
