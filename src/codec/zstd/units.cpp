#include <algorithm>
#include <string>
#include <utility>

#include "base/byte_order.hpp"
#include "base/try.hpp"
#include "codec/format.hpp"
#include "codec/zstd/context.hpp"
#include "codec/zstd/frame.hpp"
#include "codec/zstd/verdict.hpp"
#include "codec/zstd/zstd.hpp"

namespace braid::codec::zstd {

namespace {

// What is decoded in one piece is held whole, compressed and plain. Frames with a stored size: up
// to the largest chunk braid writes. Frames without: as much as their blocks could hold at most.
constexpr std::uint64_t max_unit_size = max_chunk_size + (1 << 20);  // incompressible chunks grow
constexpr std::uint64_t max_unsized_plain = 64 << 20;

// Hops from frame to frame by block headers, so that the frames of every writer are units.
class FrameSplitter final : public HeaderSplitter {
 public:
  void resume(std::uint64_t /*offset*/) override { walk_ = {}; }

  void look_at(const RandomAccess& file, std::uint64_t size) override {
    file_ = &file;
    file_size_ = size;
  }

 private:
  // Skippable frames hold tables of a few megabytes; larger ones are passed over piece by piece.
  static constexpr std::uint64_t max_skippable = 64 << 20;

  // Headers to look at before the size is judged: those of a file lie far apart.
  static constexpr std::size_t step_blocks = 256;

  Split cut(Outlook& ahead) override {
    const bool last = ahead.ended();
    const ByteView head = ahead.at(0, skippable_header_size);
    if (head.size() < skippable_header_size) return wait(ahead);
    if (const std::uint64_t size = skippable_frame_size(head); size != 0) {
      if (size > max_skippable) return sequential();
      if (size > ahead.size()) return wait(ahead);
      return unit({.kind = Unit::Kind::frame, .size = size});
    }
    if (first_ && !last && !followed()) return sequential();
    FrameWalk::State state{};
    do {
      state = walk_.advance(ahead, step_blocks);
      if (state == FrameWalk::State::malformed || too_large(walk_)) return sequential();
    } while (state == FrameWalk::State::within);
    const FrameHeader& header = walk_.header();
    const bool sized = header.content_size != Unit::unknown;
    if (state == FrameWalk::State::need_input) return wait(ahead);
    // More than its blocks can hold: whatever is wrong, room for so much is not asked for.
    if (sized && header.content_size > walk_.plain_bound()) return sequential();
    // A frame that is the whole input gains nothing from being held whole.
    if (first_ && last && walk_.size() == ahead.size()) return sequential();
    return unit({.size = walk_.size(),
                 .plain_size = header.content_size,
                 .plain_most = walk_.plain_bound(),
                 .bounded = true});
  }

  // Whether something comes behind the first frame, which is cheap to find in a file. Where nobody
  // can tell, as in a pipe, that frame is read in sequence: alone it would gain nothing, and its
  // bytes come out as they come in.
  bool followed() {
    if (!followed_) followed_ = file_ != nullptr && look_behind_first();
    return *followed_;
  }

  [[nodiscard]] bool look_behind_first() const {
    constexpr std::size_t most_steps = 64;
    FileOutlook frame(*file_, 0, file_size_);
    FrameWalk walk;
    FrameWalk::State state = walk.advance(frame, 0);
    for (std::size_t step = 0; step < most_steps; ++step) {
      if (state != FrameWalk::State::within || too_large(walk)) break;
      state = walk.advance(frame, step_blocks);
    }
    return state != FrameWalk::State::need_input && walk.size() != file_size_ && !too_large(walk);
  }

  static bool too_large(const FrameWalk& walk) {
    const std::uint64_t content = walk.header().content_size;
    const bool sized = content != Unit::unknown;
    const std::uint64_t plain = sized && walk.size() != 0 ? content : walk.plain_bound();
    return walk.size() > max_unit_size || plain > (sized ? max_chunk_size : max_unsized_plain);
  }

  Split sequential() {
    walk_ = {};
    first_ = false;
    return {.kind = Split::Kind::sequential};
  }

  Split unit(Unit unit) {
    walk_ = {};
    first_ = false;
    return {.kind = Split::Kind::unit, .unit = unit};
  }

  FrameWalk walk_;
  bool first_ = true;
  const RandomAccess* file_ = nullptr;
  std::uint64_t file_size_ = 0;
  std::optional<bool> followed_;  // once somebody asks
};

class FrameUnitDecoder final : public UnitDecoder {
 public:
  FrameUnitDecoder(Decompressor context, std::uint64_t memory_limit)
      : context_(std::move(context)), memory_limit_(memory_limit) {}

  Result<Decoded> decode(ByteView bytes, const Unit& unit, Target& target) override {
    const auto header = parse_header(bytes);
    if (!header) return Error{.code = Errc::truncated, .message = "the frame does not end"};
    BRAID_TRY(check_header(*header, memory_limit_));
    ZSTD_DCtx_reset(context_.get(), ZSTD_reset_session_only);
    const bool sized = header->content_size != Unit::unknown;
    if (!sized && unit.plain_most == Unit::unknown) return decode_in_steps(bytes, *header, target);
    auto decoded = decode_at_once(bytes, sized ? header->content_size : unit.plain_most, target);
    if (decoded) {
      BRAID_TRY(check_blocks(bytes, *header));
      return decoded;
    }
    if (decoded.error().code == Errc::out_of_memory) return decoded;
    BRAID_TRY(begin_in_steps(context_, bytes, *header));
    return decode_in_steps(bytes.drop(header->size), *header, target);
  }

