#include <braid/archive_reader.hpp>
#include <braid/archive_writer.hpp>
#include <braid/codec.hpp>

#include <atomic>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "base/byte_order.hpp"
#include "tests/codec/deflate_samples.hpp"
#include "tests/io/temporary_folder.hpp"
#include "tests/support/bytes_read.hpp"
#include "tests/support/forgetting_visitor.hpp"
#include "tests/support/sanitized.hpp"

// Of tar archives no more is read than what is asked for, as far as places in them are known.
namespace braid {
namespace {

namespace fs = std::filesystem;
using codec::deflate::samples::noise;
using codec::deflate::samples::text;
using test::TemporaryFolder;

constexpr std::size_t mib = 1 << 20;

// More than one thread has in hand. Too little of it compresses for reading it to go unnoticed.
constexpr std::size_t large_size = 40 * mib;

const std::string& large() {
  static const std::string all = [] {
    const std::string some = noise(200'000, 3);
    std::string bytes;
    while (bytes.size() < large_size) bytes += std::to_string(bytes.size()) + some;
    bytes.resize(large_size);
    return bytes;
  }();
  return all;
}

Entry file(std::string path) {
  Entry entry;
  entry.path = std::move(path);
  entry.mode = 0644;
  return entry;
}

class Names final : public EntryVisitor {
 public:
  Result<Visit> enter(const Entry& entry) override {
    names += entry.path + '\n';
    return Visit::skip;
  }

  Result<std::unique_ptr<EntrySink>> open(const Entry& /*entry*/) override { return nullptr; }

  std::string names;
};

class LargeEntries : public testing::TestWithParam<Algorithm> {
 protected:
  void SetUp() override {
    if (sanitized::by_thread) GTEST_SKIP() << "one thread";
    if (!info(GetParam()).built) GTEST_SKIP() << "built without the format";
  }

  // Between two small entries two large ones.
  static const Buffer& packed() {
    static std::map<Algorithm, Buffer> all;
    Buffer& bytes = all[GetParam()];
    if (!bytes.empty()) return bytes;
    CompressionConfig config(GetParam());
    if (GetParam() != Algorithm::none) config.level(Level::fastest);
    Engine engine({.threads = 2});
    BufferSink sink(bytes);
    auto writer =
        ArchiveWriter::open(engine, sink, {.format = ArchiveFormat::tar, .compression = config})
            .value();
    writer.add(file("first"), ByteView("begin")).value();
    writer.add(file("large"), ByteView(large())).value();
    writer.add(file("larger"), ByteView(large())).value();
    writer.add(file("last"), ByteView("end")).value();
    static_cast<void>(writer.finish().value());
    return bytes;
  }

  fs::path put(ByteView bytes) {
    fs::path path = folder_ / "archive";
    test::write_file(path, std::string(bytes.text()));
    return path;
  }

  TemporaryFolder folder_;
  Engine one_{{.threads = 1}};
};

TEST_P(LargeEntries, are_not_read_when_nobody_asks_for_them) {
  if (!support::bytes_read()) GTEST_SKIP() << "the system does not tell how much is read";
  const std::size_t size = packed().size();
  const fs::path path = put(packed().view());
  std::uint64_t before = *support::bytes_read();
  support::ForgettingVisitor all;
  ASSERT_TRUE(visit_archive(one_, path, all));
  EXPECT_GE(*support::bytes_read() - before, size);

  before = *support::bytes_read();
  Names visitor;
  const auto visited = visit_archive(one_, path, visitor);
  ASSERT_TRUE(visited) << visited.error().text();
  EXPECT_EQ(visitor.names, "first\nlarge\nlarger\nlast\n");
  EXPECT_LT(*support::bytes_read() - before, size / 2);

  before = *support::bytes_read();
  const auto reader = ArchiveReader::open(one_, path);
  ASSERT_TRUE(reader) << reader.error().text();
  ASSERT_NE(reader->find("last"), nullptr);
  EXPECT_EQ(reader->read(*reader->find("last")).value().view().text(), "end");
  EXPECT_LT(*support::bytes_read() - before, size / 2);
  EXPECT_TRUE(reader->read(*reader->find("larger")).value().view().text() == large());
}

TEST_P(LargeEntries, are_verified_when_they_are_read) {
  std::string archive(packed().view().text());
  archive[archive.size() / 4] = static_cast<char>(archive[archive.size() / 4] ^ 0x10);
  const fs::path path = put(ByteView(archive));
  Names names;
  EXPECT_TRUE(visit_archive(one_, path, names));
  support::ForgettingVisitor all;
  const auto visited = visit_archive(one_, path, all);
  if (GetParam() == Algorithm::none) {
    EXPECT_TRUE(visited) << "tar has no checksum of contents";
    return;
  }
  ASSERT_FALSE(visited);
  const auto reader = ArchiveReader::open(one_, path);
  ASSERT_TRUE(reader) << reader.error().text();
  EXPECT_FALSE(reader->read(*reader->find("large")));
  EXPECT_EQ(reader->read(*reader->find("last")).value().view().text(), "end");
}

TEST_P(LargeEntries, that_are_cut_short_are_an_error_also_when_passed_over) {
  const fs::path path = put(packed().view().first(packed().size() / 8 * 5));
  Names visitor;
  const auto visited = visit_archive(one_, path, visitor);
  ASSERT_FALSE(visited);
  EXPECT_EQ(visited.error().code, Errc::truncated) << visited.error().text();
}

// No end of archive follows, which readers of tar do without.
TEST_P(LargeEntries, may_be_the_last_there_is) {
  if (GetParam() != Algorithm::none) GTEST_SKIP() << "of plain archives";
  const std::string_view archive = packed().view().text();
  const std::size_t end = archive.find(large().substr(0, 1000)) + large_size;
  for (const std::size_t missing : {std::size_t{0}, std::size_t{1}}) {
    const fs::path path = put(ByteView(archive.substr(0, end - missing)));
    Names names;
    support::ForgettingVisitor all;
    const auto passed = visit_archive(one_, path, names);
    const auto read = visit_archive(one_, path, all);
    EXPECT_EQ(passed.has_value(), missing == 0) << missing;
    EXPECT_EQ(read.has_value(), missing == 0) << missing;
    EXPECT_EQ(names.names, "first\nlarge\n");
  }
}

// A seek table is passed over by whoever decodes all: it must not make a list show other entries.
TEST_P(LargeEntries, are_found_behind_by_what_decoders_go_by) {
  if (GetParam() != Algorithm::zstd) GTEST_SKIP() << "of seek tables";
  std::string archive(packed().view().text());
  constexpr std::size_t footer = 9;
  auto* const end = reinterpret_cast<std::byte*>(archive.data()) + archive.size() - footer;
  const auto frames = base::load_le<std::uint32_t>(end);
  std::byte* const second = end - std::size_t{8} * (frames - 1) + 4;
  std::byte* const last = end - 4;
  base::store_le(second, base::load_le<std::uint32_t>(second) - 512);
  base::store_le(last, base::load_le<std::uint32_t>(last) + 512);
  const fs::path path = put(ByteView(archive));
  Names visitor;
  const auto visited = visit_archive(one_, path, visitor);
  ASSERT_TRUE(visited) << visited.error().text();
  EXPECT_EQ(visitor.names, "first\nlarge\nlarger\nlast\n");
}

INSTANTIATE_TEST_SUITE_P(Formats, LargeEntries,
                         testing::Values(Algorithm::none, Algorithm::zstd, Algorithm::xz),
                         [](const auto& tested) {
                           return std::string(braid::info(tested.param).name);
                         });

// In each format any entry is found again, in any order and from several threads, whatever the
// archive tells of places.
class AnyEntry : public testing::TestWithParam<std::pair<Algorithm, Layout>> {
 protected:
  static constexpr int entries = sanitized::unless_any(60, 24);

  static std::string content(int i) {
    return text(static_cast<std::size_t>(i % 7) * 40'000 + 11, static_cast<unsigned>(i));
  }

  static Buffer packed() {
    const auto [algorithm, layout] = GetParam();
    CompressionConfig config(algorithm);
    config.level(Level::fastest);
    if (layout != Layout::standard) config.layout(layout);
    Engine engine({.threads = 2});
    Buffer bytes;
    BufferSink sink(bytes);
    auto writer =
        ArchiveWriter::open(engine, sink, {.format = ArchiveFormat::tar, .compression = config})
            .value();
    for (int i = 0; i < entries; ++i) {
      writer.add(file(std::to_string(i)), ByteView(content(i))).value();
    }
    static_cast<void>(writer.finish().value());
    return bytes;
  }
};

TEST_P(AnyEntry, is_read_in_any_order_by_several_threads) {
  if (!info(GetParam().first).built) GTEST_SKIP() << "built without the format";
  const Buffer archive = packed();
  ArchiveReadOptions options;
  options.format = ArchiveName{ArchiveFormat::tar, GetParam().first};  // brotli has no signature
  for (const unsigned threads : {1U, 3U}) {
    if (sanitized::by_thread && threads == 1) continue;
    Engine engine({.threads = threads});
    const auto reader = ArchiveReader::open(engine, archive.view(), options);
    ASSERT_TRUE(reader) << reader.error().text();
    ASSERT_EQ(reader->entries().size(), static_cast<std::size_t>(entries));
    std::vector<std::thread> readers;
    std::atomic<int> wrong = 0;
    for (unsigned seed = 0; seed < 3; ++seed) {
      readers.emplace_back([&, seed] {
        std::mt19937 random(seed);
        for (int i = 0; i < sanitized::unless_any(40, 12); ++i) {
          const auto number = static_cast<int>(random() % entries);
          const auto read = reader->read(reader->entries()[static_cast<std::size_t>(number)]);
          if (!read || read->view().text() != content(number)) ++wrong;
        }
      });
    }
    for (std::thread& thread : readers) thread.join();
    EXPECT_EQ(wrong, 0) << threads;
  }
}

// Sources of one archive beside each other, a piece from each in turn.
TEST_P(AnyEntry, goes_on_beside_others) {
  if (!info(GetParam().first).built) GTEST_SKIP() << "built without the format";
  const Buffer archive = packed();
  ArchiveReadOptions options;
  options.format = ArchiveName{ArchiveFormat::tar, GetParam().first};
  Engine engine({.threads = 2});
  const auto reader = ArchiveReader::open(engine, archive.view(), options);
  ASSERT_TRUE(reader) << reader.error().text();
  std::vector<int> numbers = {5, 21, 6, 13};
  std::vector<std::unique_ptr<Source>> sources;
  std::vector<std::string> got(numbers.size());
  for (const int number : numbers) {
    sources.push_back(reader->open_entry(*reader->find(std::to_string(number))).value());
  }
  std::vector<std::byte> room(10'000);
  for (bool more = true; more;) {
    more = false;
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const std::size_t count = sources[i]->read(room).value();
      got[i] += ByteView(room).first(count).text();
      more = more || count != 0;
    }
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    EXPECT_EQ(got[i], content(numbers[i])) << numbers[i];
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, AnyEntry,
                         testing::Values(std::pair(Algorithm::gzip, Layout::standard),
                                         std::pair(Algorithm::gzip, Layout::bgzf),
                                         std::pair(Algorithm::zstd, Layout::standard),
                                         std::pair(Algorithm::zstd, Layout::single),
                                         std::pair(Algorithm::xz, Layout::standard),
                                         std::pair(Algorithm::bzip2, Layout::standard),
                                         std::pair(Algorithm::lz4, Layout::standard),
                                         std::pair(Algorithm::brotli, Layout::standard),
                                         std::pair(Algorithm::lzma, Layout::standard)),
                         [](const auto& tested) {
                           return std::string(braid::info(tested.param.first).name) + '_' +
                                  std::to_string(static_cast<int>(tested.param.second));
                         });

}  // namespace
}  // namespace braid
