#include <braid/braid.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/engine_impl.hpp"
#include "engine/span_reader.hpp"
#include "tests/codec/deflate_samples.hpp"
#include "tests/io/temporary_folder.hpp"
#include "tests/support/bytes_read.hpp"
#include "tests/support/packed_by_braid.hpp"
#include "tests/support/sanitized.hpp"

// Long ranges of indexed files: on any number of threads the same bytes and the same errors, each
// byte of the file read once.
namespace braid {
namespace {

namespace fs = std::filesystem;
using codec::deflate::samples::deflated;
using codec::deflate::samples::noise;
using codec::deflate::samples::text;
using codec::deflate::samples::Wrap;

constexpr std::size_t mib = 1 << 20;

struct File {
  std::string name;
  std::string packed;
};

// Long enough for threads to take part, quick to pack, and nowhere the same.
const std::string& plain() {
  static const std::string all = [] {
    const std::string some = text(mib - 7, 5) + noise(mib / 8, 6);
    std::string bytes;
    for (int i = 0; bytes.size() < 18 * mib; ++i) bytes += std::to_string(i) + some;
    return bytes;
  }();
  return all;
}

// One for each way to read. Sanitizers see the ways, not the formats.
std::vector<File> make_files() {
  std::vector<File> files;
  files.push_back({"one.gz", deflated(plain(), {Wrap::gzip, 1})});
  for (const Algorithm algorithm : {Algorithm::zstd, Algorithm::xz, Algorithm::lz4}) {
    if (!info(algorithm).built || (sanitized::at_all && algorithm != Algorithm::zstd)) continue;
    const std::string name(info(algorithm).name);
    files.push_back(
        {"parts." + name, support::packed_by_braid(algorithm, plain(), Layout::standard, 700'000)});
    if (algorithm == Algorithm::lz4) continue;
    // More plain bytes than are decoded at once.
    files.push_back(
        {"single." + name, support::packed_by_braid(algorithm, plain(), Layout::single, 0)});
  }
  if (sanitized::at_all) return files;
  files.push_back(
      {"blocks.gz", support::packed_by_braid(Algorithm::gzip, plain(), Layout::bgzf, 0)});
  std::string members;
  for (std::size_t at = 0; at < plain().size(); at += 300'000) {
    members += deflated(plain().substr(at, 300'000), {Wrap::gzip, 1});
  }
  files.push_back({"members.gz", members});
  return files;
}

const std::vector<File>& files() {
  static const std::vector<File> all = make_files();
  return all;
}

class SpanRunTest : public testing::Test {
 protected:
  fs::path put(const std::string& name, std::string_view bytes) {
    const fs::path path = folder_.path() / name;
    test::write_file(path, std::string(bytes));
    return path;
  }

  std::optional<SeekableReader> open(const File& file) {
    auto reader = SeekableReader::open(two_, put(file.name, file.packed));
    EXPECT_TRUE(reader) << file.name << ": " << reader.error().text();
    if (!reader) return std::nullopt;
    return *std::move(reader);
  }

  // Of a format whose parts are checked; nothing in a build without it.
  std::optional<File> parts_of_zstd() {
    for (const File& file : files()) {
      if (file.name == "parts.zstd") return file;
    }
    return std::nullopt;
  }

  test::TemporaryFolder folder_;
  Engine one_{{.threads = 1}};
  Engine two_{{.threads = 2}};
  Engine five_{{.threads = 5}};
};

struct Range {
  std::uint64_t offset;
  std::uint64_t length;
};

std::string_view plain_of(const Range& range) {
  return range.offset >= plain().size()
             ? std::string_view()
             : std::string_view(plain()).substr(range.offset, range.length);
}

TEST_F(SpanRunTest, gives_the_same_bytes_on_any_number_of_threads) {
  for (const File& file : files()) {
    const auto reader = open(file);
    ASSERT_TRUE(reader);
    for (const Range range : {Range{0, UINT64_MAX}, Range{mib / 2 + 17, plain().size() - mib}}) {
      for (Engine* engine : {&one_, &two_, &five_}) {
        if (sanitized::at_all && engine == &two_) continue;
        if (sanitized::by_thread && engine == &one_) continue;
        Buffer got;
        BufferSink sink(got);
        const auto copied = reader->copy(*engine, range.offset, range.length, sink);
        ASSERT_TRUE(copied) << file.name << ": " << copied.error().text();
        EXPECT_EQ(*copied, plain_of(range).size()) << file.name;
        ASSERT_TRUE(got.view().text() == plain_of(range))
            << file.name << " from " << range.offset << " on " << engine->threads();
      }
    }
  }
}

TEST_F(SpanRunTest, gives_short_ranges_and_those_behind_the_end) {
  const std::uint64_t size = plain().size();
  for (const File& file : files()) {
    const auto reader = open(file);
    ASSERT_TRUE(reader);
    for (const Range range : {Range{size - 5, 100}, Range{size / 2, 1}, Range{size, 7},
                              Range{UINT64_MAX, 1}, Range{5, 0}, Range{mib, 3 * mib}}) {
      for (Engine* engine : {&two_, static_cast<Engine*>(nullptr)}) {
        Buffer got;
        BufferSink sink(got);
        const auto copied = engine != nullptr
                                ? reader->copy(*engine, range.offset, range.length, sink)
                                : reader->copy(range.offset, range.length, sink);
        ASSERT_TRUE(copied) << file.name << ": " << copied.error().text();
        EXPECT_EQ(*copied, plain_of(range).size()) << file.name;
        ASSERT_TRUE(got.view().text() == plain_of(range)) << file.name << " from " << range.offset;
      }
    }
  }
}

TEST_F(SpanRunTest, reads_no_part_of_the_file_twice_however_it_is_asked) {
  if (sanitized::by_thread) GTEST_SKIP() << "the other tests have the threads";
  if (!support::bytes_read()) GTEST_SKIP() << "the system does not tell how much is read";
  for (const File& file : files()) {
    const auto reader = open(file);
    ASSERT_TRUE(reader);
    const std::uint64_t most = file.packed.size() + file.packed.size() / 4 + 4 * mib;
    std::uint64_t before = *support::bytes_read();
    Buffer got;
    BufferSink sink(got);
    ASSERT_TRUE(reader->copy(1, UINT64_MAX, sink)) << file.name;
    EXPECT_LE(*support::bytes_read() - before, most) << file.name;

    before = *support::bytes_read();
    std::vector<std::byte> room(400'000);
    for (std::uint64_t at = 0; at < plain().size(); at += room.size()) {
      ASSERT_TRUE(reader->read_at(at, room)) << file.name;
    }
    EXPECT_LE(*support::bytes_read() - before, most) << file.name;

    before = *support::bytes_read();
    got.clear();
    ASSERT_TRUE(reader->copy(two_, 1, UINT64_MAX, sink)) << file.name;
    EXPECT_LE(*support::bytes_read() - before, most) << file.name;
  }
}

TEST_F(SpanRunTest, what_comes_before_damage_is_written_and_then_the_error_is_told) {
  const auto file = parts_of_zstd();
  if (!file) GTEST_SKIP() << "built without zstd";
  const fs::path path = put("damaged", file->packed);
  auto index = SeekIndex::from_file(path);
  ASSERT_TRUE(index && *index);
  std::string bad = file->packed;
  bad[bad.size() / 2] = static_cast<char>(bad[bad.size() / 2] ^ 4);
  bad[bad.size() / 2 + 100] = static_cast<char>(bad[bad.size() / 2 + 100] ^ 4);
  bad[bad.size() / 3 * 2] = static_cast<char>(bad[bad.size() / 3 * 2] ^ 4);
  put("damaged", bad);
  const auto reader = SeekableReader::open(path, **std::move(index));
  ASSERT_TRUE(reader);
  std::optional<std::string> first;
  for (Engine* engine : {&one_, &two_, &five_}) {
    Buffer got;
    BufferSink sink(got);
    const auto copied = reader->copy(*engine, 10, UINT64_MAX, sink);
    ASSERT_FALSE(copied);
    if (!first) first = copied.error().text();
    EXPECT_EQ(copied.error().text(), *first);
    EXPECT_GT(got.size(), plain().size() / 3);
    EXPECT_LT(got.size(), plain().size() * 2 / 3);
    EXPECT_EQ(got.view().text(), plain().substr(10, got.size()));
  }
}

// What cannot be made shorter lies in the file as it is: damage changes bytes and breaks no rule.
class SpanRunFronts : public SpanRunTest, public testing::WithParamInterface<Algorithm> {
 protected:
  void SetUp() override {
    if (!info(GetParam()).built) GTEST_SKIP() << "built without it";
    path_ = put("fronts", packed());
    ASSERT_TRUE(SeekIndex::build(two_, path_)->save(folder_ / "saved"));
  }

  // By an index that was saved before the byte at `damaged` changed.
  Result<Buffer> read(std::uint64_t offset, std::uint64_t length, std::size_t damaged) {
    std::string bad = packed();
    bad[damaged] = static_cast<char>(bad[damaged] ^ 8);
    put("fronts", bad);
    const auto reader =
        SeekableReader::open(path_, SeekIndex::load(folder_ / "saved", path_).value()).value();
    Buffer got;
    BufferSink sink(got);
    auto copied = reader.copy(one_, offset, length, sink);
    if (!copied) return std::move(copied).error();
    return got;
  }

  static std::string_view bytes(std::uint64_t offset, std::uint64_t length) {
    return std::string_view(contents()).substr(offset, length);
  }

  static constexpr std::size_t early_ = mib + mib / 10;     // in the second part's front
  static constexpr std::size_t late_ = 2 * mib - mib / 10;  // near its end

  static const std::string& packed() {
    static std::map<Algorithm, std::string> all;
    std::string& one = all[GetParam()];
    if (one.empty()) {
      one = support::packed_by_braid(GetParam(), contents(), Layout::standard, mib);
    }
    return one;
  }

  static const std::string& contents() {
    static const std::string all = noise(3 * mib, 9);
    return all;
  }

  fs::path path_;
};

TEST_P(SpanRunFronts, are_read_without_what_is_behind_them) {
  for (const Range range : {Range{mib, 100'000}, Range{mib - 5, 200'000}}) {
    const auto got = read(range.offset, range.length, late_);
    ASSERT_TRUE(got) << got.error().text();
    EXPECT_EQ(got->view().text(), bytes(range.offset, range.length));
  }
  EXPECT_FALSE(read(mib, mib - 10, late_));
}

TEST_P(SpanRunFronts, are_verified_by_the_index) {
  const auto got = read(mib, 1000, early_);
  ASSERT_FALSE(got);
  if (GetParam() == Algorithm::lzip) return;  // stores nothing as it is
  EXPECT_EQ(got.error().code, Errc::checksum_mismatch);
  EXPECT_EQ(got.error().algorithm, GetParam());
  EXPECT_GE(got.error().offset, mib);
  EXPECT_LT(got.error().offset, early_);
}

TEST_P(SpanRunFronts, another_part_is_not_concerned) {
  const auto got = read(2 * mib + 10, 1000, early_);
  ASSERT_TRUE(got) << got.error().text();
  EXPECT_EQ(got->view().text(), bytes(2 * mib + 10, 1000));
}

INSTANTIATE_TEST_SUITE_P(Formats, SpanRunFronts,
                         testing::Values(Algorithm::zstd, Algorithm::xz, Algorithm::lzip),
                         [](const auto& format) {
                           return std::string(braid::info(format.param).name);
                         });

TEST_F(SpanRunTest, ends_when_it_is_told_to_or_its_sink_fails) {
  class Failing final : public Sink {
   public:
    Result<void> write(ByteView bytes) override {
      size += bytes.size();
      if (size < 9 * mib) return {};
      if (throws) throw std::string("full");
      return Error{.code = Errc::io, .message = "full"};
    }

    std::size_t size = 0;
    bool throws = false;
  };

  for (const File& file : files()) {
    const auto reader = open(file);
    ASSERT_TRUE(reader);
    for (Engine* engine : {&one_, &five_}) {
      if (sanitized::by_thread && engine == &one_) continue;
      Failing full;
      const auto copied = reader->copy(*engine, 0, UINT64_MAX, full);
      ASSERT_FALSE(copied) << file.name;
      EXPECT_EQ(copied.error().code, Errc::io) << file.name;

      Failing thrower;
      thrower.throws = true;
      EXPECT_THROW(static_cast<void>(reader->copy(*engine, 0, UINT64_MAX, thrower)), std::string)
          << file.name;

      std::stop_source stop;
      Buffer got;
      BufferSink sink(got);
      RunOptions options{.stop = stop.get_token()};
      std::uint64_t seen = 0;
      options.on_progress = [&](const Progress& progress) {
        seen = progress.bytes_out;
        stop.request_stop();
      };
      const auto stopped = reader->copy(*engine, 0, UINT64_MAX, sink, options);
      ASSERT_FALSE(stopped) << file.name;
      EXPECT_EQ(stopped.error().code, Errc::cancelled) << file.name;
      EXPECT_LT(seen, plain().size()) << file.name;
    }
  }
}

TEST_F(SpanRunTest, progress_ends_with_all_that_the_range_holds) {
  for (const File& file : files()) {
    const auto reader = open(file);
    ASSERT_TRUE(reader);
    Progress last;
    RunOptions options;
    options.on_progress = [&](const Progress& progress) {
      EXPECT_GE(progress.bytes_in, last.bytes_in) << file.name;
      EXPECT_GE(progress.bytes_out, last.bytes_out) << file.name;
      last = progress;
    };
    Buffer got;
    BufferSink sink(got);
    ASSERT_TRUE(reader->copy(two_, mib / 2, 17 * mib, sink, options)) << file.name;
    EXPECT_EQ(last.bytes_out, 17 * mib) << file.name;
    ASSERT_TRUE(last.total_in) << file.name;
    EXPECT_EQ(last.bytes_in, *last.total_in) << file.name;
    EXPECT_LE(*last.total_in, file.packed.size()) << file.name;
  }
}

TEST_F(SpanRunTest, windows_of_an_index_are_held_to_an_amount_and_it_still_leads_everywhere) {
  const File& file = files().front();
  for (Engine* engine : {&one_, &five_}) {
    if (sanitized::by_thread && engine == &one_) continue;
    const auto index = [&](std::uint64_t most) {
      MemorySource source{ByteView(file.packed)};
      NullSink nowhere;
      return engine::run_index(engine->impl(), source, nowhere, {}, {}, most).value();
    };
    const auto windows = [](const engine::SeekPoints& points) {
      std::uint64_t size = 0;
      for (const engine::SeekPoint& point : points.points) size += point.window.size();
      return size;
    };
    // One window does not take more: deflate stores what it cannot pack.
    constexpr std::uint64_t most = 33'000;
    const engine::SeekPoints some = index(most);
    EXPECT_LE(windows(some), most);
    if (engine == &one_) {  // where others stop differs from run to run
      const engine::SeekPoints all = index(UINT64_MAX);
      EXPECT_GT(windows(all), most);
      EXPECT_LT(some.points.size(), all.points.size());
      EXPECT_GT(some.points.size(), 1U);
    }
    const MemorySource packed{ByteView(file.packed)};
    engine::SpanReader reader(packed, some);
    std::vector<std::byte> room(100'000);
    for (std::uint64_t at = 0; at < plain().size(); at += mib - 11) {
      const auto count = reader.read_at(at, room);
      ASSERT_TRUE(count) << count.error().text();
      EXPECT_TRUE(ByteView(room.data(), *count).text() ==
                  std::string_view(plain()).substr(at, room.size()))
          << at;
    }
  }
}

TEST_F(SpanRunTest, memory_that_holds_no_part_is_refused_with_what_it_takes) {
  const auto file = parts_of_zstd();
  if (!file) GTEST_SKIP() << "built without zstd";
  const auto reader = open(*file);
  ASSERT_TRUE(reader);
  Engine small({.threads = 2, .memory_limit = 64 << 10});
  Buffer got;
  BufferSink sink(got);
  const auto copied = reader->copy(small, 0, UINT64_MAX, sink);
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().code, Errc::memory_limit);
  EXPECT_NE(copied.error().text().find("need"), std::string::npos) << copied.error().text();
  EXPECT_EQ(got.size(), 0U);
}

}  // namespace
}  // namespace braid
