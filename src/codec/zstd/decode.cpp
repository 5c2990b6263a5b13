#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>

#include "base/byte_order.hpp"
#include "base/try.hpp"
#include "codec/zstd/block_walk.hpp"
#include "codec/zstd/context.hpp"
#include "codec/zstd/frame.hpp"
#include "codec/zstd/verdict.hpp"
#include "codec/zstd/zstd.hpp"

namespace braid::codec::zstd {

namespace {

// Reads one frame. The header is read here first, so that a window beyond the limit is refused
// before the library allocates it; skippable frames never reach the library.
class FrameDecoder final : public StreamDecoder {
 public:
  FrameDecoder(Decompressor context, std::uint64_t memory_limit)
      : context_(std::move(context)), memory_limit_(memory_limit) {}

  Result<Step> step(ByteView in, MutableBytes out, Input input) override {
    Step step;
    if (state_ == State::header) {
      BRAID_TRY(read_header(in, step, input));
      if (state_ == State::header) return step;
    }
    if (state_ == State::skip) {
      BRAID_TRY(skip(in.drop(step.consumed), step, input));
      return step;
    }
    if (state_ == State::frame) BRAID_TRY(decode(in, out, step, input));
    if (state_ == State::done) step.state = StepState::finished;
    return step;
  }

  Result<void> reset() override {
    ZSTD_DCtx_reset(context_.get(), ZSTD_reset_session_only);
    state_ = State::header;
    held_ = 0;
    fed_ = 0;
    plain_ = 0;
    pending_ = false;
    begun_ = false;
    skippable_ = false;
    header_.reset();
    return {};
  }

  [[nodiscard]] bool holds_data() const override { return !skippable_; }

  void describe(StreamInfo& info) const override {
    if (header_) describe_header(*header_, info);
  }

 private:
  enum class State : std::uint8_t { header, skip, frame, done };

  [[nodiscard]] ByteView held() const { return ByteView(hold_.data(), held_); }

  // Holds back input until the header is complete. Leaves held_ at zero, and the header in `in`,
  // when all of it lies there: the library then sees the frame from its first byte, and decodes a
  // frame that is all there straight into `out`.
  Result<void> read_header(ByteView in, Step& step, Input input) {
    if (held_ == 0) {
      BRAID_TRY_VALUE(const bool complete, look(in.first(max_header_size)));
      if (complete && state_ == State::frame) return {};
      if (complete) {
        step.consumed = skippable_header_size;
        return {};
      }
    }
    while (state_ == State::header && step.consumed < in.size()) {
      hold_[held_++] = in[step.consumed++];
      BRAID_TRY(look(held()));
    }
    if (state_ == State::header) {
      step.state = StepState::need_input;
      if (input == Input::last) return truncated(held_);
    }
    return {};
  }

  // Whether `bytes`, from the stream's first on, hold a complete header; enters the state it asks
  // for.
  Result<bool> look(ByteView bytes) {
    if (bytes.size() < magic_size) {
      if (may_begin_magic(bytes)) return false;
      return Error{.code = Errc::unknown_format, .message = "not a zstd frame", .offset = 0};
    }
    const auto magic = base::load_le<std::uint32_t>(bytes.data());
    if (is_skippable(magic)) {
      if (bytes.size() < skippable_header_size) return false;
      skip_left_ = base::load_le<std::uint32_t>(bytes.data() + magic_size);
      skippable_ = true;
      state_ = State::skip;
      return true;
    }
    if (is_legacy(magic)) {
      return Error{.code = Errc::unsupported_feature,
                   .message = "the frame is of zstd 0.7 or before",
                   .offset = 0};
    }
    if (magic != frame_magic) {
      return Error{.code = Errc::unknown_format, .message = "not a zstd frame", .offset = 0};
    }
    header_ = parse_header(bytes);
    if (!header_) return false;
    BRAID_TRY(check_header(*header_, memory_limit_));
    state_ = State::frame;
    walked_ = BlockWalk(header_->size);
    return true;
  }

