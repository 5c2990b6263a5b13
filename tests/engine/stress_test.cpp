#include <braid/braid.hpp>

#include <array>
#include <mutex>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "tests/conformance/samples.hpp"
#include "tests/engine/awkward_streams.hpp"
#include "tests/support/sanitized.hpp"

namespace braid {
namespace {

using testing_streams::FailingSink;
using testing_streams::FailingSource;
using testing_streams::Failure;
using testing_streams::PieceSource;
using testing_streams::Thrown;

// How one call ended.
struct Outcome {
  enum class Kind : std::uint8_t { done, failed, thrown } kind = Kind::done;
  Error error{};
  std::string thrown;
};

template <typename Call>
Outcome outcome_of(Call&& call) {
  try {
    const auto done = call();
    if (done) return {};
    return {Outcome::Kind::failed, done.error(), {}};
  } catch (const Thrown& thrown) {
    return {Outcome::Kind::thrown, {}, thrown.where};
  }
}

// Formats with seams of every kind, quick enough for thousands of calls, in chunks so small that a
// few kilobytes are many.
const std::vector<CompressionConfig>& quick_configs() {
  static const std::vector<CompressionConfig> all = [] {
    std::vector<CompressionConfig> made;
    for (const Algorithm algorithm :
         {Algorithm::gzip, Algorithm::zstd, Algorithm::lz4, Algorithm::deflate, Algorithm::none}) {
      const AlgorithmInfo& row = info(algorithm);
      if (!row.built) continue;
      CompressionConfig config(algorithm);
      config.level(conformance::quick_level(algorithm));
      if (const KnobRange* chunk = row.knob(Knob::chunk_size)) {
        config.set(Knob::chunk_size, std::max<std::int64_t>(chunk->min, 1024));
      }
      made.push_back(config);
    }
    return made;
  }();
  return all;
}

class Stress : public testing::TestWithParam<unsigned> {
 protected:
  // One call with a failure, or none, planted somewhere; `seed` decides on everything.
  void run_once(const Engine& /*engine*/, const ParallelCompressor& compressor, unsigned seed) {
    std::mt19937 random(seed);
    const bool packing = random() % 2 == 0;
    const Algorithm algorithm = compressor.config().algorithm();
    const std::string plain = conformance::words(random() % 20000, seed);
    const Buffer packed = compress(plain, compressor.config()).value();
    const ByteView input = packing ? ByteView(plain) : packed.view();
    const ByteView expected = packing ? packed.view() : ByteView(plain);

    const auto plant = [&](std::size_t size) {
      const Failure all[] = {Failure::none, Failure::none, Failure::error, Failure::thrown};
      return std::pair(all[random() % 4], random() % (size + 1));
    };
    const auto [source_failure, source_at] = plant(input.size());
    const auto [sink_failure, sink_at] = plant(expected.size());
    FailingSource source(input, source_failure, source_at);
    FailingSink sink(sink_failure, sink_at);
    std::stop_source stop;
    if (random() % 8 == 0) sink.stop_at(stop, random() % (expected.size() + 1));
    const RunOptions options{.stop = stop.get_token()};

    const Outcome outcome = outcome_of([&] {
      return packing ? compressor.compress(source, sink, options)
                     : compressor.decompress(source, sink, {.algorithm = algorithm}, options);
    });

    // Whatever happened, what was written is a beginning of what had to be.
    ASSERT_TRUE(sink.written() == expected.first(sink.written().size())) << seed;
    switch (outcome.kind) {
      case Outcome::Kind::done:
        ASSERT_TRUE(sink.written() == expected) << seed;
        ASSERT_FALSE(sink.failed()) << seed;
        break;
      case Outcome::Kind::thrown:
        ASSERT_EQ(outcome.thrown, source.failed() && !sink.failed() ? "source" : "sink") << seed;
        ASSERT_TRUE(sink.failed() || source.failed()) << seed;
        break;
      case Outcome::Kind::failed:
        if (outcome.error.code == Errc::cancelled) {
          ASSERT_TRUE(stop.stop_requested()) << seed;
          break;
        }
        ASSERT_EQ(outcome.error.code, Errc::io) << seed << ": " << outcome.error.text();
        // The sink fails at what lies before all that the source has yet to give.
        ASSERT_EQ(outcome.error.message, sink.failed() ? "sink" : "source") << seed;
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Threads, Stress, testing::Values(1U, 2U, 3U, 8U));

TEST_P(Stress, planted_failures_end_thousands_of_calls_as_they_should) {
  constexpr std::size_t calls = sanitized::unless_any(2500, 600);
  Engine engine({.threads = GetParam(), .memory_limit = 512_MiB});
  for (unsigned round = 0; round < calls / quick_configs().size(); ++round) {
    unsigned number = 0;
    for (const CompressionConfig& config : quick_configs()) {
      const ParallelCompressor compressor(engine, config);
      run_once(engine, compressor, round * 16 + number++);
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(Stress, what_a_progress_callback_throws_reaches_the_caller) {
  Engine engine({.threads = GetParam()});
  const std::string plain = conformance::words(100000, 1);
  for (const CompressionConfig& config : quick_configs()) {
    const ParallelCompressor compressor(engine, config);
    const RunOptions options{.on_progress = [](const Progress&) { throw Thrown{"progress"}; }};
    const Buffer packed = compress(plain, config).value();
    NullSink sink;
    PieceSource to_pack(plain);
    EXPECT_THROW((void)compressor.compress(to_pack, sink, options), Thrown);
    PieceSource to_restore(packed);
    EXPECT_THROW(
        (void)compressor.decompress(to_restore, sink, {.algorithm = config.algorithm()}, options),
        Thrown);
  }
}

TEST_P(Stress, a_stop_from_another_thread_ends_the_call_or_comes_too_late) {
  Engine engine({.threads = GetParam()});
  const std::string plain = conformance::words(200000, 2);
  for (const CompressionConfig& config : quick_configs()) {
    const ParallelCompressor compressor(engine, config);
    const Buffer packed = compress(plain, config).value();
    for (unsigned spins = 0; spins < 20; spins += sanitized::unless_thread(1, 3)) {
      std::stop_source stop;
      std::thread stopper([&] {
        for (unsigned i = 0; i < spins * spins * 50; ++i) std::this_thread::yield();
        stop.request_stop();
      });
      Buffer written;
      BufferSink sink(written);
      PieceSource source(spins % 2 == 0 ? ByteView(plain) : packed.view());
      const RunOptions options{.stop = stop.get_token()};
      const auto done =
          spins % 2 == 0
              ? compressor.compress(source, sink, options)
              : compressor.decompress(source, sink, {.algorithm = config.algorithm()}, options);
      stopper.join();
      if (done) {
        EXPECT_TRUE(written.view() == (spins % 2 == 0 ? packed.view() : ByteView(plain)));
      } else {
        EXPECT_EQ(done.error().code, Errc::cancelled) << done.error().text();
      }
    }
  }
}

// ---- Memory ------------------------------------------------------------------------------------

TEST(StressMemory, too_small_a_budget_names_what_it_needs_and_a_tight_one_changes_nothing) {
  const std::string plain = conformance::words(400000, 4);
  for (const Algorithm algorithm : conformance::built_families()) {
    CompressionConfig config(algorithm);
    config.level(conformance::quick_level(algorithm));
    if (const KnobRange* chunk = info(algorithm).knob(Knob::chunk_size)) {
      config.set(Knob::chunk_size, std::max<std::int64_t>(chunk->min, 64 << 10));
    }
    const Buffer packed = compress(plain, config).value();
    Engine small({.threads = 4, .memory_limit = 4096});
    const auto refused = ParallelCompressor(small, config).compress(plain);
    if (refused) {  // a format without chunks, read a step at a time
      EXPECT_TRUE(refused->view() == packed.view());
      continue;
    }
    ASSERT_EQ(refused.error().code, Errc::memory_limit) << refused.error().text();
    std::uint64_t needed = 0;
    ASSERT_EQ(std::sscanf(refused.error().message.c_str(), "needs %lu", &needed), 1);
    for (const std::uint64_t limit : {needed, 2 * needed, 3 * needed, 5 * needed, 9 * needed}) {
      Engine engine({.threads = 4, .memory_limit = limit});
      const ParallelCompressor compressor(engine, config);
      const auto written = compressor.compress(plain);
      ASSERT_TRUE(written) << limit << ": " << written.error().text();
      EXPECT_TRUE(written->view() == packed.view()) << limit;
      EXPECT_LE(engine.stats().peak_memory, limit);
    }
    Engine one_less({.threads = 4, .memory_limit = needed - 1});
    EXPECT_FALSE(ParallelCompressor(one_less, config).compress(plain));
  }
}

TEST(StressEngine, eight_threads_share_one_engine_and_little_memory) {
  Engine engine({.threads = 3, .memory_limit = 80_MiB});
  std::vector<std::thread> callers;
  for (unsigned caller = 0; caller < 8; ++caller) {
    callers.emplace_back([&engine, caller] {
      for (unsigned i = 0; i < 20; ++i) {
        const auto& configs = quick_configs();
        const CompressionConfig& config = configs[(caller + i) % configs.size()];
        const std::string plain = conformance::words(1000 * i + 10, caller);
        const ParallelCompressor compressor(engine, config);
        const auto packed = compressor.compress(plain);
        ASSERT_TRUE(packed) << packed.error().text();
        const auto restored = compressor.decompress(*packed, {.algorithm = config.algorithm()});
        ASSERT_TRUE(restored) << restored.error().text();
        ASSERT_TRUE(restored->view() == ByteView(plain));
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_LE(engine.stats().peak_memory, 80_MiB);
}

// ---- Executors of the caller's own -------------------------------------------------------------

class RefusingExecutor final : public Executor {
 public:
  void execute(Task /*task*/) override { throw std::runtime_error("no"); }

  [[nodiscard]] unsigned concurrency() const noexcept override { return 4; }
};

// Destroys what it is given, which an executor may.
class DroppingExecutor final : public Executor {
 public:
  void execute(Task /*task*/) override {}

  [[nodiscard]] unsigned concurrency() const noexcept override { return 4; }
};

class InlineExecutor final : public Executor {
 public:
  void execute(Task task) override { task(); }

  [[nodiscard]] unsigned concurrency() const noexcept override { return 2; }

  [[nodiscard]] bool backlog() const noexcept override { return false; }
};

// Runs nothing until it is told to, long after the call.
class LateExecutor final : public Executor {
 public:
  void execute(Task task) override {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }

  [[nodiscard]] unsigned concurrency() const noexcept override { return 3; }

  void run_all() {
    for (Task& task : tasks_) task();
    tasks_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<Task> tasks_;
};

// Says that it could run any number of tasks, and runs each on a thread of its own.
class BoundlessExecutor final : public Executor {
 public:
  ~BoundlessExecutor() override {
    for (std::thread& thread : threads_) thread.join();
  }

  void execute(Task task) override {
    const std::lock_guard lock(mutex_);
    threads_.emplace_back([held = std::move(task)]() mutable { held(); });
  }

  [[nodiscard]] unsigned concurrency() const noexcept override { return UINT32_MAX; }

 private:
  std::mutex mutex_;
  std::vector<std::thread> threads_;
};

template <typename Custom>
class CustomExecutor : public testing::Test {};

using Executors = testing::Types<RefusingExecutor, DroppingExecutor, InlineExecutor, LateExecutor,
                                 BoundlessExecutor>;
TYPED_TEST_SUITE(CustomExecutor, Executors);

TYPED_TEST(CustomExecutor, gives_the_same_bytes_and_hangs_nothing) {
  const std::string plain = conformance::words(150000, 6);
  TypeParam executor;
  {
    Engine engine({.memory_limit = 512_MiB, .executor = &executor});
    EXPECT_GE(engine.threads(), 1U);
    for (const CompressionConfig& config : quick_configs()) {
      const ParallelCompressor compressor(engine, config);
      const auto packed = compressor.compress(plain);
      ASSERT_TRUE(packed) << packed.error().text();
      EXPECT_TRUE(packed->view() == compress(plain, config).value().view());
      const auto restored = compressor.decompress(*packed, {.algorithm = config.algorithm()});
      ASSERT_TRUE(restored) << restored.error().text();
      EXPECT_TRUE(restored->view() == ByteView(plain));
    }
  }
  if constexpr (std::is_same_v<TypeParam, LateExecutor>) executor.run_all();
}

}  // namespace
}  // namespace braid
