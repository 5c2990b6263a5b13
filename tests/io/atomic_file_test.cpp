#include "io/atomic_file.hpp"

#include <array>

#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/io/temporary_folder.hpp"

namespace braid::io {
namespace {

using test::read_file;
using test::TemporaryFolder;
using test::write_file;

using Backing = AtomicFile::Backing;

struct stat status_of(const std::filesystem::path& path) {
  struct stat status {};

  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status;
}

// Both ways of keeping a file out of sight must behave the same.
class AtomicFileTest : public testing::TestWithParam<Backing> {
 protected:
  AtomicFile create(const std::filesystem::path& target, Overwrite overwrite = Overwrite::refuse) {
    return AtomicFile::create(target, overwrite, GetParam()).value();
  }

  TemporaryFolder folder_;
};

TEST_P(AtomicFileTest, has_no_final_name_before_commit) {
  auto file = create(folder_ / "out");
  file.file().write("content").value();
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out"));
  file.commit({}).value();
  EXPECT_EQ(read_file(folder_ / "out"), "content");
  EXPECT_EQ(folder_.names().size(), 1U);
}

TEST_P(AtomicFileTest, leaves_nothing_when_dropped) {
  {
    auto file = create(folder_ / "out");
    file.file().write("content").value();
  }
  EXPECT_TRUE(folder_.names().empty());
}

TEST_P(AtomicFileTest, tells_the_temporary_name) {
  auto file = create(folder_ / "out");
  if (GetParam() == Backing::named) {
    EXPECT_TRUE(std::filesystem::exists(folder_ / file.temporary()));
    EXPECT_EQ(file.temporary().find(".out.braid-"), 0U);
  } else {
    EXPECT_EQ(file.temporary(), "");
    EXPECT_TRUE(folder_.names().empty());
  }
}

TEST_P(AtomicFileTest, refuses_an_existing_file_before_any_work) {
  write_file(folder_ / "out", "old");
  const auto file = AtomicFile::create(folder_ / "out", Overwrite::refuse, GetParam());
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, Errc::already_exists);
  EXPECT_EQ(file.error().entry, (folder_ / "out").native());
}

TEST_P(AtomicFileTest, refuses_a_dangling_link) {
  std::filesystem::create_symlink("nowhere", folder_ / "out");
  const auto file = AtomicFile::create(folder_ / "out", Overwrite::refuse, GetParam());
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, Errc::already_exists);
}

TEST_P(AtomicFileTest, keeps_a_file_that_came_up_meanwhile) {
  auto file = create(folder_ / "out");
  file.file().write("mine").value();
  write_file(folder_ / "out", "theirs");
  const auto done = file.commit({});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::already_exists);
  EXPECT_EQ(read_file(folder_ / "out"), "theirs");
  EXPECT_EQ(folder_.names().size(), 1U);
}

TEST_P(AtomicFileTest, replaces_only_at_commit) {
  write_file(folder_ / "out", "old");
  auto file = create(folder_ / "out", Overwrite::replace);
  file.file().write("new").value();
  EXPECT_EQ(read_file(folder_ / "out"), "old");
  file.commit({.overwrite = Overwrite::replace, .sync = false}).value();
  EXPECT_EQ(read_file(folder_ / "out"), "new");
  EXPECT_EQ(folder_.names().size(), 1U);
}

TEST_P(AtomicFileTest, replaces_where_nothing_is) {
  auto file = create(folder_ / "out", Overwrite::replace);
  file.commit({.overwrite = Overwrite::replace}).value();
  EXPECT_EQ(read_file(folder_ / "out"), "");
}

TEST_P(AtomicFileTest, replaces_a_link_and_not_what_it_leads_to) {
  write_file(folder_ / "precious", "old");
  std::filesystem::create_symlink("precious", folder_ / "out");
  auto file = create(folder_ / "out", Overwrite::replace);
  file.file().write("new").value();
  file.commit({.overwrite = Overwrite::replace}).value();
  EXPECT_EQ(read_file(folder_ / "precious"), "old");
  EXPECT_FALSE(std::filesystem::is_symlink(folder_ / "out"));
  EXPECT_EQ(read_file(folder_ / "out"), "new");
}

