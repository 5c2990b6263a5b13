#include "io/file.hpp"

#include <braid/file.hpp>

#include <array>
#include <atomic>
#include <cerrno>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/io/temporary_folder.hpp"

namespace braid::io {
namespace {

using test::TemporaryFolder;
using test::write_file;

// Both ends of a pipe, closed at the end unless taken.
struct Pipe {
  explicit Pipe(int flags = 0) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), flags | O_CLOEXEC) != 0) ADD_FAILURE() << "no pipe";
    out = File(ends[0], "pipe");
    in = File(ends[1], "pipe");
  }

  File out;
  File in;
};

std::string read_to_end(Source& source) {
  std::string all;
  std::array<std::byte, 1000> part{};
  for (;;) {
    const std::size_t count = source.read(part).value();
    if (count == 0) return all;
    all += ByteView(part).first(count).text();
  }
}

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 7 + i / 251);
  return text;
}

TEST(file, open_tells_what_is_missing) {
  const TemporaryFolder folder;
  const auto file = File::open_read(folder / "none");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, Errc::not_found);
  EXPECT_EQ(file.error().os_error, ENOENT);
  EXPECT_EQ(file.error().entry, (folder / "none").native());
  EXPECT_EQ(file.error().message, "cannot open '" + (folder / "none").native() + "'");
}

TEST(file, open_refuses_a_nul_byte_instead_of_opening_another_file) {
  const TemporaryFolder folder;
  write_file(folder / "a", "x");
  const auto file = File::open_read(folder / std::string("a\0b", 3));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, Errc::invalid_argument);
}

TEST(file, names_in_messages_cannot_forge_lines) {
  const auto file = File::open_read("/none\n\x1b[31m'\\");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().message, "cannot open '/none\\n\\x1b[31m\\'\\\\'");
  EXPECT_EQ(file.error().entry, "/none\n\x1b[31m'\\");
}

TEST(file, open_of_a_pipe_nobody_writes_does_not_hang) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  const auto file = File::open_read(folder / "pipe", Expect::regular);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, Errc::invalid_argument);
}

TEST(file, open_keeps_off_links_when_asked) {
  const TemporaryFolder folder;
  write_file(folder / "a", "x");
  std::filesystem::create_symlink("a", folder / "link");
  EXPECT_TRUE(File::open_read(folder / "link"));
  const auto file = File::open_read(folder / "link", Expect::regular, Links::keep);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().os_error, ELOOP);
}

