#include <braid/braid.hpp>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "tests/conformance/samples.hpp"
#include "tests/support/sanitized.hpp"

// The rest of the threading guide: what the pool and the shared compressor do not show.
namespace braid {
namespace {

using conformance::words;

class GuideThreads : public testing::TestWithParam<unsigned> {
 protected:
  void on_all_threads(const std::function<void(unsigned)>& body) const {
    std::vector<std::jthread> threads;
    for (unsigned t = 0; t < GetParam(); ++t) threads.emplace_back([&body, t] { body(t); });
  }
};

INSTANTIATE_TEST_SUITE_P(Threads, GuideThreads, testing::Values(1U, 2U, 3U, 8U, 64U));

TEST_P(GuideThreads, N13_the_counter_gives_each_new_value_once) {
  LockFreeCounter counter;
  std::vector<std::vector<std::uint64_t>> seen(GetParam());
  on_all_threads([&](unsigned t) {
    for (int i = 0; i < 1000; ++i) seen[t].push_back(counter.increment());
  });
  std::set<std::uint64_t> all;
  for (const auto& values : seen) {
    EXPECT_TRUE(std::is_sorted(values.begin(), values.end()));
    all.insert(values.begin(), values.end());
  }
  EXPECT_EQ(all.size(), 1000U * GetParam());
  EXPECT_EQ(*all.begin(), 1U);
  EXPECT_EQ(*all.rbegin(), counter.get());
}

TEST_P(GuideThreads, N13_resets_of_the_counter_lose_and_double_nothing) {
  LockFreeCounter counter;
  std::atomic<std::uint64_t> taken = 0;
  on_all_threads([&](unsigned t) {
    for (int i = 0; i < 1000; ++i) {
      counter.add(3);
      if (i % 10 == static_cast<int>(t) % 10) taken += counter.reset();
    }
  });
  EXPECT_EQ(taken + counter.get(), 3000U * GetParam());
}

TEST_P(GuideThreads, N13_no_report_is_lost_in_silence) {
  ThreadSafeErrorReporter reporter(500);
  std::atomic<std::uint64_t> kept = 0;
  std::atomic<std::uint64_t> dropped = 0;
  std::atomic<std::uint64_t> disorder = 0;
  const auto take = [&] {
    const auto reports = reporter.drain();
    std::uint64_t last = 0;
    for (const ErrorReport& report : reports.kept) {
      if (report.sequence <= last || report.error.message.size() != report.task) ++disorder;
      last = report.sequence;
    }
    kept += reports.kept.size();
    dropped += reports.dropped;
  };
  on_all_threads([&](unsigned t) {
    for (unsigned i = 0; i < 200; ++i) {
      reporter.report({.code = Errc::corrupt, .message = std::string(i, 'x')}, i);
      if (t == 0 && i % 50 == 0) take();
    }
  });
  take();
  EXPECT_EQ(kept + dropped, 200U * GetParam());
  EXPECT_EQ(disorder, 0U);
  EXPECT_EQ(reporter.count(), 0U);
}

TEST(Guide, N13_reports_keep_order_time_and_place) {
  ThreadSafeErrorReporter reporter(2);
  EXPECT_EQ(reporter.report({.code = Errc::corrupt,
                             .message = "first",
                             .algorithm = Algorithm::gzip,
                             .offset = 17,
                             .chunk = 3,
                             .entry = "file"},
                            7),
            1U);
  EXPECT_EQ(reporter.report({.code = Errc::io, .message = "second", .os_error = 5}), 2U);
  EXPECT_EQ(reporter.report({.code = Errc::io, .message = "third"}), 3U);
  const auto reports = reporter.reports();
  EXPECT_EQ(reporter.count(), 3U);
  ASSERT_EQ(reports.kept.size(), 2U);
  EXPECT_EQ(reports.dropped, 1U);
  const ErrorReport& first = reports.kept[0];
  EXPECT_EQ(first.task, 7U);
  EXPECT_EQ(first.error.offset, 17U);
  EXPECT_EQ(first.error.chunk, 3U);
  EXPECT_EQ(first.error.entry, "file");
  EXPECT_EQ(first.thread, std::this_thread::get_id());
  EXPECT_LE(first.when, reports.kept[1].when);
  EXPECT_FALSE(reports.kept[1].task);
}

TEST(Guide, N10_zero_threads_means_choose_and_the_reason_is_told) {
  const ThreadAdvice advice = recommended_threads();
  Engine engine;
  EXPECT_EQ(engine.threads(), advice.threads);
  EXPECT_EQ(engine.thread_reason(), advice.reason);
  EXPECT_EQ(recommended_threads(10000).threads, 1U);
  const CompressionConfig config = CompressionConfig(Algorithm::zstd).chunk_size(1_MiB);
  EXPECT_EQ(recommended_threads(1, config).threads, 1U);
  EXPECT_EQ(recommended_threads(1_GiB, config).threads, advice.threads);
  EXPECT_EQ(recommended_threads(1_GiB, CompressionConfig(Algorithm::lzma)).threads, 1U);
}

TEST(Guide, N12_the_machine_has_a_node_with_a_cpu) {
  const Topology topology = Topology::detect();
  ASSERT_FALSE(topology.nodes.empty());
  unsigned cpus = 0;
  for (const auto& node : topology.nodes) cpus += static_cast<unsigned>(node.cpus.size());
  EXPECT_EQ(cpus, topology.cpus);
  EXPECT_GE(topology.cpus, 1U);
  EXPECT_FALSE(topology.source.empty());
}

TEST(Guide, N2_small_and_large_results_are_told_apart_by_themselves) {
  Engine engine({.threads = 3});
  const std::string large = words(sanitized::unless_thread(6'000'000, 2'500'000), 1);
  for (const Algorithm algorithm : conformance::built_algorithms()) {
    if (!info(algorithm).has_seams || algorithm == Algorithm::none) continue;
    const CompressionConfig config =
        CompressionConfig(algorithm).level(conformance::quick_level(algorithm));
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{1000}, large.size()}) {
      const std::string text = large.substr(0, size);
      const Buffer packed = ParallelCompressor(engine, config).compress(text).value();
      const DecompressionConfig reading{.algorithm = algorithm};
      EXPECT_TRUE(decompress(packed, reading).value().view() == ByteView(text));
      EXPECT_TRUE(ParallelCompressor(engine).decompress(packed, reading).value().view() ==
                  ByteView(text));
    }
  }
}

}  // namespace
}  // namespace braid