TEST_P(AtomicFileTest, never_replaces_a_folder_or_a_pipe) {
  std::filesystem::create_directory(folder_ / "folder");
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  for (const char* name : {"folder", "pipe"}) {
    const auto file = AtomicFile::create(folder_ / name, Overwrite::replace, GetParam());
    ASSERT_FALSE(file) << name;
    EXPECT_EQ(file.error().code, Errc::invalid_argument);
  }
}

TEST_P(AtomicFileTest, keeps_a_folder_that_came_up_meanwhile) {
  auto file = create(folder_ / "out", Overwrite::replace);
  std::filesystem::create_directory(folder_ / "out");
  const auto done = file.commit({.overwrite = Overwrite::replace});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::io);
  EXPECT_EQ(folder_.names(), std::vector<std::string>{"out"});
}

TEST_P(AtomicFileTest, is_private_until_commit) {
  auto file = create(folder_ / "out");
  EXPECT_EQ(file.file().info().value().mode, 0600U);
  if (!file.temporary().empty()) {
    EXPECT_EQ(status_of(folder_ / file.temporary()).st_mode & 07777U, 0600U);
  }
}

TEST_P(AtomicFileTest, gets_the_permissions_of_a_new_file) {
  const mode_t before = ::umask(027);
  auto file = create(folder_ / "out");
  const auto done = file.commit({});
  ::umask(before);
  ASSERT_TRUE(done);
  EXPECT_EQ(status_of(folder_ / "out").st_mode & 07777U, 0640U);
}

TEST_P(AtomicFileTest, gets_mode_times_and_owner_but_no_setuid) {
  write_file(folder_ / "in", "x");
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown((folder_ / "in").c_str(), 1234, 2345), 0);
  }
  ASSERT_EQ(::chmod((folder_ / "in").c_str(), 07751), 0);
  const timespec times[2] = {{.tv_sec = 1000, .tv_nsec = 1},
                             {.tv_sec = 2000, .tv_nsec = 123456789}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (folder_ / "in").c_str(), times, 0), 0);
  const auto in = look_up(folder_ / "in", Links::keep).value().value();

  auto file = create(folder_ / "out");
  file.file().write("content").value();
  file.commit({.metadata = &in}).value();

  const struct stat out = status_of(folder_ / "out");
  EXPECT_EQ(out.st_mode & 07777U, 0751U);
  EXPECT_EQ(out.st_uid, in.owner);
  EXPECT_EQ(out.st_gid, in.group);
  EXPECT_EQ(out.st_atim.tv_sec, 1000);
  EXPECT_EQ(out.st_mtim.tv_sec, 2000);
  EXPECT_EQ(out.st_mtim.tv_nsec, 123456789);
}

TEST_P(AtomicFileTest, gives_nobody_access_when_the_group_cannot_be_kept) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to become somebody else";
  write_file(folder_ / "in", "x");
  ASSERT_EQ(::chown((folder_ / "in").c_str(), 1234, 2345), 0);
  ASSERT_EQ(::chmod((folder_ / "in").c_str(), 0664), 0);
  ASSERT_EQ(::chown(folder_.path().c_str(), 4321, 4321), 0);
  const auto in = look_up(folder_ / "in", Links::keep).value().value();
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgroups(0, nullptr) != 0 || ::setresgid(4321, 4321, 4321) != 0 ||
        ::setresuid(4321, 4321, 4321) != 0) {
      ::_exit(2);
    }
    auto file = AtomicFile::create(folder_ / "out", Overwrite::refuse, GetParam());
    ::_exit(file && file->commit({.metadata = &in}) ? 0 : 1);
  }
  int result = -1;
  ASSERT_EQ(::waitpid(child, &result, 0), child);
  ASSERT_EQ(result, 0);
  EXPECT_EQ(status_of(folder_ / "out").st_uid, 4321U);
  EXPECT_EQ(status_of(folder_ / "out").st_mode & 07777U, 0644U);
}

