#include <braid/braid.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/conformance/samples.hpp"
#include "tests/engine/decode_outcome.hpp"
#include "tests/engine/fake_file.hpp"
#include "tests/io/temporary_folder.hpp"
#include "tests/support/sanitized.hpp"

// Files of thousands of tiny streams, as logs are that are compressed line by line.
namespace braid {
namespace {

using testing_streams::FakeFile;
using testing_streams::Outcome;
using testing_streams::PipeSource;
using testing_streams::read_source;

constexpr unsigned tiny_count = sanitized::unless_any(1500, 320);
constexpr std::size_t damage_step = sanitized::unless_any(2, 9);
constexpr std::size_t cut_step = sanitized::unless_any(3, 37);

struct Streams {
  std::string packed{};
  std::string plain{};
  std::vector<std::size_t> ends{};  // of the packed streams
  std::vector<std::size_t> plain_ends{};

  void add(const CompressionConfig& config, const std::string& text) {
    packed += compress(ByteView(text), config).value().view().text();
    plain += text;
    ends.push_back(packed.size());
    plain_ends.push_back(plain.size());
  }

  void append(const Streams& other) {
    for (const std::size_t end : other.ends) ends.push_back(packed.size() + end);
    for (const std::size_t end : other.plain_ends) plain_ends.push_back(plain.size() + end);
    packed += other.packed;
    plain += other.plain;
  }

  [[nodiscard]] Streams first(unsigned count) const {
    return {packed.substr(0, ends[count - 1]),
            plain.substr(0, plain_ends[count - 1]),
            {ends.begin(), ends.begin() + count},
            {plain_ends.begin(), plain_ends.begin() + count}};
  }
};

std::string line(unsigned number) {
  return "line " + std::to_string(number) + " says " +
         conformance::words(20 + number % 300, number);
}

class CountingSink final : public Sink {
 public:
  Result<void> write(ByteView bytes) override {
    ++writes;
    plain += bytes.text();
    return {};
  }

  unsigned writes = 0;
  std::string plain;
};

// Gives one stream for each read, and notes how much of what it gave has not come out by then.
class LivePipe final : public Source {
 public:
  LivePipe(const Streams& streams, const CountingSink& sink) : streams_(streams), sink_(sink) {}

  Result<std::size_t> read(MutableBytes out) override {
    const std::size_t begin = given_ == 0 ? 0 : streams_.ends[given_ - 1];
    // The first few are read to tell the format.
    if (given_ > 10) {
      most_missing = std::max(most_missing, streams_.plain_ends[given_ - 1] - sink_.plain.size());
    }
    if (given_ == streams_.ends.size()) return std::size_t{0};
    const ByteView part = ByteView(streams_.packed).slice(begin, streams_.ends[given_] - begin);
    std::copy_n(part.data(), part.size(), out.data());
    ++given_;
    return part.size();
  }

  std::size_t most_missing = 0;  // plain bytes

 private:
  const Streams& streams_;
  const CountingSink& sink_;
  std::size_t given_ = 0;
};

class TinyStreams : public testing::TestWithParam<Algorithm> {
 protected:
  void SetUp() override {
    if (!info(GetParam()).built) GTEST_SKIP() << "built without it";
  }

  static CompressionConfig quick() { return CompressionConfig(GetParam()).level(1); }

  // The first of these lines, made once.
  static Streams lines(unsigned count) {
    static std::map<Algorithm, Streams> made;
    Streams& all = made[GetParam()];
    while (all.ends.size() < tiny_count) {
      all.add(quick(), line(static_cast<unsigned>(all.ends.size())));
    }
    return all.first(count);
  }

