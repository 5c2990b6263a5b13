#include <algorithm>
#include <cstring>
#include <utility>

#include "base/byte_order.hpp"
#include "base/try.hpp"
#include "codec/lz4/block.hpp"
#include "codec/lz4/content_sum.hpp"
#include "codec/lz4/lz4.hpp"
#include "codec/survey.hpp"

namespace braid::codec::lz4 {

namespace {

// Reads one frame, linked or not, legacy or skippable. Whole blocks are decoded from the caller's
// input to the caller's output where both have them in one piece, else by way of two buffers.
class FrameDecoder final : public StreamDecoder {
 public:
  explicit FrameDecoder(const DecoderSettings& settings) : settings_(settings) { restart(); }

  Result<Step> step(ByteView in, MutableBytes out, Input input) override {
    Step step;
    direct_ = 0;
    for (;;) {
      hand_out(out, step);
      if (delivered_ < decoded_) {
        step.state = StepState::need_output;
        break;
      }
      if (state_ == State::done) {
        step.state = StepState::finished;
        break;
      }
      if (state_ == State::skip) {
        skip(in, step);
        if (skip_left_ == 0) continue;
      } else {
        const auto part = take(in, step);
        if (part) {
          BRAID_TRY(advance(*part, out, step));
          continue;
        }
        if (state_ == State::magic && !may_begin_magic(held_.view())) return not_a_frame();
      }
      BRAID_TRY_VALUE(const bool over, out_of_input(input));
      if (over) continue;
      step.state = StepState::need_input;
      break;
    }
    if (header_.linked) remember(ByteView(out.data() + step.produced - direct_, direct_));
    return step;
  }

  Result<void> reset() override {
    restart();
    return {};
  }

  [[nodiscard]] bool holds_data() const override { return !skippable_; }

  void describe(StreamInfo& info) const override {
    if (described_) describe_header(header_, info);
  }

 private:
  enum class State : std::uint8_t {
    magic,
    skip_size,
    skip,
    header,  // up to FLG and BD, then all of it
    block_size,
    block,
    checksum,
    done,
  };

  void restart() {
    header_ = {};
    described_ = false;
    skippable_ = false;
    held_.clear();
    history_.clear();
    decoded_ = 0;
    delivered_ = 0;
    position_ = 0;
    size_ = 0;
    expect(State::magic, magic_size);
  }

  // What comes next, and how many bytes it takes in one piece.
  void expect(State state, std::size_t size) {
    state_ = state;
    wanted_ = size;
  }

  // The next wanted_ bytes, from the input itself or gathered over several steps; nothing when
  // they are not all there yet.
  std::optional<ByteView> take(ByteView in, Step& step) {
    const ByteView rest = in.drop(step.consumed);
    if (held_.empty() && rest.size() >= wanted_) {
      step.consumed += wanted_;
      position_ += wanted_;
      return rest.first(wanted_);
    }
    const ByteView more = rest.first(wanted_ - held_.size());
    held_.reserve(wanted_);  // at most a block
    held_.append(more);
    step.consumed += more.size();
    position_ += more.size();
    if (held_.size() < wanted_) return std::nullopt;
    std::swap(held_, part_);
    held_.clear();
    return part_.view();
  }

  Result<void> advance(ByteView part, MutableBytes out, Step& step) {
    switch (state_) {
      case State::magic:
        return read_magic(part);
      case State::skip_size:
        skip_left_ = base::load_le<std::uint32_t>(part.data());
        state_ = State::skip;
        return {};
      case State::header:
        return read_header(part);
      case State::block_size:
        return read_block_size(part);
      case State::block:
        return read_block(part, out, step);
      case State::checksum:
        return read_checksum(part);
      case State::skip:
      case State::done:
        break;
    }
    return {};
  }

