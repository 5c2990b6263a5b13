#include <braid/file.hpp>

#include <array>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/io/temporary_folder.hpp"

namespace braid {
namespace {

using test::read_file;
using test::TemporaryFolder;
using test::write_file;

TEST(file_source, reads_on_and_at_places_side_by_side) {
  const TemporaryFolder folder;
  write_file(folder / "a", "0123456789");
  auto source = FileSource::open(folder / "a").value();
  EXPECT_EQ(source.size(), 10U);
  std::array<std::byte, 4> bytes{};
  EXPECT_EQ(source.read(bytes).value(), 4U);
  EXPECT_EQ(source.read_at(bytes, 8).value(), 2U);
  EXPECT_EQ(ByteView(bytes).first(2).text(), "89");
  EXPECT_EQ(source.size(), 6U);
  EXPECT_EQ(source.read(bytes).value(), 4U);
  EXPECT_EQ(ByteView(bytes).text(), "4567");
}

TEST(file_source, reads_at_places_from_many_threads) {
  const TemporaryFolder folder;
  std::string content(100000, '\0');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i % 251);
  write_file(folder / "a", content);
  const auto source = FileSource::open(folder / "a").value();
  std::vector<std::thread> threads;
  std::array<bool, 4> good{};
  for (std::size_t t = 0; t < good.size(); ++t) {
    threads.emplace_back([&, t] {
      bool same = true;
      std::vector<std::byte> bytes(1000);
      for (std::size_t at = t * 10; at < content.size(); at += bytes.size()) {
        const std::size_t count = source.read_at(bytes, at).value();
        same = same && ByteView(bytes).first(count) == ByteView(content).slice(at, bytes.size());
      }
      good[t] = same;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, (std::array<bool, 4>{true, true, true, true}));
}

TEST(file_source, tells_what_is_missing) {
  const auto source = FileSource::open("/none");
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, Errc::not_found);
}

TEST(file_sink, appears_at_commit_complete) {
  const TemporaryFolder folder;
  const std::string content = "a" + std::string(100000, '\0');
  for (const bool sparse : {false, true}) {
    write_file(folder / "out", "old");
    auto sink =
        FileSink::create(folder / "out", {.overwrite = Overwrite::replace, .sparse = sparse})
            .value();
    auto moved = std::move(sink);
    moved.write(content).value();
    EXPECT_EQ(read_file(folder / "out"), "old");
    moved.commit().value();
    EXPECT_EQ(read_file(folder / "out"), content);
  }
}

TEST(file_sink, leaves_nothing_without_commit) {
  const TemporaryFolder folder;
  {
    auto sink = FileSink::create(folder / "out", {}).value();
    sink.write("content").value();
  }
  EXPECT_TRUE(folder.names().empty());
}

TEST(file_sink, refuses_what_exists) {
  const TemporaryFolder folder;
  write_file(folder / "out", "old");
  const auto sink = FileSink::create(folder / "out", {});
  ASSERT_FALSE(sink);
  EXPECT_EQ(sink.error().code, Errc::already_exists);
  EXPECT_EQ(read_file(folder / "out"), "old");
}

}  // namespace
}  // namespace braid