  // Tiny ones, with some larger ones between and behind them.
  static const Streams& mixed() {
    static std::map<Algorithm, Streams> made;
    Streams& streams = made[GetParam()];
    if (!streams.ends.empty()) return streams;
    streams.append(lines(150));
    streams.add(quick(), conformance::words(200'000, 1));
    streams.append(lines(tiny_count));
    streams.add(quick(), conformance::words(200'000, 2));
    streams.add(quick(), conformance::random_bytes(1'500'000, 7));
    streams.append(lines(70));
    for (unsigned i = 0; i < 30; ++i) streams.add(quick(), i % 10 == 0 ? "" : line(i));
    return streams;
  }

  static Outcome read(Source& source, unsigned threads) {
    Engine engine({.threads = threads});
    return read_source(engine, source, {.algorithm = GetParam()});
  }
};

INSTANTIATE_TEST_SUITE_P(Formats, TinyStreams,
                         testing::Values(Algorithm::gzip, Algorithm::zstd, Algorithm::lz4,
                                         Algorithm::xz, Algorithm::lzip, Algorithm::bzip2),
                         [](const auto& tested) {
                           return std::string(braid::info(tested.param).name);
                         });

TEST_P(TinyStreams, are_read_from_everything_on_any_number_of_threads) {
  const Streams& streams = mixed();
  for (const unsigned threads : {1U, 2U, 3U}) {
    if (sanitized::by_thread && threads == 1) continue;
    MemorySource memory(streams.packed);
    PipeSource pipe{ByteView(streams.packed)};
    FakeFile file(streams.packed, streams.packed.size());
    for (Source* const source : {static_cast<Source*>(&memory), static_cast<Source*>(&pipe),
                                 static_cast<Source*>(&file)}) {
      Engine engine({.threads = threads});
      CountingSink sink;
      const auto done =
          ParallelCompressor(engine).decompress(*source, sink, {.algorithm = GetParam()});
      ASSERT_TRUE(done) << done.error().text();
      EXPECT_EQ(sink.plain, streams.plain);
      EXPECT_EQ(done->bytes_in, streams.packed.size());
      EXPECT_EQ(done->bytes_out, streams.plain.size());
      EXPECT_EQ(done->stream.streams, streams.ends.size());
    }
  }
}

TEST_P(TinyStreams, are_written_together) {
  if (GetParam() == Algorithm::lzip || GetParam() == Algorithm::bzip2) {
    GTEST_SKIP() << "parts that are searched for are written one by one";
  }
  const Streams streams = lines(tiny_count);
  for (const unsigned threads : {1U, 3U}) {
    Engine engine({.threads = threads});
    MemorySource memory(streams.packed);
    CountingSink sink;
    ASSERT_TRUE(ParallelCompressor(engine).decompress(memory, sink, {.algorithm = GetParam()}));
    EXPECT_EQ(sink.plain, streams.plain);
    EXPECT_LT(sink.writes, tiny_count / 4);
  }
}

// Damage in a stream, also in one that is worked on together with others.
TEST_P(TinyStreams, a_damaged_one_is_told_as_by_one_thread_and_those_before_it_come_out) {
  const Streams streams = lines(300);
  const std::size_t begin = streams.ends[150];
  const std::size_t end = streams.ends[152];
  for (std::size_t at = begin; at < end; at += damage_step) {
    std::string bad = streams.packed;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    MemorySource alone(bad);
    const Outcome expected = read(alone, 1);
    MemorySource memory(bad);
    PipeSource pipe{ByteView(bad)};
    for (Source* const source : {static_cast<Source*>(&memory), static_cast<Source*>(&pipe)}) {
      const Outcome outcome = read(*source, 3);
      expect_equal(outcome, expected, "byte " + std::to_string(at - begin));
      EXPECT_EQ(outcome.plain.substr(0, 3000), streams.plain.substr(0, 3000));
    }
  }
}

TEST_P(TinyStreams, a_cut_is_told_as_by_one_thread) {
  const Streams streams = lines(200);
  for (std::size_t size = streams.ends[197]; size < streams.packed.size(); size += cut_step) {
    const std::string cut = streams.packed.substr(0, size);
    MemorySource alone(cut);
    const Outcome expected = read(alone, 1);
    PipeSource pipe{ByteView(cut)};
    expect_equal(read(pipe, 3), expected, std::to_string(size));
  }
}

TEST_P(TinyStreams, have_an_index_by_which_each_byte_is_found) {
  const Streams& streams = mixed();
  const test::TemporaryFolder folder;
  const auto file = folder / "packed";
  test::write_file(file, streams.packed);
  for (const unsigned threads : {1U, 3U}) {
    if (sanitized::by_thread && threads == 1) continue;
    Engine engine({.threads = threads});
    const auto reader = SeekableReader::open(engine, file, {.algorithm = GetParam()});
    ASSERT_TRUE(reader) << reader.error().text();
    EXPECT_EQ(reader->size(), streams.plain.size());
    Buffer out(1000);
    for (std::size_t at = 0; at + 1000 < streams.plain.size(); at += streams.plain.size() / 23) {
      ASSERT_EQ(reader->read_at(at, out.writable()).value(), out.size());
      EXPECT_EQ(out.view().text(), streams.plain.substr(at, out.size())) << at;
    }
  }
}

Streams xz_without_sizes(unsigned count) {
  Streams streams;
  for (unsigned i = 0; i < count; ++i) {
    streams.add(CompressionConfig(Algorithm::xz).level(1).layout(Layout::single), line(i));
  }
  return streams;
}

// Streams that only a StreamDecoder can read are written together too, but never while waiting.
TEST(TinyXzStreams, are_not_held_back_while_input_is_awaited) {
  if (!info(Algorithm::xz).built) GTEST_SKIP() << "built without it";
  const Streams streams = xz_without_sizes(60);
  CountingSink sink;
  LivePipe pipe(streams, sink);
  Engine engine({.threads = 3});
  ASSERT_TRUE(ParallelCompressor(engine).decompress(pipe, sink, {.algorithm = Algorithm::xz}));
  EXPECT_EQ(sink.plain, streams.plain);
  EXPECT_EQ(pipe.most_missing, 0U);
}

TEST(TinyXzStreams, without_sizes_are_written_together) {
  if (!info(Algorithm::xz).built) GTEST_SKIP() << "built without it";
  constexpr unsigned count = sanitized::unless_any(1000, 200);
  Streams streams = xz_without_sizes(count);
  for (const bool damaged : {false, true}) {
    if (damaged) streams.packed[streams.ends[count * 3 / 4] + 30] ^= 0x10;
    MemorySource memory(streams.packed);
    CountingSink sink;
    Engine engine({.threads = 3});
    const auto done =
        ParallelCompressor(engine).decompress(memory, sink, {.algorithm = Algorithm::xz});
    ASSERT_EQ(done.has_value(), !damaged);
    EXPECT_TRUE(streams.plain.starts_with(sink.plain));
    EXPECT_GE(sink.plain.size(), damaged ? streams.plain.size() / 2 : streams.plain.size());
    EXPECT_LT(sink.writes, count / 10);
  }
}

}  // namespace
}  // namespace braid
