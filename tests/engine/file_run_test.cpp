#include "engine/file_run.hpp"

#include <braid/engine.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/io/temporary_folder.hpp"

namespace braid::engine {
namespace {

using test::read_file;
using test::TemporaryFolder;
using test::write_file;

Result<Transfer> copy(Source& source, Sink& sink) {
  Transfer transfer;
  std::array<std::byte, 64> part{};
  for (;;) {
    auto count = source.read(part);
    if (!count) return count.error();
    if (*count == 0) return transfer;
    transfer.bytes_in += *count;
    transfer.bytes_out += *count;
    if (auto done = sink.write(ByteView(part).first(*count)); !done) return done.error();
  }
}

class FileRunTest : public testing::Test {
 protected:
  Result<Transfer> run(const FileOptions& options = {}, const FileWork& work = copy) {
    return run_file(folder_ / "in", folder_ / "out", options, work);
  }

  // Copies, and does something to the files at the end of it.
  static FileWork copy_and(const std::function<void()>& act) {
    return [act](Source& source, Sink& sink) {
      auto done = copy(source, sink);
      act();
      return done;
    };
  }

  bool has_output() const { return std::filesystem::exists(folder_ / "out"); }

  TemporaryFolder folder_;
};

TEST_F(FileRunTest, copies) {
  write_file(folder_ / "in", "content");
  EXPECT_EQ(run().value().bytes_out, 7U);
  EXPECT_EQ(read_file(folder_ / "out"), "content");
  EXPECT_EQ(read_file(folder_ / "in"), "content");
}

TEST_F(FileRunTest, refuses_an_existing_output_before_any_work) {
  write_file(folder_ / "in", "new");
  write_file(folder_ / "out", "old");
  bool worked = false;
  const auto done = run({}, [&](Source&, Sink&) {
    worked = true;
    return Transfer{};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::already_exists);
  EXPECT_FALSE(worked);
  EXPECT_EQ(read_file(folder_ / "out"), "old");
}

TEST_F(FileRunTest, keeps_an_output_that_came_up_meanwhile) {
  write_file(folder_ / "in", "new");
  const auto done =
      run({.remove_source = true}, copy_and([&] { write_file(folder_ / "out", "theirs"); }));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::already_exists);
  EXPECT_EQ(read_file(folder_ / "out"), "theirs");
  EXPECT_EQ(read_file(folder_ / "in"), "new");
}

TEST_F(FileRunTest, refuses_input_that_is_output_under_any_name) {
  write_file(folder_ / "in", "content");
  std::filesystem::create_hard_link(folder_ / "in", folder_ / "second");
  std::filesystem::create_symlink("in", folder_ / "link");
  const FileOptions options{.overwrite = Overwrite::replace};
  for (const char* name : {"in", "second", "link", "./in"}) {
    const auto done = run_file(folder_ / "in", folder_ / name, options, copy);
    ASSERT_FALSE(done) << name;
    EXPECT_EQ(done.error().code, Errc::invalid_argument) << name;
  }
  EXPECT_FALSE(run_file(folder_ / "link", folder_ / "in", options, copy));
  EXPECT_EQ(read_file(folder_ / "in"), "content");
}

TEST_F(FileRunTest, refuses_input_that_is_no_regular_file) {
  std::filesystem::create_directory(folder_ / "in");
  EXPECT_EQ(run().error().code, Errc::invalid_argument);
  EXPECT_EQ(run_file(folder_ / "none", folder_ / "out", {}, copy).error().code, Errc::not_found);
  EXPECT_FALSE(has_output());
}

TEST_F(FileRunTest, leaves_nothing_after_an_error) {
  write_file(folder_ / "in", "content");
  const auto done = run({.remove_source = true}, [](Source& source, Sink& sink) {
    EXPECT_TRUE(copy(source, sink));
    return Result<Transfer>(Error{.code = Errc::corrupt, .message = "bad", .offset = 3});
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::corrupt);
  EXPECT_EQ(done.error().entry, (folder_ / "in").native());
  EXPECT_EQ(folder_.names(), std::vector<std::string>{"in"});
}

// A limit on the size of files stands for the full disk; the process that has it is a child.
TEST_F(FileRunTest, leaves_nothing_when_the_disk_refuses) {
  write_file(folder_ / "in", std::string(10000, 'x'));
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{.rlim_cur = 5000, .rlim_max = 5000};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(2);
    const auto done = run({.remove_source = true});
    const bool told = !done && done.error().code == Errc::io && done.error().os_error == EFBIG &&
                      done.error().entry == (folder_ / "out").native();
    ::_exit(told ? 0 : 1);
  }
  int result = -1;
  ASSERT_EQ(::waitpid(child, &result, 0), child);
  EXPECT_EQ(result, 0);
  EXPECT_EQ(folder_.names(), std::vector<std::string>{"in"});
}

TEST_F(FileRunTest, leaves_nothing_after_an_exception) {
  write_file(folder_ / "in", "content");
  EXPECT_THROW(static_cast<void>(run(
                   {.remove_source = true},
                   [](Source&, Sink&) -> Result<Transfer> { throw std::runtime_error("mine"); })),
               std::runtime_error);
  EXPECT_EQ(folder_.names(), std::vector<std::string>{"in"});
}

TEST_F(FileRunTest, removes_the_source_after_success) {
  write_file(folder_ / "in", "content");
  run({.remove_source = true, .sync = false}).value();
  EXPECT_EQ(folder_.names(), std::vector<std::string>{"out"});
}

TEST_F(FileRunTest, takes_the_prefix_of_a_file_that_grows) {
  write_file(folder_ / "in", "content");
  const auto grow = [&] { std::ofstream(folder_ / "in", std::ios::app) << " and more"; };
  run({}, copy_and(grow)).value();
  EXPECT_EQ(read_file(folder_ / "out"), "content");
}

TEST_F(FileRunTest, never_removes_a_file_that_grew) {
  write_file(folder_ / "in", "content");
  const auto grow = [&] { std::ofstream(folder_ / "in", std::ios::app) << " and more"; };
  const auto done = run({.remove_source = true}, copy_and(grow));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::io);
  EXPECT_EQ(folder_.names(), std::vector<std::string>{"in"});
  EXPECT_EQ(read_file(folder_ / "in"), "content and more");
}

TEST_F(FileRunTest, reports_a_file_that_shrank_while_read) {
  write_file(folder_ / "in", std::string(1000, 'x'));
  const auto done = run({}, [&](Source& source, Sink& sink) {
    std::array<std::byte, 10> part{};
    EXPECT_TRUE(source.read(part));
    std::filesystem::resize_file(folder_ / "in", 20);
    return copy(source, sink);
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::io);
  EXPECT_EQ(done.error().entry, (folder_ / "in").native());
  EXPECT_FALSE(has_output());
}

TEST_F(FileRunTest, never_removes_what_took_the_place_of_the_source) {
  write_file(folder_ / "in", "content");
  write_file(folder_ / "other", "other");
  const auto done =
      run({.remove_source = true},
          copy_and([&] { std::filesystem::rename(folder_ / "other", folder_ / "in"); }));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::io);
  EXPECT_EQ(read_file(folder_ / "in"), "other");
  EXPECT_EQ(read_file(folder_ / "out"), "content");
}

TEST_F(FileRunTest, never_removes_through_a_link) {
  write_file(folder_ / "real", "content");
  std::filesystem::create_symlink("real", folder_ / "in");
  EXPECT_EQ(run({.remove_source = true}).error().code, Errc::invalid_argument);
  EXPECT_FALSE(has_output());
  EXPECT_TRUE(run());
}

TEST_F(FileRunTest, gives_metadata_unless_told_not_to) {
  write_file(folder_ / "in", "content");
  ASSERT_EQ(::chmod((folder_ / "in").c_str(), 04711), 0);
  const timespec times[2] = {{.tv_sec = 1000, .tv_nsec = 0}, {.tv_sec = 2000, .tv_nsec = 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (folder_ / "in").c_str(), times, 0), 0);
  run().value();

  struct stat with {};

  ASSERT_EQ(::stat((folder_ / "out").c_str(), &with), 0);
  EXPECT_EQ(with.st_mode & 07777U, 0711U);
  EXPECT_EQ(with.st_atim.tv_sec, 1000);  // from before the reading
  EXPECT_EQ(with.st_mtim.tv_sec, 2000);

  run({.overwrite = Overwrite::replace, .keep_metadata = false}).value();

  struct stat without {};

  ASSERT_EQ(::stat((folder_ / "out").c_str(), &without), 0);
  EXPECT_NE(without.st_mode & 07777U, 0711U);
  EXPECT_NE(without.st_mtim.tv_sec, 2000);
}

TEST_F(FileRunTest, keeps_zeros_sparse_or_not) {
  const std::string content = "x" + std::string(1 << 20, '\0');
  write_file(folder_ / "in", content);
  for (const bool sparse : {false, true}) {
    run({.overwrite = Overwrite::replace, .sparse = sparse}).value();
    EXPECT_EQ(read_file(folder_ / "out"), content);
  }
}

TEST_F(FileRunTest, public_calls_restore_a_file) {
  const std::string content =
      "some text, some text, some text" + std::string(1 << 20, '\0') + "end";
  write_file(folder_ / "in", content);
  const CompressionConfig config(Algorithm::none);
  compress_file(folder_ / "in", folder_ / "packed", config).value();
  Engine engine;
  const ParallelCompressor parallel(engine, config);
  parallel.compress_file(folder_ / "in", folder_ / "packed2").value();
  EXPECT_EQ(read_file(folder_ / "packed"), read_file(folder_ / "packed2"));

  const DecompressionConfig restore{.algorithm = Algorithm::none};
  decompress_file(folder_ / "packed", folder_ / "plain", restore).value();
  parallel.decompress_file(folder_ / "packed2", folder_ / "plain2", restore).value();
  EXPECT_EQ(read_file(folder_ / "plain"), content);
  EXPECT_EQ(read_file(folder_ / "plain2"), content);
}

}  // namespace
}  // namespace braid::engine