  Result<void> read_magic(ByteView part) {
    const auto magic = base::load_le<std::uint32_t>(part.data());
    if (is_skippable(magic)) {
      skippable_ = !described_;  // behind a legacy frame it belongs to that one's stream
      expect(State::skip_size, skippable_header_size - magic_size);
    } else if (magic == legacy_magic) {
      return begin({.block_size = legacy_block_size, .legacy = true});
    } else if (magic == frame_magic) {
      // The parser wants the magic too.
      held_.append(part);
      expect(State::header, min_header_size);
    } else {
      return not_a_frame();
    }
    return {};
  }

  Result<void> read_header(ByteView part) {
    const std::size_t size = header_size(part);
    if (part.size() < size) {
      held_.append(part);
      wanted_ = size;
      return {};
    }
    BRAID_TRY_VALUE(const FrameHeader header, parse_header(part));
    return begin(header);
  }

  Result<void> begin(const FrameHeader& header) {
    BRAID_TRY(check_header(header, settings_));
    header_ = header;
    described_ = true;
    sum_.reset();
    size_ = 0;
    history_.clear();
    if (header.linked) remember(settings_.dictionary);
    expect(State::block_size, block_header_size);
    return {};
  }

  Result<void> read_block_size(ByteView part) {
    const auto value = base::load_le<std::uint32_t>(part.data());
    block_at_ = position_ - block_header_size;
    if (header_.legacy) {
      if (value > max_legacy_stored) return leave_legacy(part, value);
      stored_ = false;
      expect(State::block, value);
      return {};
    }
    if (value == 0) return end_blocks();
    stored_ = (value & stored_block) != 0;
    const std::uint32_t size = value & ~stored_block;
    if (size > header_.block_size) return damaged("the block is larger than its frame allows");
    expect(State::block, size + (header_.block_checksum ? sum_size : 0));
    return {};
  }

  // A legacy frame ends where another begins. That is read as part of this stream, since its magic
  // has been consumed already.
  Result<void> leave_legacy(ByteView part, std::uint32_t value) {
    if (!is_magic(value)) return damaged("neither a block nor another frame");
    header_ = {};
    return read_magic(part);
  }

  Result<void> read_block(ByteView part, MutableBytes out, Step& step) {
    ByteView data = part;
    if (header_.block_checksum) {
      data = part.first(part.size() - sum_size);
      if (!block_checksum_matches(part)) {
        return Error{.code = Errc::checksum_mismatch,
                     .message = "the checksum of a block does not match",
                     .offset = block_at_};
      }
    }
    std::uint64_t most = stored_
                             ? data.size()
                             : std::min<std::uint64_t>(header_.block_size, most_plain(data.size()));
    if (header_.content_size) most = std::min(most, *header_.content_size - size_);
    const auto room = static_cast<std::size_t>(most);
    const std::uint64_t before = size_;
    if (out.size() - step.produced >= room) {
      const MutableBytes place = out.subspan(step.produced, room);
      BRAID_TRY_VALUE(const std::size_t count, decode(data, place, history(out, step)));
      step.produced += count;
      direct_ += count;
    } else {
      if (block_.size() < room) block_.resize(header_.block_size);
      BRAID_TRY_VALUE(decoded_, decode(data, block_.writable().first(room), history(out, step)));
      delivered_ = 0;
      if (header_.linked) remember_all(out, step);
    }
    if (observer() != nullptr) tell_of_block(size_ - before);
    expect(State::block_size, block_header_size);
    return {};
  }

  void tell_of_block(std::uint64_t plain) {
    observer()->block({.first_bit = 8 * block_at_,
                       .end_bit = 8 * position_,
                       .plain = plain,
                       .form = stored_ ? "stored" : "compressed"});
  }

  Result<std::size_t> decode(ByteView data, MutableBytes place, ByteView before) {
    std::size_t count = 0;
    if (!decompress_block(data, stored_, before, place, count)) {
      return damaged("the block is damaged");
    }
    size_ += count;
    if (header_.checksum) sum_.update(ByteView(place.data(), count));
    return count;
  }

  // What the next block may refer to.
  ByteView history(MutableBytes out, const Step& step) {
    if (!header_.linked) return header_.legacy ? ByteView() : settings_.dictionary;
    const ByteView direct(out.data() + step.produced - direct_, direct_);
    if (direct_ >= history_size) return direct;
    // Too little in one piece: joined with what came before.
    remember(direct);
    direct_ = 0;
    return history_.view();
  }

