#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/codec/deflate_samples.hpp"
#include "tests/engine/awkward_streams.hpp"
#include "tests/engine/decode_outcome.hpp"
#include "tests/support/sanitized.hpp"

// Deflate data from other writers, read by a frontier and excerpts: the same bytes and the same
// errors as one thread gives.
namespace braid {
namespace {

using codec::deflate::samples::deflated;
using codec::deflate::samples::noise;
using codec::deflate::samples::text;
using codec::deflate::samples::Wrap;
using testing_streams::DripSource;
using testing_streams::expect_equal;
using testing_streams::FailingSink;
using testing_streams::FailingSource;
using testing_streams::Failure;
using testing_streams::Outcome;
using testing_streams::read_back;
using testing_streams::read_source;
using testing_streams::Thrown;

struct Sample {
  std::string name;
  Algorithm algorithm;
  std::string packed;
  std::string plain;

  [[nodiscard]] ByteView view() const { return ByteView(std::string_view(packed)); }
};

std::string members(const std::string& plain, std::size_t size, int strategy) {
  std::string all;
  for (std::size_t at = 0; at < plain.size(); at += size) {
    all += deflated(plain.substr(at, size), {Wrap::gzip, 6, strategy});
  }
  return all;
}

// One stream after the other of what threads share and what they do not.
Sample changing(const std::string& prose, std::size_t size) {
  Sample sample{"changing", Algorithm::gzip, {}, {}};
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string part = prose.substr(i * size, size);
    for (const auto& [level, strategy] :
         {std::pair(6, Z_DEFAULT_STRATEGY), {6, Z_FIXED}, {0, Z_FIXED}}) {
      sample.packed += deflated(part, {Wrap::gzip, level, strategy});
      sample.plain += part;
    }
  }
  return sample;
}

constexpr std::size_t unit = sanitized::unless_any(1 << 20, 512 << 10);

std::vector<Sample> make_samples() {
  const std::string prose = text(6 * unit, 1);
  const std::string mixed = prose.substr(0, 3 * unit) + noise(unit, 2) +
                            std::string(8 * unit, 'z') + prose.substr(3 * unit);
  const auto gz = Algorithm::gzip;
  std::vector<Sample> all;
  all.push_back({"text", gz, deflated(prose, {Wrap::gzip, 6}), prose});
  all.push_back({"mixed", gz, deflated(mixed, {Wrap::gzip, 6}), mixed});
  all.push_back({"stored", gz, deflated(mixed, {Wrap::gzip, 0}), mixed});
  all.push_back({"fixed", gz, deflated(mixed, {Wrap::gzip, 6, Z_FIXED}), mixed});
  const std::string zeros(sanitized::unless_any(40, 20) * unit, '\0');
  all.push_back({"1000:1", gz, deflated(zeros, {Wrap::gzip, 9}), zeros});
  all.push_back({"members", gz, members(mixed, 300'000, Z_DEFAULT_STRATEGY), mixed});
  all.push_back({"tiny members", gz, members(prose, 900, Z_DEFAULT_STRATEGY), prose});
  all.push_back(changing(prose, 3 * unit));
  if (sanitized::by_thread) return all;  // to threads the others are like one of these
  all.push_back({"zlib", Algorithm::zlib, deflated(mixed, {Wrap::zlib, 9}), mixed});
  all.push_back({"raw", Algorithm::deflate, deflated(mixed, {Wrap::raw, 1}), mixed});
  all.push_back({"no matches", gz, deflated(mixed, {Wrap::gzip, 6, Z_HUFFMAN_ONLY}), mixed});
  all.push_back({"fixed members", gz, members(prose, 5000, Z_FIXED), prose});
  return all;
}

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = make_samples();
  return all;
}

class FrontierRun : public testing::Test {
 protected:
  Engine alone_{{.threads = 1}};
  Engine two_{{.threads = 2}};
  Engine many_{{.threads = 5}};
};

TEST_F(FrontierRun, gives_the_bytes_from_a_pipe_and_from_memory) {
  for (const Sample& sample : samples()) {
    for (Engine* engine : {&two_, &many_}) {
      const Outcome piped = read_back(*engine, sample.algorithm, sample.view());
      ASSERT_FALSE(piped.error) << sample.name << ": " << piped.error->text();
      EXPECT_TRUE(piped.plain == sample.plain) << sample.name;
      if (sanitized::by_thread && engine == &many_) continue;
      auto whole =
          ParallelCompressor(*engine).decompress(sample.view(), {.algorithm = sample.algorithm});
      ASSERT_TRUE(whole) << sample.name << ": " << whole.error().text();
      EXPECT_TRUE(whole->view() == ByteView(std::string_view(sample.plain))) << sample.name;
    }
  }
}

// However much is there when a segment is cut, the input has not ended with it.
TEST_F(FrontierRun, gives_the_bytes_of_a_source_that_reads_little) {
  if (sanitized::by_thread) GTEST_SKIP() << "one thread reads";
  const std::string lines = text(300, 3);
  std::string logged;  // some thirty times as long as what it shrinks to
  while (logged.size() < 24 * unit) logged += std::to_string(logged.size() / 997) + lines;
  const std::string stored = noise(unit, 4) + noise(unit, 5);
  for (const Sample& sample :
       {Sample{"logged", Algorithm::gzip, deflated(logged, {Wrap::gzip, 6}), logged},
        Sample{"stored", Algorithm::gzip, deflated(stored, {Wrap::gzip, 6}), stored}}) {
    DripSource source(sample.view(), 1);
    const Outcome outcome = read_source(two_, source, {.algorithm = sample.algorithm});
    ASSERT_FALSE(outcome.error) << sample.name << ": " << outcome.error->text();
    EXPECT_TRUE(outcome.plain == sample.plain) << sample.name;
  }
}

TEST_F(FrontierRun, damage_is_told_as_by_one_thread) {
  for (const Sample& sample : samples()) {
    for (const std::size_t part : {3, 6, 8}) {
      if (sanitized::by_thread && part != 6) continue;
      std::string damaged = sample.packed;
      const std::size_t at = std::min(damaged.size() / 8 * part, damaged.size() - 3);
      damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
      const ByteView changed{std::string_view(damaged)};
      expect_equal(read_back(two_, sample.algorithm, changed),
                   read_back(alone_, sample.algorithm, changed), sample.name + ", a bit changed");
      const ByteView cut = sample.view().first(at);
      expect_equal(read_back(many_, sample.algorithm, cut),
                   read_back(alone_, sample.algorithm, cut), sample.name + ", cut short");
    }
  }
}

TEST_F(FrontierRun, what_follows_the_last_stream_is_told_as_by_one_thread) {
  for (const Sample& sample : samples()) {
    for (const std::string_view behind : {std::string_view("no stream"), {"\0\0\0\0\0\0\0", 7}}) {
      if (sanitized::by_thread && behind.front() == '\0') continue;
      const std::string longer = sample.packed + std::string(behind);
      const ByteView bytes{std::string_view(longer)};
      expect_equal(read_back(two_, sample.algorithm, bytes),
                   read_back(alone_, sample.algorithm, bytes), sample.name);
    }
  }
}

TEST_F(FrontierRun, counts_streams_as_one_thread_does) {
  for (const Sample& sample : samples()) {
    std::uint64_t streams[2] = {};
    for (const bool parallel : {false, true}) {
      MemorySource source(sample.view());
      NullSink sink;
      auto done = ParallelCompressor(parallel ? two_ : alone_)
                      .decompress(source, sink, {.algorithm = sample.algorithm});
      ASSERT_TRUE(done) << sample.name << ": " << done.error().text();
      EXPECT_EQ(done->bytes_in, sample.packed.size()) << sample.name;
      EXPECT_EQ(done->bytes_out, sample.plain.size()) << sample.name;
      streams[parallel ? 1 : 0] = done->stream.streams;
    }
    EXPECT_EQ(streams[0], streams[1]) << sample.name;
  }
}

TEST_F(FrontierRun, the_output_limit_holds_to_the_byte) {
  for (const Sample& sample : samples()) {
    const std::uint64_t size = sample.plain.size();
    EXPECT_FALSE(read_back(two_, sample.algorithm, sample.view(), size).error) << sample.name;
    const auto less = read_back(two_, sample.algorithm, sample.view(), size - 1).error;
    ASSERT_TRUE(less) << sample.name;
    EXPECT_EQ(less->code, Errc::output_limit) << sample.name;
  }
}

TEST_F(FrontierRun, a_small_budget_is_kept_and_gives_the_same) {
  Engine small({.threads = 3, .memory_limit = 24_MiB});
  for (const Sample& sample : samples()) {
    const Outcome outcome = read_back(small, sample.algorithm, sample.view());
    ASSERT_FALSE(outcome.error) << sample.name << ": " << outcome.error->text();
    EXPECT_TRUE(outcome.plain == sample.plain) << sample.name;
  }
}

// Executors may refuse, delay, or run a task at once.
class NoThreads final : public Executor {
 public:
  void execute(Task /*task*/) override {}

  [[nodiscard]] unsigned concurrency() const noexcept override { return 3; }
};

TEST(FrontierRunExecutors, a_call_whose_executor_runs_nothing_does_all_itself) {
  NoThreads executor;
  Engine engine({.executor = &executor});
  const Sample& sample = samples().front();
  const Outcome outcome = read_back(engine, sample.algorithm, sample.view());
  ASSERT_FALSE(outcome.error) << outcome.error->text();
  EXPECT_TRUE(outcome.plain == sample.plain);
}

TEST_F(FrontierRun, a_failing_sink_ends_it) {
  const Sample& sample = samples().front();
  for (const std::uint64_t at : {3 * unit, 4 * unit, 5 * unit}) {
    MemorySource source(sample.view());
    FailingSink sink(Failure::error, at);
    auto done = ParallelCompressor(many_).decompress(source, sink, {.algorithm = sample.algorithm});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "sink");
  }
}

TEST_F(FrontierRun, what_source_and_sink_throw_reaches_the_caller) {
  const Sample& sample = samples().front();
  const ParallelCompressor reader(many_);
  for (const std::size_t part : {4, 5, 6, 7}) {
    MemorySource source(sample.view());
    FailingSink sink(Failure::thrown, sample.plain.size() / 8 * part);
    EXPECT_THROW(
        static_cast<void>(reader.decompress(source, sink, {.algorithm = sample.algorithm})),
        Thrown);
    FailingSource pipe(sample.view(), Failure::thrown, sample.packed.size() / 8 * part);
    FailingSink all(Failure::none, 0);
    EXPECT_THROW(static_cast<void>(reader.decompress(pipe, all, {.algorithm = sample.algorithm})),
                 Thrown);
  }
}

TEST_F(FrontierRun, a_stop_ends_it) {
  const Sample& sample = samples().front();
  std::stop_source stop;
  MemorySource source(sample.view());
  FailingSink sink(Failure::none, 0);
  sink.stop_at(stop, 4 * unit);
  auto done = ParallelCompressor(many_).decompress(source, sink, {.algorithm = sample.algorithm},
                                                   {.stop = stop.get_token()});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::cancelled);
}

}  // namespace
}  // namespace braid
