#include <braid/braid.hpp>

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/piece_queue.hpp"
#include "tests/conformance/samples.hpp"
#include "tests/engine/decode_outcome.hpp"
#include "tests/engine/fake_file.hpp"
#include "tests/support/sanitized.hpp"

// Large units, which are written while they are decoded.
namespace braid {
namespace {

using testing_streams::FakeFile;
using testing_streams::Outcome;
using testing_streams::PipeSource;
using testing_streams::read_source;

constexpr std::size_t part_size = 5 << 20;

// Two parts, some of the first noise, and a small one.
const std::string& plain_text() {
  static const std::string plain = conformance::random_bytes(part_size / 10, 1) +
                                   conformance::words(2 * part_size - part_size / 10 + 50'000, 2);
  return plain;
}

// Asks for a stop, or fails, when so many bytes have come.
class LimitedSink final : public Sink {
 public:
  explicit LimitedSink(std::size_t limit) : limit_(limit) {}

  Result<void> write(ByteView bytes) override {
    EXPECT_FALSE(over()) << "written to after its failure";
    largest = std::max(largest, bytes.size());
    text.append(bytes.text());
    if (!over()) return {};
    stop.request_stop();
    if (!fails) return {};
    return Error{.code = Errc::io, .message = "the disk is full"};
  }

  [[nodiscard]] bool over() const { return text.size() > limit_; }

  std::string text;
  std::size_t largest = 0;
  std::stop_source stop;
  bool fails = false;

 private:
  std::size_t limit_;
};

class Piecewise : public testing::TestWithParam<Algorithm> {
 protected:
  void SetUp() override {
    if (!info(GetParam()).built) GTEST_SKIP() << "built without it";
  }

  static const std::string& packed_text() {
    static std::map<Algorithm, std::string> made;
    std::string& packed = made[GetParam()];
    if (packed.empty()) {
      const auto config = CompressionConfig(GetParam()).level(1).chunk_size(part_size);
      packed = compress(plain_text(), config).value().view().text();
    }
    return packed;
  }

  static Outcome read(Source& source, unsigned threads) {
    Engine engine({.threads = threads});
    return read_source(engine, source, {.algorithm = GetParam()});
  }

  // The bytes before the error as well, but for the last step, of which a decoder may say nothing.
  static void expect_as_on_one_thread(const std::string& packed, std::size_t place) {
    FakeFile one(packed, packed.size());
    const Outcome alone = read(one, 1);
    ASSERT_TRUE(alone.error) << place;
    FakeFile file(packed, packed.size());
    const Outcome shared = read(file, 2);
    expect_equal(shared, alone, std::to_string(place));
    const std::size_t common = std::min(shared.plain.size(), alone.plain.size());
    EXPECT_EQ(std::string_view(shared.plain).substr(0, common),
              std::string_view(alone.plain).substr(0, common));
    EXPECT_LT(std::max(shared.plain.size(), alone.plain.size()) - common, 1U << 20) << place;
  }

  // In the second part, in the noise and behind it.
  static std::vector<std::size_t> places() {
    const std::size_t size = packed_text().size();
    return some<std::size_t>({size - size / 10, size / 5, size / 2});
  }

  // All of these, or the first alone where sanitizers look.
  template <typename Value>
  static std::vector<Value> some(std::vector<Value> values) {
    if (sanitized::at_all) values.resize(1);
    return values;
  }
};

std::string name_of(const testing::TestParamInfo<Algorithm>& parameter) {
  return std::string(info(parameter.param).name);
}

INSTANTIATE_TEST_SUITE_P(Formats, Piecewise,
                         testing::Values(Algorithm::xz, Algorithm::lzip, Algorithm::brotli),
                         name_of);

TEST_P(Piecewise, comes_out_whole_on_any_number_of_threads_from_file_memory_and_pipe) {
  const std::string& packed = packed_text();
  for (const unsigned threads : some<unsigned>({2, 1, 7})) {
    FakeFile file(packed, packed.size());
    MemorySource memory{ByteView(packed)};
    PipeSource pipe{ByteView(packed)};
    for (Source* const source : {static_cast<Source*>(&file), static_cast<Source*>(&memory),
                                 static_cast<Source*>(&pipe)}) {
      const Outcome outcome = read(*source, threads);
      ASSERT_FALSE(outcome.error) << outcome.error->text();
      EXPECT_TRUE(outcome.plain == plain_text());
    }
  }
}

TEST_P(Piecewise, no_part_is_held_whole) {
  Engine engine({.threads = 2});
  MemorySource source{ByteView(packed_text())};
  LimitedSink sink(SIZE_MAX);
  ASSERT_TRUE(ParallelCompressor(engine).decompress(source, sink, {.algorithm = GetParam()}));
  EXPECT_TRUE(sink.text == plain_text());
  EXPECT_LE(sink.largest, engine::PieceQueue::block_size);
}

TEST_P(Piecewise, damage_is_told_as_on_one_thread) {
  for (const std::size_t place : places()) {
    std::string packed = packed_text();
    packed[place] = static_cast<char>(packed[place] ^ 0x55);
    expect_as_on_one_thread(packed, place);
  }
}

TEST_P(Piecewise, a_cut_is_told_as_on_one_thread) {
  for (const std::size_t place : places()) {
    expect_as_on_one_thread(packed_text().substr(0, place), place);
  }
}

TEST_P(Piecewise, a_sink_that_fails_ends_the_call_and_gets_nothing_more) {
  for (const std::size_t limit : some<std::size_t>({part_size + part_size / 3, part_size / 3, 0})) {
    for (const unsigned threads : some<unsigned>({2, 1})) {
      Engine engine({.threads = threads});
      MemorySource source{ByteView(packed_text())};
      LimitedSink sink(limit);
      sink.fails = true;
      const auto done =
          ParallelCompressor(engine).decompress(source, sink, {.algorithm = GetParam()});
      ASSERT_FALSE(done);
      EXPECT_EQ(done.error().code, Errc::io);
      EXPECT_EQ(done.error().message, "the disk is full");
    }
  }
}

TEST_P(Piecewise, a_stop_in_the_middle_of_a_part_is_seen_there) {
  for (const unsigned threads : some<unsigned>({2, 3})) {
    Engine engine({.threads = threads});
    MemorySource source{ByteView(packed_text())};
    LimitedSink sink(part_size / 3);
    const auto done = ParallelCompressor(engine).decompress(source, sink, {.algorithm = GetParam()},
                                                            {.stop = sink.stop.get_token()});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::cancelled);
    EXPECT_LT(sink.text.size(), part_size);
  }
}

}  // namespace
}  // namespace braid
