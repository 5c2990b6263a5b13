#include <algorithm>
#include <array>
#include <cstring>

#include "base/try.hpp"
#include "codec/lzma/liblzma.hpp"
#include "codec/lzma/lzma.hpp"

namespace braid::codec::lzma {

namespace {

// Reads one .lzma file: with a known size, with an end marker, or with both.
class AloneDecoder final : public StreamDecoder {
 public:
  explicit AloneDecoder(std::uint64_t memory_limit) : memory_limit_(memory_limit) {}

  Result<Step> step(ByteView in, MutableBytes out, Input input) override {
    Step step;
    const bool last = input == Input::last;
    while (held_size_ != 0) {
      // Short input joins what is held; long input ends with enough bytes of its own.
      if (in.size() < held_back) {
        const ByteView taken = in.first(held_.size() - held_size_);
        hold(taken);
        step.consumed += taken.size();
        in = in.drop(taken.size());
      }
      const bool whole = in.empty() ? last : in.size() >= held_back;
      const std::size_t kept = whole ? 0 : held_back;
      if (held_size_ <= kept) return step;
      BRAID_TRY_VALUE(const std::size_t count, feed(held().first(held_size_ - kept), out, step));
      std::memmove(held_.data(), held_.data() + count, held_size_ - count);
      held_size_ -= count;
      if (step.state != StepState::need_input) return step;
    }
    const std::size_t tail = last ? 0 : std::min(in.size(), held_back);
    const ByteView body = in.first(in.size() - tail);
    if (!body.empty() || last) {
      BRAID_TRY_VALUE(const std::size_t count, feed(body, out, step));
      step.consumed += count;
      if (step.state != StepState::need_input) return step;
    }
    hold(in.drop(body.size()));
    step.consumed += tail;
    if (last) return Error{.code = Errc::truncated, .message = "the stream ends too early"};
    return step;
  }

  Result<void> reset() override {
    const lzma_ret code = lzma_alone_decoder(coder_.get(), memory_limit_);
    if (code != LZMA_OK) return decode_error(code, "");
    held_size_ = 0;
    return {};
  }

  void describe(StreamInfo& info) const override { info.check = "none"; }

  [[nodiscard]] std::size_t taken_too_many() const override { return held_size_; }

 private:
  // liblzma 5.4 takes a stream of known size that has an end marker all the same for malformed when
  // its input happens to be split within the marker. So the last bytes are held back until it is
  // known that they are the last, and are then given at once. A marker takes fewer than this.
  static constexpr std::size_t held_back = 24;

  [[nodiscard]] ByteView held() const { return ByteView(held_.data(), held_size_); }

  void hold(ByteView bytes) {
    if (!bytes.empty()) std::memcpy(held_.data() + held_size_, bytes.data(), bytes.size());
    held_size_ += bytes.size();
  }

  // Decodes some of `in` into what `step` leaves of `out`; returns how much of `in` was taken.
  Result<std::size_t> feed(ByteView in, MutableBytes out, Step& step) {
    Step part;
    const MutableBytes room = out.subspan(step.produced);
    const lzma_ret code = coder_.code(in, room, LZMA_RUN, part);
    if (code == LZMA_MEMLIMIT_ERROR) {
      return memory_limit_error(lzma_memusage(coder_.get()), memory_limit_);
    }
    if (code != LZMA_OK && code != LZMA_STREAM_END && code != LZMA_BUF_ERROR) {
      return decode_error(code, "the data is malformed");
    }
    step.produced += part.produced;
    if (code == LZMA_STREAM_END) {
      step.state = StepState::finished;
    } else if (part.produced == room.size()) {
      step.state = StepState::need_output;
    } else if (part.consumed != in.size()) {
      return Error{.code = Errc::internal, .message = "liblzma makes no progress"};
    }
    return part.consumed;
  }

  std::array<std::byte, 2 * held_back> held_;
  std::size_t held_size_ = 0;
  std::uint64_t memory_limit_;
  Coder coder_;
};

}  // namespace

Result<std::unique_ptr<StreamDecoder>> make_alone_decoder(const DecoderSettings& settings) {
  auto decoder = std::make_unique<AloneDecoder>(settings.memory_limit);
  BRAID_TRY(decoder->reset());
  return decoder;
}

}  // namespace braid::codec::lzma
