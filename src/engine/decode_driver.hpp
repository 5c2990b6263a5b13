#pragma once

#include <braid/stream.hpp>

#include <optional>

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

  // As if made anew with a `config` that differs in output limit and trailing alone; the decoder
  // is reused. Errors: the decoder's.
  [[nodiscard]] Result<void> restart(const DecompressionConfig& config);

  // Whether restart() can be called: not after run_as_frontier(), whose decoder leaves checks to
  // others from then on.
  [[nodiscard]] bool can_restart() const noexcept { return !as_frontier_; }

  // From here on, step() also returns when one stream has ended and says so in at_seam(): the
  // caller may then read what follows by other means and come back with resume(). `pass_small`: not
  // where a small stream follows (codec::Format::is_small_stream).
  void stop_at_seams(bool pass_small = false) noexcept {
    stop_at_seams_ = true;
    pass_small_ = pass_small && format_->is_small_stream != nullptr;
  }

  [[nodiscard]] bool at_seam() const noexcept { return at_seam_; }

  enum class Place : std::uint8_t { at_stream, behind_stream };

  // Goes on at the beginning of a stream, or behind the end of one, where padding may come first,
  // after `consumed` input bytes and `produced` output bytes that were dealt with elsewhere.
  [[nodiscard]] Result<void> resume(Place place, std::uint64_t consumed, std::uint64_t produced);

  // The same in the middle of a stream, with a decoder that knows how to go on there; its offsets
  // count from here.
  void resume_within(std::unique_ptr<codec::StreamDecoder> decoder, std::uint64_t consumed,
                     std::uint64_t produced);

  [[nodiscard]] const StreamInfo& info() const;

  // From here on tells of the blocks. Borrowed.
  void observe(codec::BlockObserver& observer) { decoder_->observe(observer); }

  // Where the stream at hand begins, and whether it can hold data; at a seam, the one that ended.
  [[nodiscard]] std::uint64_t stream_start() const noexcept { return stream_start_; }
  [[nodiscard]] bool holds_data() const { return decoder_->holds_data(); }

  [[nodiscard]] const codec::Format& format() const noexcept { return *format_; }

  // ---- Being decoded ahead of (codec/ahead.hpp)
  // --------------------------------------------------

  // Whether the decoder at hand can be leaped with.
  [[nodiscard]] bool is_frontier() const {
    return format_->ahead != nullptr && decoder_->frontier() != nullptr;
  }

  // From here on steps end at seams, and before the first block that begins at or behind `stop`
  // (from the front of the file); sums are handed out by take_part() after each step.
  void run_as_frontier() noexcept { as_frontier_ = stop_at_seams_ = true; }

  void stop_behind(std::uint64_t stop) noexcept { stop_ = stop; }

  // Where the last step came to, when that is a place to leap from.
  [[nodiscard]] std::optional<codec::StreamPlace> place() const;

  // The plain bytes of the last step, with the trailer's place in the file.
  [[nodiscard]] codec::SummedPart take_part();

  // Whether since the last call a stream ended, or a block began that can be found ahead.
  [[nodiscard]] bool take_findable();

  // Has a part checked. Errors: checksum_mismatch.
  [[nodiscard]] Result<void> check(const codec::SummedPart& part,
                                   codec::PartChecker& checker) const;

  // Goes on behind the excerpt, which begins at place(). False, and nothing changed, when it cannot
  // be used here; also when it would go beyond the output limit.
  [[nodiscard]] Result<bool> leap(codec::Excerpt& excerpt);

  // Plain bytes before place(), as far as blocks behind it may refer to them.
  [[nodiscard]] ByteView history() const { return decoder_->frontier()->history(); }

  // Whether a StreamDecoder could begin here.
  [[nodiscard]] bool at_stream() const noexcept {
    return !in_stream_ || (consumed_ == stream_start_ && whole_streams_ == nullptr);
  }

  // Input and output bytes that were dealt with.
  [[nodiscard]] std::uint64_t consumed() const noexcept { return consumed_; }
  [[nodiscard]] std::uint64_t produced() const noexcept { return produced_; }

 private:
  DecodeDriver(const codec::Format& format, std::unique_ptr<codec::StreamDecoder> decoder,
               std::uint64_t output_limit, Trailing trailing);

  // What `step` says was done, also before an error.
  Result<void> run(ByteView in, MutableBytes out, Input input, Step& step);

  // What stands between two streams, seen from the first byte behind one.
  enum class Between : std::uint8_t { next_stream, need_input, end };
  Result<Between> look_behind_stream(ByteView in, Step& step, Input input);
  Result<void> decode(ByteView in, MutableBytes out, Input input, Step& step, bool& stream_ended);
  void begin_frontier_step(std::size_t rest);
  void leave_stream();
  [[nodiscard]] Error trailing_data() const;
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
  bool behind_one_ = false;  // some stream has ended before
  bool finished_ = false;
  bool stop_at_seams_ = false;
  bool pass_small_ = false;
  bool at_seam_ = false;
  bool as_frontier_ = false;
  std::optional<Error> failed_{};    // for the next step: the last one had bytes to give before it
  std::uint64_t stop_ = UINT64_MAX;  // of a frontier
  std::optional<codec::SummedPart> ended_part_{};        // of a stream that ended in the last step
  bool findable_ = false;                                // see take_findable(); of ended streams
  std::unique_ptr<codec::StreamDecoder> whole_streams_;  // set aside by resume_within()
  mutable StreamInfo info_;
};

}  // namespace braid::engine