 private:
  // Straight into the target, without a window: into room for the most that it can hold.
  Result<Decoded> decode_at_once(ByteView bytes, std::uint64_t most, Target& target) {
    const auto size = static_cast<std::size_t>(most);
    MutableBytes room;
    if (size != 0) {
      BRAID_TRY_VALUE(room, target.room(size));
    }
    const std::size_t produced =
        ZSTD_decompressDCtx(context_.get(), room.data(), size, bytes.data(), bytes.size());
    if (ZSTD_isError(produced) != 0) return decode_error(produced);
    target.commit(produced);
    return Decoded{.plain_size = produced};
  }

  Result<Decoded> decode_in_steps(ByteView bytes, const FrameHeader& header, Target& target) {
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    Decoded decoded;
    for (;;) {
      const std::size_t before = input.pos;
      const auto least = static_cast<std::size_t>(
          std::min<std::uint64_t>(ZSTD_DStreamOutSize(), header.content_size - decoded.plain_size));
      MutableBytes room;
      if (least != 0) {
        BRAID_TRY_VALUE(room, target.room(least));
      }
      ZSTD_outBuffer output{room.data(), room.size(), 0};
      const std::size_t left = ZSTD_decompressStream(context_.get(), &output, &input);
      if (ZSTD_isError(left) != 0) return decode_error(left);
      target.commit(output.pos);
      decoded.plain_size += output.pos;
      if (left == 0) {
        BRAID_TRY(check_size(header, decoded.plain_size));
        return decoded;
      }
      if (input.pos == before && output.pos == 0 && least == 0) {
        return check_size(header, decoded.plain_size + 1).error();
      }
      if (input.pos == input.size && output.pos < output.size) {
        return Error{.code = Errc::truncated, .message = "the frame does not end"};
      }
    }
  }

  Decompressor context_;
  std::uint64_t memory_limit_;
};

// The library has checked each frame against its own sizes and sum. A seek table is advice: what
// it says is not used, so it cannot make the output wrong.
class FrameVerifier final : public Verifier {
 public:
  Result<void> add(const Unit& unit, ByteView bytes, const Decoded& decoded,
                   ByteView /*plain*/) override {
    if (unit.kind == Unit::Kind::frame) {
      const bool whole = bytes.size() >= skippable_header_size &&
                         is_skippable(base::load_le<std::uint32_t>(bytes.data())) &&
                         bytes.size() - skippable_header_size ==
                             base::load_le<std::uint32_t>(bytes.data() + magic_size);
      if (whole) return {};
      return Error{.code = Errc::corrupt, .message = "the skippable frame is damaged", .offset = 0};
    }
    ++streams_;
    header_ = parse_header(bytes);
    if (unit.plain_size == Unit::unknown || unit.plain_size == decoded.plain_size) return {};
    return Error{.code = Errc::corrupt,
                 .message = "the frame holds " + std::to_string(decoded.plain_size) +
                            " bytes instead of " + std::to_string(unit.plain_size),
                 .offset = 0};
  }

  // Frames are independent: a frame's own error is final.
  Result<std::unique_ptr<StreamDecoder>> take_over(ByteView /*history*/) override {
    return std::unique_ptr<StreamDecoder>();
  }

  Result<void> finish() override { return {}; }

  void describe(StreamInfo& info) const override {
    info.streams += streams_;
    if (header_) describe_header(*header_, info);
  }

 private:
  std::uint64_t streams_ = 0;  // skippable frames hold no stream
  std::optional<FrameHeader> header_;
};

}  // namespace

std::unique_ptr<Splitter> make_splitter() {
  return std::make_unique<FrameSplitter>();
}

Result<std::unique_ptr<UnitDecoder>> make_unit_decoder(const DecoderSettings& settings) {
  BRAID_TRY_VALUE(Decompressor context, make_decompressor(settings.dictionary));
  return std::make_unique<FrameUnitDecoder>(std::move(context), settings.memory_limit);
}

std::unique_ptr<Verifier> make_verifier(const DecoderSettings& /*settings*/) {
  return std::make_unique<FrameVerifier>();
}

std::uint64_t plain_size_hint(ByteView whole) {
  // Enough for half a terabyte of full blocks, little enough for a file of tiny ones.
  constexpr std::size_t max_blocks = std::size_t{1} << 22;
  std::uint64_t sum = 0;
  std::size_t hops = 0;
  while (whole.size() > skippable_header_size && hops < max_blocks) {
    std::uint64_t size = skippable_frame_size(whole);
    if (size == 0) {
      FrameWalk walk;
      ViewOutlook frame(whole, true);
      if (walk.advance(frame, max_blocks) != FrameWalk::State::whole) return sum;
      const std::uint64_t content = walk.header().content_size;
      if (content > walk.plain_bound()) return sum;
      size = walk.size();
      sum += content;
    }
    ++hops;
    if (size > whole.size()) return sum;
    whole = whole.drop(static_cast<std::size_t>(size));
  }
  return sum;
}

}  // namespace braid::codec::zstd
