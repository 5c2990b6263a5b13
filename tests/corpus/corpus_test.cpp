#include "tests/support/corpus.hpp"

#include <braid/braid.hpp>

#include <gtest/gtest.h>

#include "tests/support/sha256.hpp"

namespace braid {
namespace {

// More than any stream of the corpus unpacks to, and little enough to bound a bomb.
constexpr std::uint64_t limit = 1_GiB;

// Reads the way a program reads a socket: awkward pieces, little room.
Result<Buffer> decode_in_steps(ByteView packed, const DecompressionConfig& config) {
  auto decoder = Decoder::make(config);
  if (!decoder) return decoder.error();
  Buffer plain;
  Buffer room(4099);
  for (std::size_t offset = 0;;) {
    const ByteView in = packed.slice(offset, 509);
    const Input input = offset + in.size() == packed.size() ? Input::last : Input::more;
    auto step = decoder->step(in, room.writable(), input);
    if (!step) return step.error();
    offset += step->consumed;
    plain.append(room.view().first(step->produced));
    if (step->state == StepState::finished) return plain;
  }
}

std::string outcome(const Result<Buffer>& result) {
  return result ? "accepted " + std::to_string(result->size()) + " bytes"
                : std::string(name(result.error().code)) + ": " + result.error().text();
}

void expect_verdict(const support::CorpusRow& row, const Result<Buffer>& result,
                    std::string_view how) {
  if (row.verdict == "ok") {
    EXPECT_TRUE(result) << how << ' ' << row.path << ": " << outcome(result) << "; " << row.note;
  } else if (row.verdict == "fail") {
    EXPECT_FALSE(result) << how << ' ' << row.path << ": " << outcome(result) << "; " << row.note;
  }
  if (result && row.verdict != "fail" && row.sha256 != "-") {
    EXPECT_EQ(support::sha256(result->view()), row.sha256) << how << ' ' << row.path;
  }
  if (!result) {
    EXPECT_NE(result.error().code, Errc::internal) << how << ' ' << row.path;
  }
}

TEST(Corpus, every_stream_has_the_stated_verdict_and_bytes) {
  const auto rows = support::corpus_rows();
  if (rows.empty()) {
    GTEST_SKIP() << "NO CORPUS at " << support::corpus_folder() << ": set BRAID_CORPUS";
  }
  std::size_t judged = 0;
  for (const auto& row : rows) {
    if (row.kind != "stream") continue;
    const auto algorithm = algorithm_from_name(row.format);
    ASSERT_TRUE(algorithm) << row.format;
    if (!info(*algorithm).built) continue;
    const std::string packed = support::read_file(support::corpus_folder() / row.path);
    const DecompressionConfig config{.algorithm = *algorithm, .output_limit = limit};
    const auto whole = decompress(packed, config);
    expect_verdict(row, whole, "memory");
    if (packed.size() < 1'000'000) {
      const auto stepped = decode_in_steps(packed, config);
      expect_verdict(row, stepped, "steps");
      EXPECT_EQ(whole.has_value(), stepped.has_value()) << row.path;
      if (!whole && !stepped) {
        EXPECT_EQ(whole.error().code, stepped.error().code) << row.path;
      }
    }
    ++judged;
  }
  std::printf("corpus: %zu streams judged\n", judged);
}

}  // namespace
}  // namespace braid