TEST(file, descriptors_are_not_inherited) {
  const auto file = File::open_read("/dev/null").value();
  EXPECT_NE(::fcntl(file.descriptor(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(file, assignment_closes_what_it_replaces) {
  auto a = File::open_read("/dev/null").value();
  auto b = File::open_read("/dev/zero").value();
  const int old = a.descriptor();
  a = std::move(b);
  EXPECT_EQ(::fcntl(old, F_GETFD), -1);
  EXPECT_EQ(a.name(), "/dev/zero");
  EXPECT_TRUE(a.is_open());
}

TEST(file, reads_and_writes_at_places) {
  const TemporaryFolder folder;
  File file(::open((folder / "a").c_str(), O_RDWR | O_CREAT, 0600), "a");
  file.write_at("world", 6).value();
  file.write_at("hello ", 0).value();
  std::array<std::byte, 100> bytes{};
  EXPECT_EQ(file.read_at(bytes, 4).value(), 7U);
  EXPECT_EQ(ByteView(bytes).first(7).text(), "o world");
  EXPECT_EQ(file.read_at(bytes, 11).value(), 0U);
  EXPECT_EQ(file.read(bytes).value(), 11U);  // the file position was left alone
}

TEST(file, refuses_places_that_no_file_has) {
  const TemporaryFolder folder;
  File file(::open((folder / "a").c_str(), O_RDWR | O_CREAT, 0600), "a");
  std::array<std::byte, 2> bytes{};
  constexpr std::uint64_t half = std::uint64_t{1} << 63;
  for (const std::uint64_t place : {half, half - 2, ~std::uint64_t{0}}) {
    EXPECT_EQ(file.read_at(bytes, place).error().os_error, EOVERFLOW) << place;
    EXPECT_EQ(file.write_at(ByteView(bytes), place).error().os_error, EOVERFLOW) << place;
  }
  EXPECT_EQ(file.truncate(~0ULL).error().os_error, EOVERFLOW);
}

TEST(file, a_full_disk_is_io_with_the_reason) {
  File file(::open("/dev/full", O_WRONLY), "/dev/full");
  const auto done = file.write("x");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::io);
  EXPECT_EQ(done.error().os_error, ENOSPC);
  EXPECT_EQ(done.error().entry, "/dev/full");
}

TEST(file, a_closed_reader_is_io_with_epipe) {
  Pipe pipe;
  const auto before = ::signal(SIGPIPE, SIG_IGN);
  pipe.out.close().value();
  DescriptorSink sink(pipe.in.descriptor(), "standard output");
  const auto done = sink.write("x");
  ::signal(SIGPIPE, before);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::io);
  EXPECT_EQ(done.error().os_error, EPIPE);
  EXPECT_EQ(done.error().entry, "standard output");
}

TEST(file, double_close_is_reported) {
  auto file = File::open_read("/dev/null").value();
  EXPECT_TRUE(file.close());
  EXPECT_EQ(file.close().error().os_error, EBADF);
}

TEST(file, flush_leaves_the_file_open) {
  const TemporaryFolder folder;
  File file(::open((folder / "a").c_str(), O_RDWR | O_CREAT, 0600), "a");
  file.flush().value();
  EXPECT_TRUE(file.write("x"));
}

TEST(file, reads_what_a_pipe_has_so_far) {
  Pipe pipe;
  pipe.in.write("abc").value();
  DescriptorSource source(pipe.out.descriptor(), "standard input");
  std::array<std::byte, 10> bytes{};
  EXPECT_EQ(source.read(bytes).value(), 3U);
  EXPECT_FALSE(source.size());
  pipe.in.close().value();
  EXPECT_EQ(source.read(bytes).value(), 0U);
}

// More than a pipe holds, so that both sides must wait for the other.
TEST(file, waits_for_pipes_that_do_not_block) {
  Pipe pipe(O_NONBLOCK);
  const std::string sent = pattern(1 << 20);
  std::thread writer([&] {
    DescriptorSink(pipe.in.descriptor(), "pipe").write(sent).value();
    pipe.in.close().value();
  });
  DescriptorSource source(pipe.out.descriptor(), "pipe");
  EXPECT_EQ(read_to_end(source), sent);
  writer.join();
}

// Signals without SA_RESTART, one after the other, for the thread that made it.
class Disturber {
 public:
  Disturber() {
    struct sigaction action {};

    action.sa_handler = [](int) { ++caught; };
    caught = 0;
    EXPECT_EQ(::sigaction(SIGUSR1, &action, &before_), 0);
    thread_ = std::thread([this, target = ::pthread_self()] {
      while (!done_ || caught == 0) {
        ::pthread_kill(target, SIGUSR1);
        std::this_thread::yield();
      }
    });
  }

  Disturber(const Disturber&) = delete;
  Disturber& operator=(const Disturber&) = delete;

  ~Disturber() {
    done_ = true;
    thread_.join();
    ::sigaction(SIGUSR1, &before_, nullptr);
  }

 private:
  inline static std::atomic<int> caught{0};

  struct sigaction before_ {};

  std::atomic<bool> done_{false};
  std::thread thread_;
};

TEST(file, signals_lose_no_bytes_of_a_reader) {
  Pipe pipe;
  const std::string sent = pattern(4 << 20);
  std::thread writer([&] {
    write_all(pipe.in.descriptor(), sent, "pipe").value();
    pipe.in.close().value();
  });
  {
    const Disturber disturber;
    DescriptorSource source(pipe.out.descriptor(), "pipe");
    EXPECT_EQ(read_to_end(source), sent);
  }
  writer.join();
}

TEST(file, signals_lose_no_bytes_of_a_writer) {
  Pipe pipe;
  const std::string sent = pattern(4 << 20);
  std::string received;
  std::thread reader([&] {
    DescriptorSource source(pipe.out.descriptor(), "pipe");
    received = read_to_end(source);
  });
  {
    const Disturber disturber;
    DescriptorSink(pipe.in.descriptor(), "pipe").write(sent).value();
  }
  pipe.in.close().value();
  reader.join();
  EXPECT_EQ(received, sent);
}

TEST(file, size_counts_from_the_position) {
  const TemporaryFolder folder;
  write_file(folder / "a", "0123456789");
  auto file = File::open_read(folder / "a").value();
  DescriptorSource source(file.descriptor(), "a");
  EXPECT_EQ(source.size(), 10U);
  std::array<std::byte, 3> bytes{};
  EXPECT_EQ(source.read(bytes).value(), 3U);
  EXPECT_EQ(source.size(), 7U);
  ::lseek(file.descriptor(), 100, SEEK_SET);
  EXPECT_EQ(source.size(), 0U);
}

TEST(file, size_of_an_empty_file_is_known_and_of_a_proc_file_not) {
  const TemporaryFolder folder;
  write_file(folder / "empty", "");
  auto empty = File::open_read(folder / "empty").value();
  EXPECT_EQ(DescriptorSource(empty.descriptor(), "").size(), 0U);
  auto proc = File::open_read("/proc/self/status").value();
  EXPECT_FALSE(DescriptorSource(proc.descriptor(), "").size());
}

TEST(file, same_file_under_two_names) {
  const TemporaryFolder folder;
  write_file(folder / "a", "x");
  write_file(folder / "b", "x");
  std::filesystem::create_hard_link(folder / "a", folder / "c");
  const auto info = [&](const char* name) {
    return look_up(folder / name, Links::keep).value().value();
  };
  EXPECT_TRUE(info("a").same_file(info("c")));
  EXPECT_FALSE(info("a").same_file(info("b")));
}

TEST(file, tells_growth_from_change) {
  FileInfo before{.kind = FileKind::regular, .size = 10};
  FileInfo now = before;
  EXPECT_FALSE(changed_at_all(before, now));
  now.modified.tv_nsec = 1;
  EXPECT_TRUE(changed_in_place(before, now));
  now.size = 11;
  EXPECT_FALSE(changed_in_place(before, now));
  EXPECT_TRUE(changed_at_all(before, now));
  now.size = 9;
  EXPECT_TRUE(changed_in_place(before, now));
}

}  // namespace
}  // namespace braid::io