  void remember_all(MutableBytes out, const Step& step) {
    remember(ByteView(out.data() + step.produced - direct_, direct_));
    direct_ = 0;
    remember(block_.view().first(decoded_));
  }

  // Keeps the last 64 KiB of everything remembered.
  void remember(ByteView plain) {
    if (plain.empty()) return;
    if (plain.size() >= history_size) {
      history_.clear();
      plain = plain.drop(plain.size() - history_size);
    } else if (history_.size() + plain.size() > history_size) {
      const std::size_t kept = history_size - plain.size();
      std::memmove(history_.data(), history_.data() + history_.size() - kept, kept);
      history_.resize(kept);
    }
    history_.append(plain);
  }

  void hand_out(MutableBytes out, Step& step) {
    if (delivered_ == decoded_) return;
    const std::size_t count = std::min(decoded_ - delivered_, out.size() - step.produced);
    if (count != 0) std::memcpy(out.data() + step.produced, block_.data() + delivered_, count);
    delivered_ += count;
    step.produced += count;
  }

  Result<void> end_blocks() {
    if (header_.content_size && *header_.content_size != size_) {
      return Error{.code = Errc::checksum_mismatch,
                   .message = "the content is shorter than its stored size",
                   .offset = block_at_};
    }
    if (header_.checksum) {
      expect(State::checksum, sum_size);
    } else {
      state_ = State::done;
    }
    return {};
  }

  Result<void> read_checksum(ByteView part) {
    if (base::load_le<std::uint32_t>(part.data()) != sum_.value()) {
      return Error{.code = Errc::checksum_mismatch,
                   .message = "the stored checksum does not match the content",
                   .offset = position_ - sum_size};
    }
    state_ = State::done;
    return {};
  }

  void skip(ByteView in, Step& step) {
    const auto count =
        static_cast<std::uint32_t>(std::min<std::size_t>(in.size() - step.consumed, skip_left_));
    step.consumed += count;
    position_ += count;
    skip_left_ -= count;
    if (skip_left_ == 0) state_ = State::done;
  }

  // All input is used up: whether that ends the stream.
  Result<bool> out_of_input(Input input) {
    if (input == Input::more) return false;
    if (header_.legacy && state_ == State::block_size && held_.empty()) {
      state_ = State::done;  // a legacy frame ends with the file
      return true;
    }
    return Error{.code = Errc::truncated, .message = "the frame does not end", .offset = position_};
  }

  [[nodiscard]] Error damaged(const char* what) const {
    return {.code = Errc::corrupt, .message = what, .offset = block_at_};
  }

  static Error not_a_frame() {
    return {.code = Errc::unknown_format, .message = "not an lz4 frame", .offset = 0};
  }

  DecoderSettings settings_;
  State state_ = State::magic;
  std::size_t wanted_ = 0;
  Buffer held_;  // the beginning of what is wanted
  Buffer part_;  // all of what was wanted, where it came in parts
  FrameHeader header_;
  bool described_ = false;
  bool skippable_ = false;
  bool stored_ = false;
  std::uint32_t skip_left_ = 0;
  std::uint64_t position_ = 0;  // bytes of the stream consumed
  std::uint64_t block_at_ = 0;  // where the block at hand begins
  std::uint64_t size_ = 0;      // plain bytes of the frame
  ContentSum sum_;
  Buffer block_;  // a block that the output had no room for: decoded_ bytes, delivered_ of them out
  std::size_t decoded_ = 0;
  std::size_t delivered_ = 0;
  Buffer history_;          // of linked blocks, without what `direct_` counts
  std::size_t direct_ = 0;  // bytes decoded into this step's output, at its end
};

}  // namespace

Result<std::unique_ptr<StreamDecoder>> make_stream_decoder(const DecoderSettings& settings) {
  return std::make_unique<FrameDecoder>(settings);
}

}  // namespace braid::codec::lz4
