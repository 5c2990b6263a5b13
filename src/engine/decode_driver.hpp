#pragma once

#include <braid/stream.hpp>

#include "codec/format.hpp"

namespace braid::engine {

// Resolves what DecompressionConfig leaves open: the memory limit.
[[nodiscard]] codec::DecoderSettings decoder_settings(const DecompressionConfig& config);

// Reads everything that a file of one format may hold, by one StreamDecoder reused from stream to
// stream: concatenation, padding between and behind streams, trailing data, the output limit, and
// the offsets in errors are settled here, once for all formats.
class DecodeDriver {
 public:
  // `config` is borrowed. Errors: unsupported_feature, out_of_memory.
  [[nodiscard]] static Result<DecodeDriver> make(const codec::Format& format,
                                                 const DecompressionConfig& config);

  // The contract of Decoder::step.
  [[nodiscard]] Result<Step> step(ByteView in, MutableBytes out, Input input);

  [[nodiscard]] const StreamInfo& info() const;

 private:
  DecodeDriver(const codec::Format& format, std::unique_ptr<codec::StreamDecoder> decoder,
               std::uint64_t output_limit, Trailing trailing);

  // What stands between two streams, seen from the first byte behind one.
  enum class Between : std::uint8_t { next_stream, need_input, end };
  Result<Between> look_behind_stream(ByteView in, Step& step, Input input);
  Result<void> decode(ByteView in, MutableBytes out, Input input, Step& step, bool& stream_ended);
  [[nodiscard]] Error locate(Error error) const;

  const codec::Format* format_;
  std::unique_ptr<codec::StreamDecoder> decoder_;
  std::uint64_t output_limit_;
  Trailing trailing_;

  std::uint64_t consumed_ = 0;      // over all steps
  std::uint64_t produced_ = 0;      // over all steps
  std::uint64_t stream_start_ = 0;  // offset of the first byte of the current stream
  std::uint64_t padding_ = 0;       // zero bytes since the last stream's end
  bool in_stream_ = true;
  bool finished_ = false;
  mutable StreamInfo info_;
};

}  // namespace braid::engine
