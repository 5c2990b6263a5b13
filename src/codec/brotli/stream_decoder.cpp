#include <algorithm>
#include <array>
#include <memory>

#include "base/try.hpp"
#include "codec/brotli/brotli.hpp"
#include "codec/brotli/decoder.hpp"
#include "codec/brotli/part.hpp"
#include "codec/brotli/part_sum.hpp"
#include "codec/survey.hpp"

namespace braid::codec::brotli {

namespace {

// Reads any stream. In those with notes it also holds every part against its note, so that they
// have a checksum however they are read.
class StreamReader final : public StreamDecoder {
 public:
  explicit StreamReader(std::uint64_t memory_limit) : decoder_(memory_limit) { restart(); }

  // Errors of streams with notes tell where the part begins, as a UnitDecoder's do.
  Result<Step> step(ByteView in, MutableBytes out, Input input) override {
    auto step = advance(in, out, input);
    if (step) {
      position_ += step->consumed;
    } else if (noted_ && step.error().code != Errc::truncated) {
      step.error().offset = part_at_;
    }
    return step;
  }

  Result<void> reset() override {
    restart();
    return {};
  }

  void describe(StreamInfo& info) const override { info.check = noted_ ? "XXH3-64" : "none"; }

 private:
  enum class Stage : std::uint8_t {
    window,  // before the first byte
    note,    // in front of a part
    part,    // within a part whose note was read
    plain,   // within a stream without notes
  };

  Result<Step> advance(ByteView in, MutableBytes out, Input input) {
    Step step;
    for (;;) {
      BRAID_TRY_VALUE(const bool note_ready, gather_note(in, step, input));
      if (!note_ready) return starved(step, input);
      BRAID_TRY(feed_gathered());

      const bool limited = stage_ == Stage::part;
      const std::uint64_t most =
          limited ? std::min<std::uint64_t>(left_, input_slice) : input_slice;
      const ByteView fed = in.drop(step.consumed).first(static_cast<std::size_t>(most));
      BRAID_TRY_VALUE(const Step decoded, decoder_.step(fed, out.subspan(step.produced)));
      if (limited) {
        left_ -= decoded.consumed;
        plain_ += decoded.produced;
        sum_.add(ByteView(out).drop(step.produced).first(decoded.produced));
      }
      step.consumed += decoded.consumed;
      step.produced += decoded.produced;
      step.state = decoded.state;
      const bool finished = step.state == StepState::finished;
      const bool part_over = limited && step.state == StepState::need_input && left_ == 0;
      if (limited && (finished || part_over))
        BRAID_TRY(end_part(finished, position_ + step.consumed));
      if (finished || step.state == StepState::need_output) return step;
      if (!part_over && step.consumed == in.size()) return starved(step, input);
    }
  }

  void restart() {
    decoder_.restart(false);
    stage_ = Stage::window;
    noted_ = false;
    bits_ = 0;
    gathered_size_ = 0;
    position_ = 0;
    part_at_ = 0;
  }

  static Result<Step> starved(const Step& step, Input input) {
    if (input == Input::last) {
      return Error{.code = Errc::truncated, .message = "the stream ends too early"};
    }
    return step;
  }

  // Gathers window bits and note byte by byte, for as long as they agree with a note; false when
  // more input is needed to tell. What was gathered is a stream's beginning in any case.
  Result<bool> gather_note(ByteView in, Step& step, Input input) {
    while (stage_ == Stage::window || stage_ == Stage::note) {
      if (step.consumed == in.size()) {
        if (input == Input::more) return false;
        stage_ = Stage::plain;
        break;
      }
      if (gathered_size_ == 0) part_at_ = position_ + step.consumed;
      gathered_[gathered_size_] = in[step.consumed];
      const ByteView seen(gathered_.data(), gathered_size_ + 1);
      if (stage_ == Stage::window) {
        const auto window = read_window(seen);
        bits_ = window ? window->bits : 0;
        const bool more = !window && gathered_size_ == 0 && (seen.at(0) & 0x8f) == 1;
        if (window ? may_begin_block(seen, bits_) : more) {
          if (window) stage_ = Stage::note;
          take(step);
          continue;
        }
        stage_ = Stage::plain;
        break;
      }
      if (!may_begin_block(seen, bits_)) {
        BRAID_TRY(no_note());
        break;
      }
      take(step);
      if (gathered_size_ == note_end(bits_)) BRAID_TRY(read_note());
    }
    return true;
  }

  void take(Step& step) {
    ++gathered_size_;
    ++step.consumed;
  }

  Result<void> no_note() {
    stage_ = Stage::plain;
    if (!noted_) return {};
    return Error{.code = Errc::corrupt, .message = "a part lacks its note"};
  }

  Result<void> read_note() {
    const auto block = read_block({gathered_.data(), gathered_size_}, bits_);
    if (!block) return no_note();
    note_ = block->note;
    left_ = note_.packed;
    plain_ = 0;
    sum_.reset();
    noted_ = true;
    stage_ = Stage::part;
    return {};
  }

  Result<void> feed_gathered() {
    if (gathered_size_ == 0) return {};
    const ByteView bytes(gathered_.data(), gathered_size_);
    gathered_size_ = 0;
    BRAID_TRY_VALUE(const Step fed, decoder_.step(bytes, {}));
    if (fed.consumed == bytes.size()) return {};
    return Error{.code = Errc::corrupt, .message = "a part ends within its note"};
  }

  Result<void> end_part(bool finished, std::uint64_t end) {
    if (finished != note_.last || left_ != 0 || plain_ != note_.plain) {
      return Error{.code = Errc::corrupt, .message = "a part is not as long as its note says"};
    }
    if (sum_.value() != note_.checksum) {
      return Error{.code = Errc::checksum_mismatch,
                   .message = "a part does not match its checksum"};
    }
    if (observer() != nullptr) {
      observer()->block(
          {.first_bit = 8 * part_at_, .end_bit = 8 * end, .plain = plain_, .form = "part"});
    }
    stage_ = Stage::note;
    bits_ = 0;
    return {};
  }

  Decoder decoder_;
  Stage stage_ = Stage::window;
  bool noted_ = false;          // this stream has notes
  unsigned bits_ = 0;           // window bits in front of the note at hand
  std::uint64_t position_ = 0;  // bytes consumed by earlier steps
  std::uint64_t part_at_ = 0;   // where the part at hand begins, its note included
  std::array<std::byte, largest_block> gathered_{};
  std::size_t gathered_size_ = 0;
  Note note_{};
  std::uint64_t left_ = 0;   // compressed bytes of the part that were not read yet
  std::uint64_t plain_ = 0;  // plain bytes of the part so far
  PartSum sum_;
};

}  // namespace

Result<std::unique_ptr<StreamDecoder>> make_stream_decoder(const DecoderSettings& settings) {
  return std::make_unique<StreamReader>(settings.memory_limit);
}

}  // namespace braid::codec::brotli
