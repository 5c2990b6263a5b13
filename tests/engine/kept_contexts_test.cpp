#include "engine/kept_contexts.hpp"

#include <braid/braid.hpp>

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "engine/decode_driver.hpp"
#include "tests/codec/deflate_samples.hpp"
#include "tests/support/sanitized.hpp"

namespace braid {
namespace {

using codec::deflate::samples::noise;
using codec::deflate::samples::text;
using engine::KeptContexts;

// Everything that braid can write, each with two levels.
std::vector<CompressionConfig> configs() {
  std::vector<CompressionConfig> all;
  for (const codec::Format& row : codec::formats()) {
    if (!row.info.built) continue;
    all.emplace_back(row.info.algorithm);
    if (row.info.max_level > 1) all.push_back(CompressionConfig(row.info.algorithm).level(1));
  }
  return all;
}

const std::vector<std::string>& inputs() {
  static const std::vector<std::string> all = {
      "", "a", text(20'000, 1), noise(3000, 2), std::string(70'000, 'z'), text(400, 3)};
  return all;
}

TEST(KeptContexts, are_those_of_the_last_configuration) {
  KeptContexts kept(2, 4_GiB);
  const codec::Format& row = codec::format(Algorithm::gzip);
  const CompressionConfig one(Algorithm::gzip);
  const CompressionConfig two = CompressionConfig(Algorithm::gzip).level(1);
  const auto first = kept.encoders(row, one);
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(kept.encoders(row, CompressionConfig(Algorithm::gzip)), first);
  EXPECT_NE(kept.encoders(row, two), first);
  EXPECT_NE(kept.encoders(row, one), first);
}

TEST(KeptContexts, take_a_sixteenth_of_the_memory_at_most) {
  const codec::Format& row = codec::format(Algorithm::gzip);
  const CompressionConfig config(Algorithm::gzip);
  const std::uint64_t memory = row.encoder_memory(config) * 16 * 3;
  EXPECT_NE(KeptContexts(3, memory).encoders(row, config), nullptr);
  EXPECT_EQ(KeptContexts(3, memory - 1).encoders(row, config), nullptr);
  EXPECT_EQ(KeptContexts(4, memory).encoders(row, config), nullptr);
}

TEST(KeptContexts, of_decoders_with_a_dictionary_are_none) {
  KeptContexts kept(2, 4_GiB);
  const codec::Format& row = codec::format(Algorithm::gzip);
  codec::DecoderSettings settings;
  const auto first = kept.decoders(row, settings);
  EXPECT_NE(first, nullptr);
  EXPECT_EQ(kept.decoders(row, settings), first);
  settings.memory_limit = 1_MiB;
  EXPECT_NE(kept.decoders(row, settings), first);
  settings.dictionary = ByteView("some bytes");
  EXPECT_EQ(kept.decoders(row, settings), nullptr);
}

// What a context did before does not show: neither in the bytes nor in what is restored, whatever
// configurations follow one another on whatever threads.
TEST(KeptContexts, leave_no_trace_in_what_comes_after) {
  Engine engine({.threads = 2});
  const auto all = configs();
  constexpr std::size_t rounds = sanitized::unless_thread(3, 1);
  auto work = [&](std::size_t start) {
    for (std::size_t i = 0; i < rounds * all.size(); ++i) {
      const CompressionConfig& config = all[(start + i / rounds) % all.size()];
      const ParallelCompressor compressor(engine, config);
      for (const std::string& input : inputs()) {
        const Buffer expected = compress(ByteView(input), config).value();
        const Buffer packed = compressor.compress(ByteView(input)).value();
        ASSERT_TRUE(packed.view() == expected.view()) << info(config.algorithm()).name;
        const auto plain =
            compressor.decompress(packed.view(), {.algorithm = config.algorithm()}).value();
        ASSERT_TRUE(plain.view() == ByteView(input)) << info(config.algorithm()).name;
      }
    }
  };
  std::vector<std::jthread> threads;
  for (std::size_t start = 0; start < 3; ++start) threads.emplace_back(work, start);
}

TEST(KeptContexts, are_as_new_after_input_that_could_not_be_read) {
  Engine engine({.threads = 1});
  for (const CompressionConfig& config : configs()) {
    const ParallelCompressor compressor(engine, config);
    const DecompressionConfig how{.algorithm = config.algorithm()};
    const std::string& input = inputs()[2];
    const Buffer packed = compressor.compress(ByteView(input)).value();
    for (std::size_t size = 1; size < packed.size(); size += 1 + packed.size() / 20) {
      const auto failed = compressor.decompress(packed.view().first(size), how);
      if (config.algorithm() != Algorithm::none) {
        EXPECT_FALSE(failed) << size;
      }
      const auto plain = compressor.decompress(packed.view(), how);
      ASSERT_TRUE(plain) << info(config.algorithm()).name << ": " << plain.error().text();
      ASSERT_TRUE(plain->view() == ByteView(input)) << info(config.algorithm()).name;
    }
  }
}

}  // namespace
}  // namespace braid
