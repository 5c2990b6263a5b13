#include <braid/braid.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/decode_outcome.hpp"
#include "tests/support/sanitized.hpp"

// Streams that only one decoder can read, long enough to be decoded ahead of the writing.
namespace braid {
namespace {

using testing_streams::expect_equal;
using testing_streams::Outcome;
using testing_streams::PipeSource;

std::string prose(std::size_t size) {
  std::mt19937 random(1);
  std::string text;
  while (text.size() < size) {
    text += "entry " + std::to_string(random() % 100'000) + " was seen by " +
            std::to_string(random() % 97) + '\n';
  }
  text.resize(size);
  return text;
}

struct Sample {
  std::string name;
  Algorithm algorithm;
  Buffer packed;
  std::string plain;
};

Buffer pack(CompressionConfig config, std::string_view plain) {
  config.level(Level::fastest);
  return compress(ByteView(plain), config).value();
}

CompressionConfig one_piece(Algorithm algorithm) {
  CompressionConfig config(algorithm);
  if (algorithm != Algorithm::lzma) config.layout(Layout::single);
  return config;
}

constexpr std::size_t unit = sanitized::unless_any(1 << 20, 512 << 10);

std::vector<Sample> make_streams() {
  std::vector<Sample> all;
  const std::string text = prose(4 * unit);
  // 1000:1 for a while, so that one block of input fills many rooms.
  const std::string uneven = text.substr(0, 3 * unit) + std::string(16 * unit, 'z') + text;
  for (const Algorithm algorithm :
       {Algorithm::zstd, Algorithm::xz, Algorithm::lzma, Algorithm::brotli, Algorithm::lz4}) {
    const AlgorithmInfo& found = info(algorithm);
    if (!found.built) continue;
    const CompressionConfig config = one_piece(algorithm);
    if (!config.validate()) continue;
    const std::string name(found.name);
    all.push_back({name + " even", algorithm, pack(config, text), text});
    all.push_back({name + " uneven", algorithm, pack(config, uneven), uneven});
    if (!found.concatenates) continue;
    Buffer two = pack(config, uneven);
    two.append(pack(config, text).view());
    two.append(pack(config, "short").view());
    all.push_back({name + " three streams", algorithm, std::move(two), uneven + text + "short"});
  }
  return all;
}

const std::vector<Sample>& streams() {
  static const std::vector<Sample> all = make_streams();
  return all;
}

Outcome read_with(Engine& engine, const Sample& sample, ByteView packed,
                  std::uint64_t limit = UINT64_MAX) {
  return testing_streams::read_back(engine, sample.algorithm, packed, limit);
}

class StreamRun : public testing::Test {
 protected:
  Engine alone_{{.threads = 1}};
  Engine two_{{.threads = 2}};
  Engine many_{{.threads = 5}};
};

TEST_F(StreamRun, decoding_ahead_gives_the_bytes) {
  for (const Sample& sample : streams()) {
    EXPECT_EQ(read_with(two_, sample, sample.packed.view()).plain, sample.plain) << sample.name;
    EXPECT_EQ(read_with(many_, sample, sample.packed.view()).plain, sample.plain) << sample.name;
    if (sanitized::by_thread) continue;  // from memory the threads do the same
    auto whole =
        ParallelCompressor(two_).decompress(sample.packed.view(), {.algorithm = sample.algorithm});
    ASSERT_TRUE(whole) << sample.name << ": " << whole.error().text();
    EXPECT_TRUE(whole->view() == ByteView(std::string_view(sample.plain))) << sample.name;
  }
}

TEST_F(StreamRun, damage_is_told_as_by_one_thread) {
  for (const Sample& sample : streams()) {
    for (std::size_t part = sanitized::unless_any(4, 7); part <= 7; part += 3) {
      Buffer damaged(sample.packed.size());
      std::ranges::copy(sample.packed.view(), damaged.writable().begin());
      const std::size_t at = damaged.size() / 8 * part;
      damaged.writable()[at] ^= std::byte{0x55};
      expect_equal(read_with(two_, sample, damaged.view()),
                   read_with(alone_, sample, damaged.view()), sample.name + ", a byte changed");
      const ByteView cut = sample.packed.view().first(at);
      expect_equal(read_with(two_, sample, cut), read_with(alone_, sample, cut),
                   sample.name + ", cut short");
    }
  }
}

TEST_F(StreamRun, bytes_behind_the_end_are_told_as_by_one_thread) {
  for (const Sample& sample : streams()) {
    Buffer longer;
    longer.append(sample.packed.view());
    longer.append(ByteView(std::string_view("and something that is no stream")));
    expect_equal(read_with(two_, sample, longer.view()), read_with(alone_, sample, longer.view()),
                 sample.name);
  }
}

TEST_F(StreamRun, the_output_limit_holds_to_the_byte) {
  for (const Sample& sample : streams()) {
    const auto size = sample.plain.size();
    EXPECT_FALSE(read_with(two_, sample, sample.packed.view(), size).error) << sample.name;
    const Outcome beyond = read_with(two_, sample, sample.packed.view(), size - 1);
    ASSERT_TRUE(beyond.error) << sample.name;
    EXPECT_EQ(beyond.error->code, Errc::output_limit) << sample.name;
  }
}

TEST_F(StreamRun, a_sink_that_fails_ends_the_call_with_its_error) {
  class FailingSink final : public Sink {
   public:
    Result<void> write(ByteView bytes) override {
      written_ += bytes.size();
      if (written_ < 3 * unit) return {};
      return Error{.code = Errc::io, .message = "no room", .os_error = ENOSPC};
    }

   private:
    std::size_t written_ = 0;
  };

  for (const Sample& sample : streams()) {
    FailingSink sink;
    PipeSource source(sample.packed.view());
    auto done = ParallelCompressor(two_).decompress(source, sink, {.algorithm = sample.algorithm});
    ASSERT_FALSE(done) << sample.name;
    EXPECT_EQ(done.error().os_error, ENOSPC) << sample.name;
  }
}

TEST_F(StreamRun, a_request_to_stop_ends_the_call) {
  class StoppingSink final : public Sink {
   public:
    explicit StoppingSink(std::stop_source& stop) : stop_(stop) {}

    Result<void> write(ByteView bytes) override {
      written_ += bytes.size();
      if (written_ > 3 * unit) stop_.request_stop();
      return {};
    }

   private:
    std::stop_source& stop_;
    std::size_t written_ = 0;
  };

  for (const Sample& sample : streams()) {
    std::stop_source stop;
    StoppingSink sink(stop);
    PipeSource source(sample.packed.view());
    auto done = ParallelCompressor(two_).decompress(source, sink, {.algorithm = sample.algorithm},
                                                    {.stop = stop.get_token()});
    ASSERT_FALSE(done) << sample.name;
    EXPECT_EQ(done.error().code, Errc::cancelled) << sample.name;
  }
}

}  // namespace
}  // namespace braid
