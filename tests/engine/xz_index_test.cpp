#include <braid/braid.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "codec/deflate/checksum.hpp"
#include "tests/conformance/samples.hpp"
#include "tests/engine/decode_outcome.hpp"
#include "tests/support/sanitized.hpp"

// Blocks of .xz that do not tell their sizes are found by the indexes, where the file can be read
// from its end.
namespace braid {
namespace {

using testing_streams::PipeSource;
using testing_streams::read_source;

// Gives the block whose header begins at `header` a filter that no decoder knows, under a correct
// checksum.
void name_unknown_filter(std::string& packed, std::size_t header) {
  const std::size_t size = (static_cast<std::size_t>(packed[header]) + 1) * 4;
  const std::size_t lzma2 = packed.find("\x21\x01", header + 2);
  ASSERT_LT(lzma2, header + size - 4);
  packed[lzma2] = '\x3e';
  const std::uint32_t sum =
      codec::deflate::crc32(codec::deflate::crc32_of_nothing,
                            ByteView(std::string_view(packed).substr(header, size - 4)));
  for (std::size_t i = 0; i < 4; ++i) {
    packed[header + size - 4 + i] = static_cast<char>(sum >> 8 * i);
  }
}

class XzIndex : public testing::Test {
 protected:
  void SetUp() override {
    if (!info(Algorithm::xz).built) GTEST_SKIP() << "built without xz";
    CompressionConfig config(Algorithm::xz);
    config.level(0).layout(Layout::single);
    for (unsigned i = 0; i < 6; ++i) {
      const std::string plain = conformance::words(200'000, i);
      streams_.emplace_back(compress(ByteView(plain), config).value().view().text());
      plain_ += plain;
    }
    for (const std::string& stream : streams_) packed_ += stream;
  }

  struct Read : testing_streams::Outcome {
    std::uint64_t tasks = 0;
  };

  static Read read(Source& source, unsigned threads) {
    Engine engine({.threads = threads});
    Read read{read_source(engine, source, {.algorithm = Algorithm::xz})};
    for (const LaneStats& lane : engine.stats().lanes) read.tasks += lane.tasks;
    return read;
  }

  std::vector<std::string> streams_;
  std::string packed_;
  std::string plain_;
};

TEST_F(XzIndex, streams_without_sizes_are_shared_out) {
  MemorySource source{ByteView(packed_)};
  const Read many = read(source, 3);
  EXPECT_FALSE(many.error) << many.error->text();
  EXPECT_EQ(many.plain, plain_);
  EXPECT_GE(many.tasks, streams_.size());
}

TEST_F(XzIndex, a_pipe_is_read_in_sequence_to_the_same_bytes) {
  PipeSource source{ByteView(packed_)};
  EXPECT_EQ(read(source, 3).plain, plain_);
}

TEST_F(XzIndex, what_damage_does_to_index_and_blocks_is_told_as_by_one_thread) {
  // Every byte of the third stream's end, where its index and footer are, and some before.
  const std::size_t end = streams_[0].size() + streams_[1].size() + streams_[2].size();
  for (std::size_t back = 1; back < 200; back += back < 60 ? sanitized::unless_thread(1, 3) : 7) {
    for (const unsigned change : {0x01U, 0x80U}) {
      std::string bad = packed_;
      bad[end - back] = static_cast<char>(bad[end - back] ^ static_cast<char>(change));
      MemorySource one{ByteView(bad)};
      MemorySource three{ByteView(bad)};
      const Read alone = read(one, 1);
      const Read many = read(three, 3);
      ASSERT_TRUE(alone.error) << back;
      ASSERT_TRUE(many.error) << back;
      EXPECT_EQ(many.error->text(), alone.error->text()) << back;
    }
  }
}

TEST_F(XzIndex, a_block_of_an_unknown_filter_is_told_as_by_one_thread) {
  constexpr std::size_t stream_header = 12;
  std::string third_of_six = packed_;
  name_unknown_filter(third_of_six, streams_[0].size() + streams_[1].size() + stream_header);
  const auto sized = CompressionConfig(Algorithm::xz).level(0).chunk_size(200'000);
  std::string first_of_six(compress(ByteView(plain_), sized).value().view().text());
  name_unknown_filter(first_of_six, stream_header);
  for (const std::string& bad : {third_of_six, first_of_six}) {
    MemorySource one{ByteView(bad)};
    MemorySource three{ByteView(bad)};
    PipeSource pipe{ByteView(bad)};
    const Read alone = read(one, 1);
    const Read many = read(three, 3);
    const Read piped = read(pipe, 3);
    ASSERT_TRUE(alone.error && many.error && piped.error);
    EXPECT_EQ(alone.error->code, Errc::unsupported_feature);
    EXPECT_EQ(many.error->text(), alone.error->text());
    EXPECT_EQ(piped.error->text(), alone.error->text());
    for (const Read* read : {&alone, &many, &piped}) EXPECT_TRUE(plain_.starts_with(read->plain));
  }
}

TEST_F(XzIndex, a_file_that_is_followed_by_something_else_is_read_without_one) {
  const std::string packed = packed_ + "behind";
  MemorySource source{ByteView(packed)};
  const Read many = read(source, 3);
  ASSERT_TRUE(many.error);
  EXPECT_EQ(many.error->code, Errc::trailing_data);
}

// Looking up n streams takes n * n steps of the library's.
TEST_F(XzIndex, small_streams_are_shared_out_as_long_as_they_are_not_too_many) {
  const CompressionConfig config = CompressionConfig(Algorithm::xz).level(0).layout(Layout::single);
  const Buffer small = compress(conformance::random_bytes(3'000, 5), config).value();
  const Buffer tiny = compress("tiny", config).value();
  const auto tasks = [](const Buffer& stream, unsigned count) {
    Buffer packed;
    for (unsigned i = 0; i < count; ++i) packed.append(stream.view());
    MemorySource source(packed);
    const Read outcome = read(source, 3);
    EXPECT_FALSE(outcome.error);
    return outcome.tasks;
  };
  EXPECT_GT(tasks(small, 300), 10U);
  EXPECT_EQ(tasks(tiny, 3000), 0U);
}

}  // namespace
}  // namespace braid
