#include <braid/braid.hpp>

#include <algorithm>
#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/conformance/samples.hpp"
#include "tests/engine/awkward_streams.hpp"
#include "tests/support/sanitized.hpp"

namespace braid {
namespace {

using conformance::samples;
using testing_streams::DripSource;
using testing_streams::PieceSource;

// The conformance suite's, all quick: what is tested here does not depend on the level.
std::vector<conformance::Variant> variants(Algorithm algorithm) {
  auto all = conformance::variants(algorithm);
  for (auto& variant : all) variant.config.level(conformance::quick_level(algorithm));
  all.erase(all.begin() + 1);  // "lowest" is now the first again
  return all;
}

class Parallel : public testing::TestWithParam<Algorithm> {
 protected:
  [[nodiscard]] DecompressionConfig reading() const { return {.algorithm = GetParam()}; }

  static Buffer pipe_compress(const ParallelCompressor& compressor, ByteView plain) {
    Buffer packed;
    PieceSource source(plain);
    BufferSink sink(packed);
    compressor.compress(source, sink).value();
    return packed;
  }

  static Result<Buffer> pipe_decompress(const ParallelCompressor& compressor, ByteView packed,
                                        const DecompressionConfig& config) {
    Buffer plain;
    PieceSource source(packed);
    BufferSink sink(plain);
    auto done = compressor.decompress(source, sink, config);
    if (!done) return done.error();
    return plain;
  }
};

INSTANTIATE_TEST_SUITE_P(Formats, Parallel, testing::ValuesIn(conformance::built_families()),
                         [](const auto& row) { return std::string(braid::info(row.param).name); });

TEST_P(Parallel, writes_the_same_bytes_on_any_number_of_threads_from_memory_and_pipe) {
  for (const unsigned threads : {2U, 3U, 7U, 16U}) {
    if (sanitized::by_thread && threads != 3 && threads != 16) continue;
    Engine engine({.threads = threads});
    for (const auto& variant : variants(GetParam())) {
      const ParallelCompressor compressor(engine, variant.config);
      for (const auto& sample : samples()) {
        const Buffer expected = compress(sample.bytes, variant.config).value();
        auto packed = compressor.compress(sample.bytes);
        ASSERT_TRUE(packed) << packed.error().text();
        ASSERT_TRUE(packed->view() == expected.view()) << variant.name << ' ' << sample.name;
        ASSERT_TRUE(pipe_compress(compressor, sample.bytes).view() == expected.view())
            << variant.name << ' ' << sample.name;
      }
    }
  }
}

TEST_P(Parallel, writes_the_same_bytes_of_a_file_that_grows_or_shrinks_meanwhile) {
  Engine engine({.threads = 2});
  const ParallelCompressor compressor(engine, CompressionConfig(GetParam()));
  const std::string plain = conformance::words(300'000, 5);
  const Buffer expected = compress(ByteView(plain), CompressionConfig(GetParam())).value();
  for (const std::uint64_t says : {0U, 1U, 299'999U, 300'001U, 1U << 30}) {
    Buffer packed;
    PieceSource source(plain, says);
    BufferSink sink(packed);
    ASSERT_TRUE(compressor.compress(source, sink)) << says;
    EXPECT_TRUE(packed.view() == expected.view()) << says;
  }
}

TEST_P(Parallel, restores_on_any_number_of_threads_from_memory_and_pipe) {
  for (const unsigned threads : {1U, 2U, 7U}) {
    if (sanitized::by_thread && threads == 1) continue;
    Engine engine({.threads = threads});
    for (const auto& variant : variants(GetParam())) {
      const ParallelCompressor compressor(engine, variant.config);
      for (const auto& sample : samples()) {
        const Buffer packed = compress(sample.bytes, variant.config).value();
        auto plain = compressor.decompress(packed, reading());
        ASSERT_TRUE(plain) << variant.name << ' ' << sample.name << ": " << plain.error().text();
        ASSERT_TRUE(plain->view() == ByteView(sample.bytes)) << variant.name << ' ' << sample.name;
        auto piped = pipe_decompress(compressor, packed, reading());
        ASSERT_TRUE(piped) << variant.name << ' ' << sample.name << ": " << piped.error().text();
        ASSERT_TRUE(piped->view() == ByteView(sample.bytes)) << variant.name << ' ' << sample.name;
      }
    }
  }
}

// Wherever what was read ends, the input does not end there.
TEST_P(Parallel, restores_what_comes_a_byte_at_a_time) {
  if (sanitized::by_thread) GTEST_SKIP() << "one thread reads";
  Engine engine({.threads = 2});
  for (const auto& variant : variants(GetParam())) {
    const std::string& plain = samples().back().bytes;
    const Buffer packed = compress(plain, variant.config).value();
    DripSource source(packed, 1);
    Buffer restored;
    BufferSink sink(restored);
    const auto done = ParallelCompressor(engine).decompress(source, sink, reading());
    ASSERT_TRUE(done) << variant.name << ": " << done.error().text();
    EXPECT_TRUE(restored.view() == ByteView(plain)) << variant.name;
  }
}

TEST_P(Parallel, agrees_with_one_thread_on_truncated_files) {
  Engine engine({.threads = 3});
  for (const auto& variant : variants(GetParam())) {
    const ParallelCompressor compressor(engine, variant.config);
    const Buffer packed = compress(conformance::words(200000, 3), variant.config).value();
    constexpr std::size_t cuts = sanitized::unless_any(60, 10);
    for (std::size_t i = 0; i < cuts; ++i) {
      const ByteView cut = packed.view().first(packed.size() * i / cuts);
      auto serial = decompress(cut, reading());
      auto parallel = pipe_decompress(compressor, cut, reading());
      ASSERT_EQ(serial.has_value(), parallel.has_value()) << variant.name << ' ' << cut.size();
      if (!serial) {
        ASSERT_EQ(serial.error().code, parallel.error().code)
            << variant.name << ' ' << cut.size() << ": " << serial.error().text() << " / "
            << parallel.error().text();
      }
    }
  }
}

TEST_P(Parallel, agrees_with_one_thread_on_damaged_files) {
  Engine engine({.threads = 3});
  std::mt19937 random(7);
  for (const auto& variant : variants(GetParam())) {
    const ParallelCompressor compressor(engine, variant.config);
    Buffer packed = compress(samples().back().bytes, variant.config).value();
    for (int i = 0; i < sanitized::unless_any(100, 12); ++i) {
      const std::size_t at = random() % packed.size();
      const auto mask = static_cast<std::byte>(1U << (random() % 8));
      packed.data()[at] ^= mask;
      auto serial = decompress(packed, {.algorithm = GetParam(), .output_limit = 1 << 22});
      auto parallel =
          compressor.decompress(packed, {.algorithm = GetParam(), .output_limit = 1 << 22});
      packed.data()[at] ^= mask;
      ASSERT_EQ(serial.has_value(), parallel.has_value())
          << variant.name << " byte " << at << ": "
          << (serial ? parallel.error() : serial.error()).text();
      if (serial) {
        ASSERT_TRUE(serial->view() == parallel->view()) << variant.name << " byte " << at;
      }
    }
  }
}

// What blocks of unknown size may grow to is more than a small budget holds several times.
TEST(ParallelBzip2, is_read_on_several_threads_in_little_memory) {
  if (!info(Algorithm::bzip2).built) GTEST_SKIP();
  const std::string flat(12 << 20, 'a');  // forty million bytes of it would fit into one block
  const std::string plain = conformance::words(300'000, 5) + flat + conformance::words(300'000, 6);
  const Buffer packed = compress(plain, CompressionConfig(Algorithm::bzip2).level(1)).value();
  Engine engine({.threads = 4, .memory_limit = 64_MiB});
  const auto restored = ParallelCompressor(engine).decompress(packed);
  ASSERT_TRUE(restored) << restored.error().text();
  EXPECT_TRUE(restored->view() == ByteView(plain));
  // One thread would have set aside room for one block and one decoder.
  EXPECT_GE(engine.stats().peak_memory, 16_MiB);
  EXPECT_LE(engine.stats().peak_memory, 64_MiB);
}

TEST_P(Parallel, reads_concatenated_files_and_counts_their_streams) {
  if (!info(GetParam()).concatenates || GetParam() == Algorithm::none) GTEST_SKIP();
  Engine engine({.threads = 3});
  for (const auto& variant : variants(GetParam())) {
    const ParallelCompressor compressor(engine, variant.config);
    Buffer packed;
    std::string plain;
    for (const auto& sample : samples()) {
      packed.append(compress(sample.bytes, variant.config).value().view());
      plain += sample.bytes;
    }
    NullSink nothing;
    MemorySource one_thread(packed);
    const Transfer serial = decompress(one_thread, nothing, reading()).value();
    Buffer restored;
    MemorySource source(packed);
    BufferSink sink(restored);
    auto done = compressor.decompress(source, sink, reading());
    ASSERT_TRUE(done) << variant.name << ": " << done.error().text();
    ASSERT_TRUE(restored.view() == ByteView(plain)) << variant.name;
    EXPECT_EQ(done->stream.streams, serial.stream.streams) << variant.name;
    EXPECT_EQ(done->stream.check, serial.stream.check) << variant.name;
    EXPECT_EQ(done->bytes_in, packed.size());
  }
}

TEST(Engine, runs_every_body_once_while_the_bodies_use_it) {
  for (const unsigned threads : {1U, 2U, 8U}) {
    Engine engine({.threads = threads});
    const ParallelCompressor compressor(engine, CompressionConfig().chunk_size(64 << 10));
    const std::string text = conformance::words(300000, 5);
    const Buffer expected = compressor.compress(text).value();
    std::vector<int> ran(50, 0);
    engine.for_each(ran.size(), [&](std::size_t i) {
      ++ran[i];
      EXPECT_TRUE(compressor.compress(text).value().view() == expected.view());
    });
    EXPECT_EQ(ran, std::vector<int>(50, 1));
  }
}

TEST(Engine, rethrows_what_a_body_throws) {
  Engine engine({.threads = 3});
  EXPECT_THROW(engine.for_each(20,
                               [](std::size_t i) {
                                 if (i == 7) throw std::range_error("seven");
                               }),
               std::range_error);
}

}  // namespace
}  // namespace braid
