#include <braid/archive.hpp>

#include <algorithm>
#include <map>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/archive/hostile_archives.hpp"
#include "tests/archive/tar_builder.hpp"
#include "tests/io/temporary_folder.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/support/zero_source.hpp"

// Archives that mean harm: nothing outside the folder is made or touched, no link out of it is
// left, and what is refused is named.
namespace braid {
namespace {

namespace fs = std::filesystem;
using archive::built::Hostile;
using test::TemporaryFolder;
using test::write_file;

// Everything of a folder that an extraction could change.
std::map<std::string, std::string> snapshot(const fs::path& folder, const fs::path& left_out) {
  std::map<std::string, std::string> seen;
  for (auto it = fs::recursive_directory_iterator(folder); it != fs::end(it); ++it) {
    if (it->path() == left_out) {
      it.disable_recursion_pending();
      continue;
    }

    struct stat status {};

    EXPECT_EQ(::lstat(it->path().c_str(), &status), 0);
    std::string state = std::to_string(status.st_mode) + ' ' + std::to_string(status.st_uid) + ' ' +
                        std::to_string(status.st_nlink) + ' ' +
                        std::to_string(status.st_mtim.tv_sec) + '.' +
                        std::to_string(status.st_mtim.tv_nsec);
    if (it->is_regular_file() && !it->is_symlink()) state += ' ' + test::read_file(it->path());
    seen[it->path()] = std::move(state);
  }
  return seen;
}

// Where a link leads when every step of it is followed.
bool leads_out(const fs::path& link, const fs::path& folder) {
  std::error_code failed;
  const fs::path end = fs::weakly_canonical(link.parent_path() / fs::read_symlink(link), failed);
  if (failed) return false;  // a loop: nowhere
  const std::string inside = fs::canonical(folder).native();
  return end.native() != inside && !end.native().starts_with(inside + '/');
}

class HostileArchive : public testing::TestWithParam<Hostile> {
 protected:
  HostileArchive() {
    fs::create_directory(outside());
    write_file(outside() / "kept", "kept");
    fs::create_directory(box());
    write_file(box() / "there", "there");
    fs::create_directory(box() / "folder");
    write_file(box() / "folder" / "in it", "in it");
    fs::create_directory_symlink("../outside", box() / "way out");
  }

  [[nodiscard]] fs::path outside() const { return folder_ / "outside"; }

  [[nodiscard]] fs::path box() const { return folder_ / "box"; }

  void expect_no_way_out() const {
    for (const auto& entry : fs::recursive_directory_iterator(box())) {
      if (!entry.is_symlink() || entry.path() == box() / "way out") continue;
      EXPECT_FALSE(leads_out(entry.path(), box())) << entry.path();
    }
  }

  TemporaryFolder folder_;
  Engine engine_{{.threads = 2}};
};

TEST_P(HostileArchive, is_refused_by_name_and_touches_nothing_outside) {
  const Hostile& hostile = GetParam();
  const fs::path path = folder_ / "archive";
  write_file(path, hostile.bytes);
  const auto before = snapshot(folder_.path(), box());
  const auto result = extract_archive(engine_, path, box());
  ASSERT_FALSE(result) << hostile.row << ' ' << hostile.name << " was extracted";
  EXPECT_EQ(result.error().code, hostile.expected) << result.error().text();
  EXPECT_FALSE(result.error().message.empty());
  EXPECT_TRUE(snapshot(folder_.path(), box()) == before) << "something outside has changed";
  EXPECT_FALSE(fs::exists("/braid-harm"));
  EXPECT_EQ(test::read_file(box() / "there"), "there");
  EXPECT_EQ(test::read_file(box() / "folder" / "in it"), "in it");
  expect_no_way_out();
}

// Going on behind problems makes no more of them.
TEST_P(HostileArchive, touches_nothing_outside_when_told_to_go_on) {
  const Hostile& hostile = GetParam();
  const fs::path path = folder_ / "archive";
  write_file(path, hostile.bytes);
  const auto before = snapshot(folder_.path(), box());
  ExtractOptions options{.existing = Existing::overwrite};
  options.read.on_problem = [](const std::string&, const Error&) { return true; };
  [[maybe_unused]] const auto result = extract_archive(engine_, path, box(), options);
  EXPECT_TRUE(snapshot(folder_.path(), box()) == before) << "something outside has changed";
  EXPECT_FALSE(fs::exists("/braid-harm"));
  expect_no_way_out();
}

// Threat S1: what is small in the archive and large outside.
class BombTest : public HostileArchive {
 protected:
  // A tar archive with one file of zeros.
  [[nodiscard]] fs::path write_bomb(std::uint64_t size) {
    const fs::path path = folder_ / "bomb.tar.gz";
    FileSink sink = FileSink::create(path, {.sync = false}).value();
    class Bomb final : public Source {
     public:
      explicit Bomb(std::uint64_t size)
          : head_(archive::built::tar_header(
                {.name = "bomb", .size = archive::built::octal(size, 11)})),
            zeros_(size + 1024) {}

      Result<std::size_t> read(MutableBytes out) override {
        if (!head_.empty()) {
          const std::size_t count = std::min(out.size(), head_.size());
          std::copy_n(reinterpret_cast<const std::byte*>(head_.data()), count, out.begin());
          head_.erase(0, count);
          return count;
        }
        return zeros_.read(out);
      }

     private:
      std::string head_;
      support::ZeroSource zeros_;
    };
    Bomb bomb(size);
    CompressionConfig config(Algorithm::gzip);
    config.level(Level::fastest);
    ParallelCompressor(engine_, config).compress(bomb, sink).value();
    sink.commit().value();
    return path;
  }
};

TEST_P(BombTest, stops_at_the_limit_and_leaves_no_file) {
  const fs::path path = write_bomb(sanitized::unless_thread(2_GiB, 1_GiB + 200_MiB));
  EXPECT_LT(fs::file_size(path), 20_MiB);
  ExtractOptions options;
  options.read.max_output = 100_MiB;
  const auto by_size = extract_archive(engine_, path, box(), options);
  ASSERT_FALSE(by_size);
  EXPECT_EQ(by_size.error().code, Errc::output_limit);
  EXPECT_FALSE(fs::exists(box() / "bomb"));
  options.read = {.max_ratio = 100};
  const auto by_ratio = extract_archive(engine_, path, box(), options);
  ASSERT_FALSE(by_ratio);
  EXPECT_EQ(by_ratio.error().code, Errc::output_limit);
  EXPECT_FALSE(fs::exists(box() / "bomb"));
}

TEST_P(BombTest, stops_at_the_allowed_number_of_entries) {
  std::string bytes;
  for (int i = 0; i < 50; ++i) {
    bytes += archive::built::tar_entry({.name = "f" + std::to_string(i)});
  }
  write_file(folder_ / "many.tar", bytes + archive::built::tar_end());
  ExtractOptions options;
  options.read.max_entries = 49;
  const auto result = extract_archive(engine_, folder_ / "many.tar", box(), options);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::output_limit);
}

INSTANTIATE_TEST_SUITE_P(Tar, BombTest, testing::Values(Hostile()),
                         [](const auto&) { return std::string("S1"); });

std::string name_of(const testing::TestParamInfo<Hostile>& tested) {
  return tested.param.row + "_" + tested.param.name;
}

INSTANTIATE_TEST_SUITE_P(Tar, HostileArchive, testing::ValuesIn(archive::built::hostile_tars()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Zip, HostileArchive, testing::ValuesIn(archive::built::hostile_zips()),
                         name_of);

}  // namespace
}  // namespace braid
