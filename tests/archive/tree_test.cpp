#include "archive/tree/tree.hpp"

#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/io/temporary_folder.hpp"

namespace braid::archive {
namespace {

namespace fs = std::filesystem;
using test::read_file;
using test::TemporaryFolder;
using test::write_file;

Entry entry(EntryType type, std::string path, std::string target = {}) {
  Entry made;
  made.type = type;
  made.path = std::move(path);
  made.link_target = std::move(target);
  made.mode = type == EntryType::directory ? 0755 : 0644;
  return made;
}

// Every test once with the kernel's walk and once with ours.
class TreeTest : public testing::TestWithParam<io::Walk> {
 protected:
  TreeTest() {
    fs::create_directory(outside());
    write_file(outside() / "kept", "kept");
  }

  void SetUp() override {
    if (GetParam() == io::Walk::kernel && io::best_walk() != io::Walk::kernel) {
      GTEST_SKIP() << "this kernel has no openat2";
    }
  }

  // Nothing happened where nothing may.
  void TearDown() override {
    if (!fs::exists(outside() / "kept")) return;
    EXPECT_EQ(std::distance(fs::directory_iterator(outside()), fs::directory_iterator()), 1);
    EXPECT_EQ(read_file(outside() / "kept"), "kept");
  }

  [[nodiscard]] fs::path out() const { return folder_ / "out"; }

  [[nodiscard]] fs::path outside() const { return folder_ / "outside"; }

  Tree& tree(TreeOptions options = {}) {
    options.walk = GetParam();
    tree_ = Tree::open(out().native(), options).value();
    return *tree_;
  }

  Result<Placed> put(Tree& tree, Entry file, const std::string& content) {
    file.size = content.size();
    auto made = tree.create(file);
    if (!made) return std::move(made).error();
    if (*made == nullptr) return Placed::skipped;
    if (auto written = (*made)->write(content); !written) return std::move(written).error();
    if (auto finished = (*made)->finish(); !finished) return std::move(finished).error();
    return (*made)->placed();
  }

  Result<Placed> put(Tree& tree, const std::string& path, const std::string& content) {
    return put(tree, entry(EntryType::file, path), content);
  }

  template <typename T>
  static Errc code(const Result<T>& result) {
    return result ? Errc::internal : result.error().code;
  }

  static struct stat look(const fs::path& path) {
    struct stat status {};

    EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
    return status;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Tree> tree_;
};

INSTANTIATE_TEST_SUITE_P(Walks, TreeTest, testing::Values(io::Walk::kernel, io::Walk::steps),
                         [](const auto& walk) {
                           return walk.param == io::Walk::kernel ? "kernel" : "steps";
                         });

TEST_P(TreeTest, makes_files_and_the_folders_above_them) {
  Tree& made = tree();
  EXPECT_EQ(put(made, "a/b/c/file", "content").value(), Placed::made);
  EXPECT_EQ(put(made, "a/b/other", "").value(), Placed::made);
  ASSERT_TRUE(made.finish());
  EXPECT_EQ(read_file(out() / "a/b/c/file"), "content");
  EXPECT_TRUE(fs::exists(out() / "a/b/other"));
}

TEST_P(TreeTest, refuses_names_that_lead_out) {
  Tree& made = tree();
  for (const char* path : {"../outside/x", "/tmp/braid-x", "a/../../outside/x", "..", "."}) {
    EXPECT_EQ(code(put(made, path, "x")), Errc::unsafe_path) << path;
  }
}

TEST_P(TreeTest, writes_nothing_through_a_link_it_made) {
  Tree& made = tree({.escaping_links = true});
  ASSERT_TRUE(made.place(entry(EntryType::symlink, "link", "../outside")));
  const auto refused = put(made, "link/x", "x");
  EXPECT_EQ(code(refused), Errc::unsafe_path);
  EXPECT_EQ(refused.error().entry, "link/x");
  EXPECT_EQ(code(put(made, "link/deeper/x", "x")), Errc::unsafe_path);
  EXPECT_EQ(code(made.place(entry(EntryType::directory, "link/folder"))), Errc::unsafe_path);
  EXPECT_EQ(code(made.place(entry(EntryType::directory, "link"))), Errc::unsafe_path);
}

TEST_P(TreeTest, writes_nothing_through_a_link_that_was_there) {
  fs::create_directory(out());
  fs::create_directory_symlink(outside(), out() / "link");
  fs::create_symlink(outside() / "kept", out() / "file");
  for (const Existing existing : {Existing::refuse, Existing::overwrite, Existing::rename}) {
    Tree& made = tree({.existing = existing});
    EXPECT_EQ(code(put(made, "link/x", "x")), Errc::unsafe_path);
  }
  EXPECT_EQ(code(put(tree(), "file", "x")), Errc::already_exists);
  ASSERT_TRUE(put(tree({.existing = Existing::overwrite}), "file", "x"));
  EXPECT_FALSE(fs::is_symlink(out() / "file"));
  EXPECT_EQ(read_file(out() / "file"), "x");
}

TEST_P(TreeTest, refuses_links_that_lead_out) {
  Tree& made = tree();
  for (const char* target : {"/etc/passwd", "/", "..", "../outside", "a/../../outside"}) {
    EXPECT_EQ(code(made.place(entry(EntryType::symlink, "link", target))), Errc::unsafe_path);
  }
  ASSERT_TRUE(made.finish());
  EXPECT_TRUE(fs::is_empty(out()));
}

TEST_P(TreeTest, refuses_links_that_lead_out_through_other_links) {
  Tree& made = tree();
  // By its text the second stays inside; but "up" is the top, whose ".." is outside.
  ASSERT_TRUE(made.place(entry(EntryType::directory, "a/b")));
  ASSERT_TRUE(made.place(entry(EntryType::symlink, "a/b/up", "../..")));
  ASSERT_TRUE(made.place(entry(EntryType::symlink, "a/b/out", "up/../outside")));
  EXPECT_EQ(code(made.finish()), Errc::unsafe_path);
  EXPECT_TRUE(fs::is_symlink(out() / "a/b/up"));
  EXPECT_FALSE(fs::is_symlink(out() / "a/b/out"));
}

TEST_P(TreeTest, makes_links_whose_dots_stand_behind_folders) {
  Tree& made = tree();
  ASSERT_TRUE(made.place(entry(EntryType::symlink, "link", "a/../b")));
  ASSERT_TRUE(made.place(entry(EntryType::directory, "a")));
  ASSERT_TRUE(made.finish());
  EXPECT_EQ(fs::read_symlink(out() / "link"), "a/../b");
}

TEST_P(TreeTest, puts_no_link_in_the_place_of_a_folder) {
  Tree& made = tree({.existing = Existing::overwrite});
  ASSERT_TRUE(put(made, "a/file", "x"));
  EXPECT_EQ(code(made.place(entry(EntryType::symlink, "a", "b"))), Errc::already_exists);
  EXPECT_EQ(code(put(made, "a", "x")), Errc::already_exists);
  EXPECT_TRUE(fs::is_directory(out() / "a"));
  EXPECT_EQ(std::distance(fs::directory_iterator(out()), fs::directory_iterator()), 1);
}

TEST_P(TreeTest, hard_links_lead_to_files_made_before) {
  Tree& made = tree();
  ASSERT_TRUE(put(made, "a/file", "x"));
  ASSERT_TRUE(made.place(entry(EntryType::hardlink, "b/name", "./a/file")));
  EXPECT_EQ(look(out() / "a/file").st_ino, look(out() / "b/name").st_ino);
}

TEST_P(TreeTest, hard_links_lead_nowhere_else) {
  fs::create_directory(out());
  write_file(out() / "mine", "mine");
  fs::create_directory_symlink(outside(), out() / "link");
  fs::create_symlink("mine", out() / "soft");
  Tree& made = tree();
  ASSERT_TRUE(put(made, "a", "x"));
  ASSERT_TRUE(made.place(entry(EntryType::directory, "folder")));
  for (const char* target : {"../outside/kept", "/etc/passwd", "link/kept", "mine", "soft",
                             "folder", "missing", "a/b", ".", ""}) {
    EXPECT_EQ(code(made.place(entry(EntryType::hardlink, "name", target))), Errc::unsafe_path)
        << target;
  }
  EXPECT_FALSE(fs::exists(out() / "name"));
}

TEST_P(TreeTest, a_hard_link_replaces_under_overwrite) {
  Tree& made = tree({.existing = Existing::overwrite});
  ASSERT_TRUE(put(made, "a", "x"));
  ASSERT_TRUE(put(made, "b", "y"));
  ASSERT_TRUE(made.place(entry(EntryType::hardlink, "b", "a")));
  ASSERT_TRUE(made.place(entry(EntryType::hardlink, "b", "a")));  // once more: the same file
  EXPECT_EQ(read_file(out() / "b"), "x");
  EXPECT_EQ(std::distance(fs::directory_iterator(out()), fs::directory_iterator()), 2);
}

TEST_P(TreeTest, devices_and_pipes_are_refused_unless_asked_for) {
  EXPECT_EQ(code(tree().place(entry(EntryType::fifo, "pipe"))), Errc::unsafe_path);
  EXPECT_EQ(code(tree().place(entry(EntryType::character_device, "null"))), Errc::unsafe_path);
  ASSERT_TRUE(tree({.special_files = true}).place(entry(EntryType::fifo, "pipe")));
  EXPECT_TRUE(fs::is_fifo(out() / "pipe"));
}

TEST_P(TreeTest, gives_no_dangerous_permissions_by_default) {
  Tree& made = tree();
  Entry file = entry(EntryType::file, "file");
  file.mode = 06777;
  ASSERT_TRUE(put(made, file, "x"));
  Entry folder = entry(EntryType::directory, "folder");
  folder.mode = 01777;
  ASSERT_TRUE(made.place(folder));
  ASSERT_TRUE(made.finish());
  EXPECT_EQ(look(out() / "file").st_mode & 07022U, 0U);
  EXPECT_EQ(look(out() / "folder").st_mode & 01022U, 0U);
  EXPECT_EQ(look(out() / "file").st_mode & 0700U, 0700U);
}

TEST_P(TreeTest, preserve_gives_permissions_as_stored) {
  Tree& made = tree({.preserve = true});
  Entry file = entry(EntryType::file, "file");
  file.mode = 04767;
  ASSERT_TRUE(put(made, file, "x"));
  ASSERT_TRUE(made.finish());
  const mode_t expected = ::geteuid() == 0 ? 04767 : 0767;
  EXPECT_EQ(look(out() / "file").st_mode & 07777U, expected);
}

TEST_P(TreeTest, folders_get_permissions_and_times_when_all_is_in_them) {
  Tree& made = tree();
  Entry folder = entry(EntryType::directory, "a/b");
  folder.mode = 0500;
  folder.modified = Timestamp{1'000'000'000, 123'456'789};
  ASSERT_TRUE(made.place(folder));
  Entry above = entry(EntryType::directory, "a");
  above.mode = 0500;
  above.modified = Timestamp{-5, 7};
  ASSERT_TRUE(made.place(above));
  ASSERT_TRUE(put(made, "a/b/c/file", "x"));
  ASSERT_TRUE(made.finish());
  EXPECT_EQ(look(out() / "a/b").st_mode & 07777U, 0500U);
  EXPECT_EQ(look(out() / "a/b").st_mtim.tv_sec, 1'000'000'000);
  EXPECT_EQ(look(out() / "a/b").st_mtim.tv_nsec, 123'456'789);
  EXPECT_EQ(look(out() / "a").st_mtim.tv_sec, -5);
  fs::permissions(out() / "a", fs::perms::owner_all);
  fs::permissions(out() / "a/b", fs::perms::owner_all);
}

TEST_P(TreeTest, leaves_folders_alone_that_were_there) {
  fs::create_directories(out() / "old");
  ::chmod((out() / "old").c_str(), 0751);
  Tree& made = tree();
  for (const char* path : {"old", "."}) {
    Entry folder = entry(EntryType::directory, path);
    folder.mode = 0700;
    folder.modified = Timestamp{5, 0};
    ASSERT_TRUE(made.place(folder));
  }
  ASSERT_TRUE(made.finish());
  EXPECT_EQ(look(out() / "old").st_mode & 07777U, 0751U);
  EXPECT_NE(look(out() / "old").st_mtim.tv_sec, 5);
  EXPECT_NE(look(out()).st_mtim.tv_sec, 5);
}

TEST_P(TreeTest, times_of_files_and_links_are_kept) {
  Tree& made = tree();
  Entry file = entry(EntryType::file, "file");
  file.modified = Timestamp{1234, 5678};
  ASSERT_TRUE(put(made, file, "x"));
  Entry link = entry(EntryType::symlink, "link", "file");
  link.modified = Timestamp{4321, 8765};
  ASSERT_TRUE(made.place(link));
  EXPECT_EQ(look(out() / "file").st_mtim.tv_nsec, 5678);
  EXPECT_EQ(look(out() / "link").st_mtim.tv_sec, 4321);
}

TEST_P(TreeTest, what_exists_is_refused_skipped_replaced_or_kept_beside) {
  for (const std::size_t size : {std::size_t{3}, std::size_t{300} << 10}) {
    const std::string name = "file" + std::to_string(size) + ".txt";
    const std::string content(size, 'n');
    fs::create_directories(out());
    write_file(out() / name, "old");
    EXPECT_EQ(code(put(tree(), name, content)), Errc::already_exists);
    EXPECT_EQ(put(tree({.existing = Existing::skip}), name, content).value(), Placed::skipped);
    EXPECT_EQ(read_file(out() / name), "old");
    ASSERT_TRUE(put(tree({.existing = Existing::rename}), name, content));
    ASSERT_TRUE(put(tree({.existing = Existing::rename}), name, content));
    EXPECT_EQ(read_file(out() / name), "old");
    EXPECT_EQ(read_file(out() / ("file" + std::to_string(size) + "_2.txt")), content);
    ASSERT_TRUE(put(tree({.existing = Existing::overwrite}), name, content));
    EXPECT_EQ(read_file(out() / name), content);
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(out()), fs::directory_iterator()), 6);
}

TEST_P(TreeTest, a_file_that_is_not_finished_leaves_nothing) {
  for (const std::uint64_t size : {std::uint64_t{10}, std::uint64_t{10} << 20}) {
    Tree& made = tree();
    Entry file = entry(EntryType::file, "file");
    file.size = size;
    auto opened = made.create(file);
    ASSERT_TRUE(opened);
    ASSERT_TRUE((*opened)->write("half"));
    opened->reset();
    EXPECT_TRUE(fs::is_empty(out()));
  }
}

TEST_P(TreeTest, a_file_that_is_not_finished_leaves_the_old_one) {
  fs::create_directory(out());
  write_file(out() / "file", "old");
  Tree& made = tree({.existing = Existing::overwrite});
  const Entry file = entry(EntryType::file, "file");
  auto opened = made.create(file);
  ASSERT_TRUE(opened);
  ASSERT_TRUE((*opened)->write("new"));
  EXPECT_EQ(read_file(out() / "file"), "old");
  opened->reset();
  EXPECT_EQ(read_file(out() / "file"), "old");
}

TEST_P(TreeTest, holes_stay_holes) {
  Tree& made = tree();
  Entry file = entry(EntryType::file, "file");
  file.size = (8 << 20) + 1;
  auto opened = made.create(file);
  ASSERT_TRUE(opened);
  ASSERT_TRUE((*opened)->skip(4 << 20));
  ASSERT_TRUE((*opened)->write("x"));
  ASSERT_TRUE((*opened)->skip(4 << 20));
  ASSERT_TRUE((*opened)->finish());
  EXPECT_EQ(look(out() / "file").st_size, (8 << 20) + 1);
  EXPECT_LT(look(out() / "file").st_blocks * 512, 1 << 20);
}

TEST_P(TreeTest, many_threads_fill_one_tree) {
  Tree& made = tree();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&made, t, this] {
      for (int i = 0; i < 200; ++i) {
        const std::string path =
            "a" + std::to_string(i % 150) + "/b/" + std::to_string(t) + "_" + std::to_string(i);
        EXPECT_TRUE(put(made, path, path));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_TRUE(made.finish());
  EXPECT_EQ(read_file(out() / "a7/b/3_157"), "a7/b/3_157");
}

TEST_P(TreeTest, leaves_the_umask_and_the_working_folder_alone) {
  const mode_t before = ::umask(0027);
  const fs::path where = fs::current_path();
  Tree& made = tree();
  Entry file = entry(EntryType::file, "a/file");
  file.mode = 0777;
  ASSERT_TRUE(put(made, file, "x"));
  ASSERT_TRUE(made.place(entry(EntryType::directory, "a")));
  ASSERT_TRUE(made.finish());
  EXPECT_EQ(::umask(before), 0027U);
  EXPECT_EQ(fs::current_path(), where);
  EXPECT_EQ(look(out() / "a/file").st_mode & 07777U, 0750U);
  EXPECT_EQ(look(out() / "a").st_mode & 07777U, 0750U);
}

TEST_P(TreeTest, opens_no_folder_that_cannot_be_made) {
  EXPECT_EQ(code(Tree::open((folder_ / "no/such").native(), {})), Errc::not_found);
  write_file(folder_ / "file", "x");
  EXPECT_EQ(code(Tree::open((folder_ / "file").native(), {})), Errc::io);
}

}  // namespace
}  // namespace braid::archive
