#include <braid/shared_compressor.hpp>

#include <atomic>
#include <thread>
#include <type_traits>

#include <gtest/gtest.h>

#include "tests/conformance/samples.hpp"
#include "tests/engine/counting_memory.hpp"
#include "tests/support/sanitized.hpp"

namespace braid {
namespace {

using conformance::samples;
using conformance::words;

TEST(SharedCompressor, writes_the_bytes_of_the_one_shot_call_each_time) {
  if (sanitized::by_thread) GTEST_SKIP() << "one thread";
  for (const Algorithm algorithm : conformance::built_algorithms()) {
    for (auto& variant : conformance::variants(algorithm)) {
      variant.config.level(conformance::quick_level(algorithm));
      ThreadSafeCompressor shared(variant.config);
      for (int round = 0; round < 2; ++round) {
        for (const auto& sample : samples()) {
          const Buffer expected = compress(sample.bytes, variant.config).value();
          auto packed = shared.compress(sample.bytes);
          ASSERT_TRUE(packed) << packed.error().text();
          ASSERT_TRUE(packed->view() == expected.view()) << variant.name << ' ' << sample.name;
          auto plain = shared.decompress(*packed);
          ASSERT_TRUE(plain) << variant.name << ' ' << sample.name << ": " << plain.error().text();
          ASSERT_TRUE(plain->view() == ByteView(sample.bytes));
        }
      }
    }
  }
}

TEST(SharedCompressor, recovers_from_damaged_input) {
  for (const Algorithm algorithm : conformance::built_algorithms()) {
    if (algorithm == Algorithm::none) continue;
    ThreadSafeCompressor shared(
        CompressionConfig(algorithm).level(conformance::quick_level(algorithm)));
    const std::string text = words(50000, 1);
    const Buffer packed = shared.compress(text).value();
    for (std::size_t keep = 0; keep < packed.size(); keep += 1 + packed.size() / 13) {
      EXPECT_FALSE(shared.decompress(packed.view().first(keep)));
      EXPECT_TRUE(shared.decompress(packed).value().view() == ByteView(text));
    }
  }
}

TEST(SharedCompressor, reads_with_the_dictionary_it_writes_with) {
  const std::string dictionary = words(4000, 1);
  for (const Algorithm algorithm : {Algorithm::zstd, Algorithm::lz4, Algorithm::zlib}) {
    ThreadSafeCompressor shared{CompressionConfig(algorithm).dictionary(dictionary)};
    for (unsigned seed = 1; seed < 5; ++seed) {
      const std::string text = words(5000, seed);
      EXPECT_TRUE(shared.decompress(shared.compress(text).value()).value().view() ==
                  ByteView(text));
    }
  }
}

TEST(SharedCompressor, reports_a_bad_configuration_from_every_call) {
  ThreadSafeCompressor shared{CompressionConfig(Algorithm::lz4).level(99)};
  for (int i = 0; i < 2; ++i) {
    auto packed = shared.compress("text");
    ASSERT_FALSE(packed);
    EXPECT_EQ(packed.error().code, Errc::invalid_argument);
  }
  EXPECT_EQ(shared.stats().compress.failures, 2);
}

TEST(SharedCompressor, allocates_the_result_alone_once_it_is_warm) {
  ThreadSafeCompressor shared{CompressionConfig(Algorithm::lz4)};
  const std::string text = words(4096, 1);
  CountingMemory memory;
  for (std::uint64_t i = 1; i < 10; ++i) {
    const Buffer packed = shared.compress(text, &memory).value();
    EXPECT_EQ(memory.allocations(), i);
    EXPECT_EQ(packed.capacity(), packed.size());
    EXPECT_EQ(packed.memory(), &memory);
  }
}

class GuideShared : public testing::TestWithParam<unsigned> {};

INSTANTIATE_TEST_SUITE_P(Threads, GuideShared, testing::Values(1U, 2U, 3U, 8U, 64U));

TEST_P(GuideShared, N11_counts_every_operation_of_every_thread_once) {
  constexpr std::uint64_t rounds = 40;
  ThreadSafeCompressor shared{CompressionConfig(Algorithm::lz4)};
  const std::string text = words(1000, 1);
  const Buffer expected = compress(text, shared.config()).value();
  std::atomic<std::uint64_t> wrong = 0;
  std::vector<std::jthread> threads;
  for (unsigned t = 0; t < GetParam(); ++t) {
    threads.emplace_back([&] {
      for (std::uint64_t i = 0; i < rounds; ++i) {
        auto packed = shared.compress(text);
        if (!packed || packed->view() != expected.view()) ++wrong;
        if (auto plain = shared.decompress(expected); !plain || plain->size() != text.size()) {
          ++wrong;
        }
        if (shared.decompress("no lz4 frame")) ++wrong;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(wrong, 0);
  const CompressionStats stats = shared.stats();
  const std::uint64_t all = rounds * GetParam();
  EXPECT_EQ(stats.compress.operations, all);
  EXPECT_EQ(stats.compress.failures, 0);
  EXPECT_EQ(stats.compress.plain_bytes, all * text.size());
  EXPECT_EQ(stats.compress.packed_bytes, all * expected.size());
  EXPECT_EQ(stats.compress.least_plain, text.size());
  EXPECT_EQ(stats.compress.most_plain, text.size());
  EXPECT_EQ(stats.decompress.operations, all);
  EXPECT_EQ(stats.decompress.failures, all);
  EXPECT_EQ(stats.decompress.plain_bytes, all * text.size());
  EXPECT_NEAR(stats.compress.ratio(),
              static_cast<double>(expected.size()) / static_cast<double>(text.size()), 1e-9);
}

TEST_P(GuideShared, N11_a_snapshot_never_holds_half_an_operation) {
  ThreadSafeCompressor shared{CompressionConfig(Algorithm::none)};
  std::atomic<bool> done = false;
  std::vector<std::jthread> threads;
  for (unsigned t = 0; t < GetParam(); ++t) {
    threads.emplace_back([&] {
      do {
        (void)shared.compress("seven b");
      } while (!done);
    });
  }
  std::uint64_t before = 0;
  for (int i = 0; i < 300; ++i) {
    const DirectionStats seen = shared.stats().compress;
    ASSERT_EQ(seen.plain_bytes, seen.operations * 7);
    ASSERT_EQ(seen.packed_bytes, seen.operations * 7);
    ASSERT_GE(seen.operations, before);
    before = seen.operations;
  }
  done = true;
}

TEST_P(GuideShared, N11_resets_lose_and_double_nothing) {
  constexpr std::uint64_t rounds = 500;
  ThreadSafeCompressor shared{CompressionConfig(Algorithm::none)};
  std::vector<std::jthread> threads;
  for (unsigned t = 0; t < GetParam(); ++t) {
    threads.emplace_back([&] {
      for (std::uint64_t i = 0; i < rounds; ++i) (void)shared.compress("x");
    });
  }
  std::uint64_t counted = 0;
  for (int i = 0; i < 50; ++i) counted += shared.reset_stats().compress.operations;
  threads.clear();
  counted += shared.reset_stats().compress.operations;
  EXPECT_EQ(counted, rounds * GetParam());
  EXPECT_EQ(shared.stats().compress.ratio(), 0.0);
}

TEST(Guide, N11_the_shared_compressor_cannot_be_copied_or_moved) {
  static_assert(!std::is_copy_constructible_v<ThreadSafeCompressor>);
  static_assert(!std::is_move_constructible_v<ThreadSafeCompressor>);
  static_assert(!std::is_copy_assignable_v<ThreadSafeCompressor>);
}

}  // namespace
}  // namespace braid
