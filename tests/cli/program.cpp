#include "program.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cli_test {

namespace {

// A file without a name: it takes any amount without anybody reading it.
int memory_file() {
  return memfd_create("cli_test", MFD_CLOEXEC);
}

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    ASSERT_GT(written, 0);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string read_all(int descriptor) {
  std::string text;
  char block[4096];
  lseek(descriptor, 0, SEEK_SET);
  for (ssize_t got = 0; (got = ::read(descriptor, block, sizeof block)) > 0;) {
    text.append(block, static_cast<std::size_t>(got));
  }
  return text;
}

// In the child: everything is in place but the descriptors.
[[noreturn]] void become(const std::filesystem::path& folder, const Call& run,
                         const std::vector<char*>& arguments, const int (&standard)[3]) {
  bool ready = chdir(folder.c_str()) == 0;
  for (const auto& [name, value] : run.environment) {
    ready = setenv(name.c_str(), value.c_str(), 1) == 0 && ready;
  }
  for (int i = 0; i < 3; ++i) ready = dup2(standard[i], i) == i && ready;
  for (const int descriptor : run.closed) close(descriptor);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) {
    if (run.environment.contains("CLI_TEST_IGNORE") &&
        run.environment.at("CLI_TEST_IGNORE") == std::to_string(signal)) {
      std::signal(signal, SIG_IGN);
    } else {
      std::signal(signal, SIG_DFL);
    }
  }
  if (ready) execv(BRAID_PROGRAM, arguments.data());
  _exit(127);
}

}  // namespace

Process::Process(const std::filesystem::path& folder, const Call& run) {
  const int in = run.stdin_descriptor >= 0 ? run.stdin_descriptor : memory_file();
  if (run.stdin_descriptor < 0) {
    write_all(in, run.input);
    lseek(in, 0, SEEK_SET);
  }
  if (run.stdout_descriptor < 0) out_ = memory_file();
  if (run.stderr_descriptor < 0) err_ = memory_file();
  const int standard[3] = {in, out_ >= 0 ? out_ : run.stdout_descriptor,
                           err_ >= 0 ? err_ : run.stderr_descriptor};
  std::vector<std::string> words = {run.program};
  words.insert(words.end(), run.arguments.begin(), run.arguments.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  id_ = fork();
  if (id_ == 0) become(folder, run, arguments, standard);
  if (run.stdin_descriptor < 0) close(in);
}

Process::~Process() {
  EXPECT_EQ(id_, -1) << "nobody waited for the program";
  close(out_);
  close(err_);
}

Ran Process::wait() {
  int status = 0;
  EXPECT_EQ(waitpid(id_, &status, 0), id_);
  id_ = -1;
  Ran ran;
  ran.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  if (out_ >= 0) ran.out = read_all(out_);
  if (err_ >= 0) ran.err = read_all(err_);
  return ran;
}

Pipe::Pipe() {
  EXPECT_EQ(pipe2(ends_, O_CLOEXEC), 0);
}

Pipe::~Pipe() {
  close_read();
  close_write();
}

void Pipe::close_read() {
  if (ends_[0] >= 0) close(ends_[0]);
  ends_[0] = -1;
}

void Pipe::close_write() {
  if (ends_[1] >= 0) close(ends_[1]);
  ends_[1] = -1;
}

void Pipe::write(std::string_view text) const {
  write_all(ends_[1], text);
}

Terminal::Terminal() {
  person_side_ = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  EXPECT_GE(person_side_, 0);
  EXPECT_EQ(grantpt(person_side_), 0);
  EXPECT_EQ(unlockpt(person_side_), 0);
  program_side_ = open(ptsname(person_side_), O_RDWR | O_NOCTTY | O_CLOEXEC);
  EXPECT_GE(program_side_, 0);
}

Terminal::~Terminal() {
  close(program_side_);
  close(person_side_);
}

void Terminal::type(std::string_view text) const {
  write_all(person_side_, text);
}

std::string Terminal::read_until(std::string_view text) {
  constexpr int patience = 60'000;  // milliseconds; only a hanging program comes near it
  std::string printed;
  while (printed.find(text) == std::string::npos) {
    pollfd waited{person_side_, POLLIN, 0};
    if (poll(&waited, 1, patience) != 1) {
      ADD_FAILURE() << "waited in vain for '" << text << "' after: " << printed;
      break;
    }
    char block[512];
    const ssize_t got = ::read(person_side_, block, sizeof block);
    if (got <= 0) break;
    printed.append(block, static_cast<std::size_t>(got));
  }
  return printed;
}

CliTest::CliTest() {
  std::string name = (std::filesystem::temp_directory_path() / "braid_cli_XXXXXX").string();
  EXPECT_NE(mkdtemp(name.data()), nullptr);
  folder_ = name;
}

CliTest::~CliTest() {
  std::error_code ignored;
  std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, ignored);
  std::filesystem::remove_all(folder_, ignored);
}

void CliTest::write(const std::string& name, std::string_view content) const {
  std::ofstream(path(name), std::ios::binary) << content;
}

std::string CliTest::read(const std::string& name) const {
  std::ostringstream text;
  text << std::ifstream(path(name), std::ios::binary).rdbuf();
  return text.str();
}

bool CliTest::exists(const std::string& name) const {
  return std::filesystem::exists(std::filesystem::symlink_status(path(name)));
}

std::vector<std::string> CliTest::names() const {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    found.push_back(entry.path().filename().string());
  }
  std::ranges::sort(found);
  return found;
}

std::string sample(std::size_t size) {
  std::string text;
  for (unsigned i = 0; text.size() < size; ++i) text += "line " + std::to_string(i * 7919) + "\n";
  return text;
}

void expect_golden(const std::string& name, const std::string& text) {
  const std::filesystem::path file = std::filesystem::path(BRAID_GOLDEN) / name;
  if (std::getenv("BRAID_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(file, std::ios::binary) << text;
    return;
  }
  std::ostringstream golden;
  golden << std::ifstream(file, std::ios::binary).rdbuf();
  EXPECT_EQ(text, golden.str()) << "if this is meant, set BRAID_UPDATE_GOLDEN and look at the diff";
}

}  // namespace cli_test
