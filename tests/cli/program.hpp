#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <sys/types.h>

namespace cli_test {

// What became of one run.
struct Ran {
  int code = -1;  // the exit code; 128 + the signal when it died by one
  std::string out;
  std::string err;
};

// How to run it. Descriptors of -1 stand for files in memory.
struct Call {
  std::vector<std::string> arguments;
  std::string input{};            // standard input, unless a descriptor is given
  std::string program = "braid";  // argv[0]
  std::map<std::string, std::string> environment{};
  int stdin_descriptor = -1;
  int stdout_descriptor = -1;
  int stderr_descriptor = -1;
  std::vector<int> closed{};  // standard descriptors that it does not have
};

// A running program. Wait for it, or the test fails.
class Process {
 public:
  Process(const std::filesystem::path& folder, const Call& run);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  [[nodiscard]] pid_t id() const noexcept { return id_; }

  Ran wait();

 private:
  pid_t id_ = -1;
  int out_ = -1;
  int err_ = -1;
};

// A pipe whose ends are closed in the end, or before.
class Pipe {
 public:
  Pipe();
  ~Pipe();
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  [[nodiscard]] int read_end() const noexcept { return ends_[0]; }

  [[nodiscard]] int write_end() const noexcept { return ends_[1]; }

  void close_read();
  void close_write();
  void write(std::string_view text) const;

 private:
  int ends_[2] = {-1, -1};
};

// A terminal: what the program sees, and the side of the person in front of it.
class Terminal {
 public:
  Terminal();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  [[nodiscard]] int descriptor() const noexcept { return program_side_; }

  void type(std::string_view text) const;

  // Reads what was printed until it contains `text`; fails the test when the program goes first.
  std::string read_until(std::string_view text);

 private:
  int person_side_ = -1;
  int program_side_ = -1;
};

// Every test has a folder of its own, in which the program runs.
class CliTest : public ::testing::Test {
 protected:
  CliTest();
  ~CliTest() override;

  Ran run(const Call& how) { return Process(folder_, how).wait(); }

  // The usual case.
  Ran braid(std::vector<std::string> arguments, std::string input = {}) {
    return run({.arguments = std::move(arguments), .input = std::move(input)});
  }

  [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_ / name; }

  void write(const std::string& name, std::string_view content) const;
  [[nodiscard]] std::string read(const std::string& name) const;
  [[nodiscard]] bool exists(const std::string& name) const;

  // The names in the folder, in order.
  [[nodiscard]] std::vector<std::string> names() const;

  std::filesystem::path folder_;
};

// Text that compresses, of about `size` bytes.
[[nodiscard]] std::string sample(std::size_t size = 5000);

// Compares with a file of tests/cli/golden. With BRAID_UPDATE_GOLDEN set, writes it instead.
void expect_golden(const std::string& name, const std::string& text);

}  // namespace cli_test