TEST_P(AtomicFileTest, has_no_final_name_after_kill) {
  std::array<int, 2> ready{};
  ASSERT_EQ(::pipe(ready.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    auto file = AtomicFile::create(folder_ / "out", Overwrite::refuse, GetParam()).value();
    file.file().write("half of it").value();
    if (::write(ready[1], "x", 1) == 1) ::pause();
    ::_exit(1);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out"));
  EXPECT_EQ(folder_.names().empty(), GetParam() == Backing::nameless);
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_P(AtomicFileTest, takes_names_of_any_length_and_bytes) {
  const std::string longest(255, 'n');
  const std::string umlauts = [] {
    std::string text = "x";
    while (text.size() + 2 <= 255) text += "\xc3\xa4";
    return text;
  }();
  for (const std::string& name : {longest, umlauts, std::string("new\nline"), std::string("-rf")}) {
    for (int round = 0; round < 2; ++round) {
      auto file = create(folder_ / name, Overwrite::replace);
      EXPECT_LE(file.temporary().size(), 143U);
      file.commit({.overwrite = Overwrite::replace}).value();
      EXPECT_TRUE(std::filesystem::exists(folder_ / name));
    }
  }
  EXPECT_EQ(folder_.names().size(), 4U);
}

TEST_P(AtomicFileTest, cuts_temporary_names_between_characters) {
  if (GetParam() != Backing::named) GTEST_SKIP() << "has no name";
  std::string name = "x";
  while (name.size() < 120) name += "\xc3\xa4";
  const auto file = create(folder_ / name);
  EXPECT_EQ(file.temporary().find(".braid-") % 2, 0U);  // dot, x, whole pairs
}

TEST_P(AtomicFileTest, refuses_names_that_cannot_be_before_any_work) {
  const auto code = [&](const std::filesystem::path& path) {
    const auto file = AtomicFile::create(path, Overwrite::refuse, GetParam());
    return file ? std::optional<Errc>() : file.error().code;
  };
  EXPECT_EQ(code(""), Errc::invalid_argument);
  EXPECT_EQ(code(folder_ / ""), Errc::invalid_argument);
  EXPECT_EQ(code(folder_ / ".."), Errc::invalid_argument);
  EXPECT_EQ(code(folder_ / std::string("a\0b", 3)), Errc::invalid_argument);
  EXPECT_EQ(code(folder_ / std::string(256, 'n')), Errc::io);
  EXPECT_EQ(code(folder_ / "missing" / "out"), Errc::not_found);
}

TEST_P(AtomicFileTest, names_the_folder_that_lets_nothing_in) {
  const auto file = AtomicFile::create("/proc/self/out", Overwrite::refuse, GetParam());
  ASSERT_FALSE(file);
  EXPECT_NE(file.error().message.find("'/proc/self'"), std::string::npos) << file.error().message;
  EXPECT_EQ(file.error().entry, "/proc/self/out");
  EXPECT_NE(file.error().os_error, 0);
}

TEST_P(AtomicFileTest, follows_its_folder) {
  std::filesystem::create_directory(folder_ / "a");
  auto file = create(folder_ / "a" / "out");
  std::filesystem::rename(folder_ / "a", folder_ / "b");
  file.commit({}).value();
  EXPECT_TRUE(std::filesystem::exists(folder_ / "b" / "out"));
}

INSTANTIATE_TEST_SUITE_P(backing, AtomicFileTest,
                         testing::Values(Backing::nameless, Backing::named), [](const auto& test) {
                           return test.param == Backing::named ? "named" : "nameless";
                         });

}  // namespace
}  // namespace braid::io
