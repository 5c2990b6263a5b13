#include <braid/braid.hpp>

#include <string>

#include <gtest/gtest.h>

#include "tests/conformance/samples.hpp"
#include "tests/engine/decode_outcome.hpp"

// What a damaged file holds before its damage comes out, also where one call of a decoder could
// have read both.
namespace braid {
namespace {

using testing_streams::Outcome;
using testing_streams::PipeSource;
using testing_streams::read_source;

struct Sample {
  Buffer packed;
  std::string good;  // comes out before the error
};

std::string text(int seed) {
  std::string words;
  for (int i = 0; i < 300; ++i) words += std::to_string(i * seed) + " apples, ";
  return words;
}

// Two good streams and a damaged one; or one, and what is none.
Sample make_sample(Algorithm algorithm) {
  const CompressionConfig config(algorithm);
  const bool several = info(algorithm).concatenates;
  Sample sample;
  for (int i = 1; i <= (several ? 2 : 1); ++i) {
    sample.packed.append(compress(ByteView(text(i)), config).value().view());
    sample.good += text(i);
  }
  Buffer last;
  if (several) {
    last = compress(ByteView(text(3)), config).value();
    last.writable()[last.size() / 2] ^= std::byte{0x55};
  } else {
    last.append(ByteView("no stream"));
  }
  sample.packed.append(last.view());
  return sample;
}

// All input at once, into room for all.
Outcome decode_at_once(Algorithm algorithm, const Sample& sample) {
  auto decoder = Decoder::make({.algorithm = algorithm}).value();
  Outcome outcome;
  Buffer room(1 << 20);
  ByteView in = sample.packed.view();
  for (;;) {
    auto step = decoder.step(in, room.writable(), Input::last);
    if (!step) {
      outcome.error = step.error();
      return outcome;
    }
    in = in.drop(step->consumed);
    outcome.plain += room.view().first(step->produced).text();
    if (step->state == StepState::finished) return outcome;
  }
}

class BytesBeforeError : public testing::TestWithParam<Algorithm> {
 protected:
  void SetUp() override {
    if (GetParam() == Algorithm::none) GTEST_SKIP() << "all bytes are good";
  }
};

TEST_P(BytesBeforeError, come_out_of_steps) {
  const Sample sample = make_sample(GetParam());
  const Outcome outcome = decode_at_once(GetParam(), sample);
  ASSERT_TRUE(outcome.error);
  EXPECT_TRUE(outcome.plain.starts_with(sample.good)) << outcome.plain.size();
}

TEST_P(BytesBeforeError, come_out_of_memory_and_pipes_on_any_number_of_threads) {
  const Sample sample = make_sample(GetParam());
  for (const unsigned threads : {1U, 3U}) {
    Engine engine({.threads = threads});
    const DecompressionConfig config{.algorithm = GetParam()};
    MemorySource memory(sample.packed);
    PipeSource pipe(sample.packed);
    for (Source* const source : {static_cast<Source*>(&memory), static_cast<Source*>(&pipe)}) {
      const Outcome outcome = read_source(engine, *source, config);
      ASSERT_TRUE(outcome.error);
      EXPECT_TRUE(outcome.plain.starts_with(sample.good)) << outcome.plain.size();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, BytesBeforeError,
                         testing::ValuesIn(conformance::built_families()), [](const auto& tested) {
                           return std::string(braid::info(tested.param).name);
                         });

}  // namespace
}  // namespace braid