  Result<void> skip(ByteView in, Step& step, Input input) {
    const auto count = static_cast<std::uint32_t>(std::min<std::size_t>(in.size(), skip_left_));
    step.consumed += count;
    skip_left_ -= count;
    if (skip_left_ == 0) {
      state_ = State::done;
      step.state = StepState::finished;
    } else {
      step.state = StepState::need_input;
      if (input == Input::last) return truncated({});
    }
    return {};
  }

  Result<void> decode(ByteView in, MutableBytes out, Step& step, Input input) {
    // The library counts calls that can do nothing as errors, so it is spared them.
    if (pending_ ? out.empty() : fed_ == held_ && step.consumed == in.size()) {
      step.state = pending_ ? StepState::need_output : StepState::need_input;
      if (!pending_ && input == Input::last) return truncated({});
      return {};
    }
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    while (fed_ < held_ && state_ == State::frame) {
      ZSTD_inBuffer held{hold_.data(), held_, fed_};
      BRAID_TRY(call(output, held));  // at most the header: nothing comes out yet
      fed_ = held.pos;
    }
    ZSTD_inBuffer rest{in.data(), in.size(), step.consumed};
    bool at_once = held_ == 0 && !begun_;  // perhaps: the frame may be there whole
    begun_ = true;
    bool stuck = false;
    while (state_ == State::frame && !stuck) {
      const std::size_t before = rest.pos + output.pos;
      const std::size_t start = rest.pos;
      Result<void> called = call(output, rest);
      if (at_once && !called) {
        BRAID_TRY(begin_in_steps(context_, in.drop(start), *header_));
        rest.pos = start + header_->size;
        output.pos = 0;
        called = Result<void>();
      } else if (at_once && state_ == State::done) {
        called = check_blocks(in.drop(start), *header_);
      }
      at_once = false;
      BRAID_TRY(called);
      stuck = rest.pos + output.pos == before || rest.pos == rest.size;
    }
    if (observer() != nullptr) {
      if (walked_.position() == 0 && held_ != 0) walked_.pass(held(), *observer());
      walked_.pass(in.slice(step.consumed, rest.pos - step.consumed), *observer());
    }
    step.consumed = rest.pos;
    step.produced = output.pos;
    plain_ += output.pos;
    if (state_ == State::done) return check_size(*header_, plain_);
    pending_ = output.pos == output.size;
    step.state = pending_ ? StepState::need_output : StepState::need_input;
    if (!pending_ && input == Input::last) return truncated({});
    return {};
  }

  Result<void> call(ZSTD_outBuffer& output, ZSTD_inBuffer& input) {
    const std::size_t left = ZSTD_decompressStream(context_.get(), &output, &input);
    if (ZSTD_isError(left) != 0) return decode_error(left);
    if (left == 0) state_ = State::done;
    return {};
  }

  static Error truncated(std::optional<std::uint64_t> offset) {
    return {.code = Errc::truncated, .message = "the frame does not end", .offset = offset};
  }

  Decompressor context_;
  std::uint64_t memory_limit_;
  State state_ = State::header;
  std::optional<FrameHeader> header_;
  std::array<std::byte, max_header_size> hold_;
  std::size_t held_ = 0;
  std::size_t fed_ = 0;      // of what is held, given to the library
  std::uint64_t plain_ = 0;  // bytes that came out of the frame
  std::uint32_t skip_left_ = 0;
  bool skippable_ = false;
  bool begun_ = false;    // the library has been given some of the frame
  bool pending_ = false;  // the last output was filled: there may be more
  BlockWalk walked_{0};
};

}  // namespace

Result<std::unique_ptr<StreamDecoder>> make_stream_decoder(const DecoderSettings& settings) {
  BRAID_TRY_VALUE(Decompressor context, make_decompressor(settings.dictionary));
  return std::make_unique<FrameDecoder>(std::move(context), settings.memory_limit);
}

}  // namespace braid::codec::zstd
