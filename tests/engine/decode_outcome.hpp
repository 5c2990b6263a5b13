#pragma once

#include <braid/braid.hpp>

#include <algorithm>
#include <optional>
#include <string>

#include <gtest/gtest.h>

// What came of reading a stream, for comparing one way of reading with another.
namespace braid::testing_streams {

// Bytes in small pieces that come as they come, as from a pipe.
class PipeSource final : public Source {
 public:
  explicit PipeSource(ByteView bytes) : rest_(bytes) {}

  Result<std::size_t> read(MutableBytes out) override {
    const ByteView part =
        rest_.first(std::min({rest_.size(), out.size(), 1 + rest_.size() % 50'000}));
    std::copy_n(part.data(), part.size(), out.data());
    rest_ = rest_.drop(part.size());
    return part.size();
  }

 private:
  ByteView rest_;
};

struct Outcome {
  std::string plain;
  std::optional<Error> error;
};

class TextSink final : public Sink {
 public:
  explicit TextSink(std::string& text) : text_(text) {}

  Result<void> write(ByteView bytes) override {
    text_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }

 private:
  std::string& text_;
};

inline Outcome read_source(Engine& engine, Source& source, const DecompressionConfig& config) {
  Outcome outcome;
  TextSink sink(outcome.plain);
  auto done = ParallelCompressor(engine).decompress(source, sink, config);
  if (!done) outcome.error = done.error();
  return outcome;
}

// Reads `packed` from a pipe.
inline Outcome read_back(Engine& engine, Algorithm algorithm, ByteView packed,
                         std::uint64_t limit = UINT64_MAX) {
  PipeSource source(packed);
  return read_source(engine, source, {.algorithm = algorithm, .output_limit = limit});
}

inline void expect_equal(const Outcome& ahead, const Outcome& alone, const std::string& name) {
  ASSERT_EQ(ahead.error.has_value(), alone.error.has_value()) << name;
  if (!alone.error) {
    EXPECT_EQ(ahead.plain, alone.plain) << name;
    return;
  }
  EXPECT_EQ(ahead.error->code, alone.error->code) << name;
  EXPECT_EQ(ahead.error->message, alone.error->message) << name;
  EXPECT_EQ(ahead.error->offset, alone.error->offset) << name;
}

}  // namespace braid::testing_streams
