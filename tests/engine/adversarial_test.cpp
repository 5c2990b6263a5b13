#include <braid/braid.hpp>

#include <atomic>

#include <gtest/gtest.h>

#include "tests/conformance/samples.hpp"
#include "tests/engine/awkward_streams.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/support/zero_source.hpp"

namespace braid {
namespace {

using testing_streams::PieceSource;

constexpr std::uint64_t limit = 4 << 20;

// Counts what result buffers hold.
class CountingMemory final : public std::pmr::memory_resource {
 public:
  [[nodiscard]] std::uint64_t peak() const { return peak_; }

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    const std::uint64_t now = used_ += bytes;
    for (std::uint64_t seen = peak_; now > seen && !peak_.compare_exchange_weak(seen, now);) {
    }
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  }

  void do_deallocate(void* place, std::size_t bytes, std::size_t alignment) override {
    used_ -= bytes;
    std::pmr::new_delete_resource()->deallocate(place, bytes, alignment);
  }

  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::atomic<std::uint64_t> used_ = 0;
  std::atomic<std::uint64_t> peak_ = 0;
};

Buffer zeros(Algorithm algorithm, std::uint64_t size) {
  Buffer packed;
  support::ZeroSource source(size);
  BufferSink sink(packed);
  compress(source, sink, CompressionConfig(algorithm).level(conformance::quick_level(algorithm)))
      .value();
  return packed;
}

// Reads in every way that there is and expects one verdict of all; gives it, and the bytes.
class Readers {
 public:
  Result<Buffer> operator()(ByteView packed, const DecompressionConfig& config) {
    auto whole = decompress(packed, config);
    expect_same(whole, parallel_.decompress(packed, config), "parallel from memory");
    PieceSource pipe(packed);
    expect_same(
        whole,
        drain(pipe, [&](Source& in, Sink& out) { return parallel_.decompress(in, out, config); }),
        "parallel from a pipe");
    PieceSource slow(packed);
    expect_same(whole,
                drain(slow, [&](Source& in, Sink& out) { return decompress(in, out, config); }),
                "one thread from a pipe");
    expect_same(whole, steps(packed, config), "in steps");
    return whole;
  }

  [[nodiscard]] const Engine& engine() const { return engine_; }

 private:
  template <typename Call>
  static Result<Buffer> drain(Source& source, Call&& call) {
    Buffer plain;
    BufferSink sink(plain);
    auto done = call(source, sink);
    if (!done) return done.error();
    return plain;
  }

  static Result<Buffer> steps(ByteView packed, const DecompressionConfig& config) {
    auto decoder = Decoder::make(config).value();
    Buffer plain;
    Buffer room(5000);
    for (;;) {
      const ByteView in = packed.first(777);
      const Input input = in.size() == packed.size() ? Input::last : Input::more;
      auto step = decoder.step(in, room.writable(), input);
      if (!step) return step.error();
      packed = packed.drop(step->consumed);
      plain.append(room.view().first(step->produced));
      if (step->state == StepState::finished) return plain;
    }
  }

  static void expect_same(const Result<Buffer>& one, const Result<Buffer>& other, const char* how) {
    const auto text = [](const auto& result) {
      return result ? std::to_string(result->size()) + " bytes" : result.error().text();
    };
    const bool same = one.has_value() == other.has_value() &&
                      (one ? one->view() == other->view() : one.error().code == other.error().code);
    EXPECT_TRUE(same) << how << ": " << text(one) << " / " << text(other);
  }

  Engine engine_{{.threads = 3, .memory_limit = 256_MiB}};
  ParallelCompressor parallel_{engine_};
};

class Adversarial : public testing::TestWithParam<Algorithm> {
 protected:
  [[nodiscard]] DecompressionConfig reading() const {
    return {.algorithm = GetParam(), .output_limit = limit, .memory_limit = 64_MiB};
  }

  Readers read_;
};

INSTANTIATE_TEST_SUITE_P(Formats, Adversarial, testing::ValuesIn(conformance::built_families()),
                         [](const auto& row) { return std::string(braid::info(row.param).name); });

TEST_P(Adversarial, a_bomb_stops_at_the_output_limit_in_bounded_memory) {
  if (GetParam() == Algorithm::none) GTEST_SKIP() << "a copy does not grow";
  const Buffer bomb = zeros(GetParam(), 64_MiB);
  ASSERT_LT(bomb.size(), 400U << 10);
  const auto verdict = read_(bomb, reading());
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, Errc::output_limit);
  CountingMemory memory;
  EXPECT_FALSE(decompress(bomb, reading(), &memory));
  EXPECT_LE(memory.peak(), 3 * limit);
  Engine engine({.threads = 3, .memory_limit = 256_MiB, .memory = &memory});
  EXPECT_FALSE(ParallelCompressor(engine).decompress(bomb, reading()));
  EXPECT_LE(memory.peak(), 3 * limit);
  EXPECT_LE(engine.stats().peak_memory, 256_MiB);
}

TEST_P(Adversarial, thousands_of_tiny_streams_are_read) {
  if (!info(GetParam()).concatenates || GetParam() == Algorithm::none) GTEST_SKIP();
  const CompressionConfig config =
      CompressionConfig(GetParam()).level(conformance::quick_level(GetParam()));
  Buffer packed;
  std::string plain;
  for (int i = 0; i < sanitized::unless_any(2000, 300); ++i) {
    const std::string text = i % 5 == 0 ? "" : std::to_string(i);
    packed.append(compress(text, config).value().view());
    plain += text;
  }
  const auto restored = read_(packed, reading());
  ASSERT_TRUE(restored) << restored.error().text();
  EXPECT_TRUE(restored->view() == ByteView(plain));
}

TEST_P(Adversarial, a_flipped_bit_in_header_or_trailer_gets_one_verdict) {
  constexpr unsigned bit_step = sanitized::choose(1, 3, 8);
  for (const auto& variant : conformance::variants(GetParam())) {
    CompressionConfig config = variant.config;
    config.level(conformance::quick_level(GetParam()));
    Buffer packed = compress(conformance::words(3000, 3), config).value();
    const std::size_t edge = std::min<std::size_t>(packed.size() / 2, 24);
    for (std::size_t i = 0; i < 2 * edge; ++i) {
      const std::size_t at = i < edge ? i : packed.size() - 1 - (i - edge);
      for (unsigned bit = i % bit_step; bit < 8; bit += bit_step) {
        SCOPED_TRACE(variant.name + " byte " + std::to_string(at) + " bit " + std::to_string(bit));
        packed.data()[at] ^= static_cast<std::byte>(1U << bit);
        (void)read_(packed, reading());
        packed.data()[at] ^= static_cast<std::byte>(1U << bit);
      }
    }
  }
}

TEST_P(Adversarial, streams_inside_streams_come_out_as_they_were) {
  const std::string text = conformance::words(40000, 9) + conformance::random_bytes(60000, 9);
  Buffer packed = compress(text, CompressionConfig(GetParam())).value();
  for (const auto& variant : conformance::variants(GetParam())) {
    CompressionConfig config = variant.config;
    config.level(conformance::quick_level(GetParam()));
    Buffer inner;
    inner.append("not packed: ");
    for (int i = 0; i < 3; ++i) inner.append(packed.view().first(300000));
    packed = compress(inner, config).value();
    const auto restored = read_(packed, reading());
    ASSERT_TRUE(restored) << variant.name << ": " << restored.error().text();
    ASSERT_TRUE(restored->view() == inner.view()) << variant.name;
  }
}

// ---- One format's own --------------------------------------------------------------------------

Buffer bytes(std::initializer_list<unsigned> list) {
  Buffer made;
  for (const unsigned byte : list) {
    const auto value = static_cast<std::byte>(byte);
    made.append(ByteView(&value, 1));
  }
  return made;
}

Buffer skippable(unsigned size) {
  Buffer made = bytes({0x5a, 0x2a, 0x4d, 0x18, size & 0xff, (size >> 8) & 0xff, (size >> 16), 0});
  made.append(std::string(size, '\xff'));
  return made;
}

DecompressionConfig any_format() {
  return {.output_limit = limit, .memory_limit = 64_MiB};
}

TEST(AdversarialFrames, skippable_frames_may_stand_anywhere_and_be_long) {
  Readers read;
  for (const Algorithm algorithm : {Algorithm::zstd, Algorithm::lz4}) {
    if (!info(algorithm).built) continue;
    const Buffer frame = compress("text", CompressionConfig(algorithm)).value();
    for (const unsigned size : {0U, 100U, 511U, 600U, 100000U}) {
      Buffer packed;
      std::string plain;
      for (int i = 0; i < 3; ++i) {
        packed.append(skippable(size).view());
        packed.append(skippable(3).view());
        packed.append(frame.view());
        plain += "text";
      }
      packed.append(skippable(size).view());
      SCOPED_TRACE(std::string(info(algorithm).name) + " " + std::to_string(size));
      const auto restored = read(packed, any_format());
      ASSERT_TRUE(restored) << restored.error().text();
      EXPECT_TRUE(restored->view() == ByteView(plain));
    }
  }
}

TEST(AdversarialFrames, nothing_but_skippable_frames_is_empty) {
  if (!info(Algorithm::zstd).built) GTEST_SKIP();
  Readers read;
  for (const unsigned size : {0U, 600U, 100000U}) {
    const auto restored = read(skippable(size), any_format());
    ASSERT_TRUE(restored) << restored.error().text();
    EXPECT_EQ(restored->size(), 0U);
  }
}

TEST(AdversarialFrames, a_zstd_content_size_that_lies_takes_no_memory) {
  if (!info(Algorithm::zstd).built) GTEST_SKIP();
  Readers read;
  // One raw block "ab" behind a content size of 2^60, with a window of 1 KiB and as one segment.
  for (const unsigned descriptor : {0xc0U, 0xe0U}) {
    Buffer packed = bytes({0x28, 0xb5, 0x2f, 0xfd, descriptor});
    if (descriptor == 0xc0U) packed.append(bytes({0x00}).view());
    packed.append(bytes({0, 0, 0, 0, 0, 0, 0, 0x10, 0x11, 0, 0, 'a', 'b'}).view());
    for (const bool behind_another : {false, true}) {
      Buffer file;
      if (behind_another) file.append(compress("x", Algorithm::zstd).value().view());
      file.append(packed.view());
      EXPECT_FALSE(read(file, {.algorithm = Algorithm::zstd}));
    }
  }
}

TEST(AdversarialFrames, lz4_content_sizes_that_lie_are_found_out) {
  if (!info(Algorithm::lz4).built) GTEST_SKIP();
  Readers read;
  const std::string text = conformance::words(10000, 4);
  const Buffer packed =
      compress(text, CompressionConfig(Algorithm::lz4).content_size(true)).value();
  EXPECT_TRUE(read(packed, any_format()));
  for (std::size_t at = 4; at < 15; ++at) {
    Buffer lying;
    lying.append(packed.view());
    lying.data()[at] ^= std::byte{0x40};
    EXPECT_FALSE(read(lying, {.algorithm = Algorithm::lz4})) << at;
  }
}

TEST(AdversarialFrames, a_bzip2_block_larger_than_its_level_is_refused) {
  if (!info(Algorithm::bzip2).built) GTEST_SKIP();
  Readers read;
  Buffer packed =
      compress(conformance::random_bytes(300000, 4), CompressionConfig(Algorithm::bzip2)).value();
  packed.data()[3] = std::byte{'1'};
  EXPECT_FALSE(read(packed, any_format()));
}

// Stored blocks that hold nothing but the marks at which braid's own streams are cut: 116,000 a
// megabyte, each of which could end a part and does not.
Buffer stored_marks(std::size_t blocks) {
  Buffer made;
  for (std::size_t i = 0; i < blocks; ++i) {
    made.append(bytes({0x00, 0xff, 0xff, 0x00, 0x00}).view());
    std::string marks;
    while (marks.size() < 65535) marks.append("\0\0\xff\xff\0\0\0\xff\xff", 9);
    marks.resize(65535);
    made.append(marks);
  }
  return made;
}

TEST(AdversarialDeflate, marks_inside_the_data_do_not_cost_quadratic_time) {
  if (!info(Algorithm::gzip).built) GTEST_SKIP();
  Readers read;
  // An empty block of fixed codes hides that stored blocks follow; padded to a byte.
  Buffer deflate = bytes({0x02, 0x00, 0x00, 0x00, 0xff, 0xff});
  deflate.append(stored_marks(40).view());
  deflate.append(bytes({0x03, 0x00}).view());
  const auto restored = read(deflate, {.algorithm = Algorithm::deflate});
  ASSERT_TRUE(restored) << restored.error().text();
  EXPECT_EQ(restored->size(), 40U * 65535);
}

TEST(AdversarialMemory, parts_that_outgrow_the_first_are_read_in_little_memory) {
  constexpr std::size_t unit = sanitized::unless_any(5 << 20, 1 << 20);
  // The first chunk shrinks to nothing, the others do not at all.
  const std::string text = std::string(unit, 'a') + conformance::random_bytes(2 * unit, 7);
  for (const Algorithm algorithm : conformance::built_families()) {
    const CompressionConfig config =
        CompressionConfig(algorithm).level(conformance::quick_level(algorithm));
    const Buffer packed = compress(text, config).value();
    for (const std::uint64_t memory : {4_MiB, 12_MiB, 66_MiB}) {
      if (sanitized::by_thread && memory != 4_MiB) continue;
      Engine engine({.threads = 3, .memory_limit = memory});
      Buffer plain;
      PieceSource source(packed);
      BufferSink sink(plain);
      auto done = ParallelCompressor(engine).decompress(source, sink, {.algorithm = algorithm});
      // Inside a frame of lz4 and a stream of brotli, a unit is read whole or not at all.
      const bool whole = algorithm == Algorithm::lz4 || algorithm == Algorithm::brotli;
      if (!done && whole && memory <= 12_MiB) {
        ASSERT_EQ(done.error().code, Errc::memory_limit) << done.error().text();
        continue;
      }
      ASSERT_TRUE(done) << info(algorithm).name << ' ' << memory << ": " << done.error().text();
      EXPECT_TRUE(plain.view() == ByteView(text)) << info(algorithm).name << ' ' << memory;
    }
  }
}

}  // namespace
}  // namespace braid
