#include <algorithm>
#include <utility>

#include "base/byte_order.hpp"
#include "codec/lz4/frame.hpp"
#include "codec/lz4/lz4.hpp"
#include "codec/lz4/unit_tag.hpp"
#include "codec/outlook.hpp"

namespace braid::codec::lz4 {

namespace {

// Small blocks are decoded in groups that may hold this much, so that handing them out costs
// little.
constexpr std::uint64_t group_size = 1 << 20;

// One block as its size tells it.
struct BlockExtent {
  std::uint64_t size = 0;   // with its own size and sum
  std::uint64_t plain = 0;  // the most it can hold
};

// Nothing for a size that no block of the frame has.
std::optional<BlockExtent> extent_of(std::uint32_t value, const FrameHeader& header) {
  if (header.legacy) {
    if (value > max_legacy_stored) return std::nullopt;
    return BlockExtent{block_header_size + std::uint64_t{value},
                       std::min<std::uint64_t>(legacy_block_size, most_plain(value))};
  }
  const std::uint32_t size = value & ~stored_block;
  if (size > header.block_size) return std::nullopt;
  return BlockExtent{
      block_header_size + std::uint64_t{size} + (header.block_checksum ? sum_size : 0),
      size != value ? size : std::min<std::uint64_t>(header.block_size, most_plain(size))};
}

class BlockSplitter final : public HeaderSplitter {
 public:
  void resume(std::uint64_t /*offset*/) override {
    in_frame_ = false;
    forget();
  }

 private:
  static constexpr std::uint64_t max_skippable = 64 << 20;  // larger ones are passed in pieces

  // After so many small frames in a row they are left to a StreamDecoder.
  static constexpr unsigned many_small = 64;

  Split cut(Outlook& ahead) override { return in_frame_ ? within(ahead) : between(ahead); }

  static Split frame_unit(std::uint64_t size, UnitTag tag) {
    return {
        .kind = Split::Kind::unit,
        .unit = {.kind = Unit::Kind::frame, .size = size, .tag = static_cast<std::uint64_t>(tag)}};
  }

  Split blocks_unit(std::uint64_t size) {
    const std::uint64_t most = plain_;
    frame_ += walked_;
    forget();
    const BlockRules rules{header_.block_size, header_.block_checksum, header_.legacy,
                           header_.checksum};
    const UnitTag tag = std::exchange(first_, false) ? UnitTag::first_blocks : UnitTag::blocks;
    return {.kind = Split::Kind::unit,
            .unit = {.size = size,
                     .plain_most = most,
                     .bounded = true,
                     .tag = static_cast<std::uint64_t>(tag),
                     .tag2 = rules.pack()}};
  }

  void forget() {
    walked_ = 0;
    plain_ = 0;
  }

  Split between(Outlook& ahead) {
    const ByteView head = ahead.at(0, max_header_size);
    if (head.size() < magic_size) return wait(ahead);
    const auto magic = base::load_le<std::uint32_t>(head.data());
    if (is_skippable(magic)) return skippable(head, ahead);
    if (magic == legacy_magic) {
      enter({.block_size = legacy_block_size, .legacy = true});
      return frame_unit(magic_size, UnitTag::legacy_header);
    }
    if (magic != frame_magic) return {.kind = Split::Kind::sequential};
    if (head.size() < min_header_size) return wait(ahead);
    const std::size_t size = header_size(head);
    if (head.size() < size) return wait(ahead);
    const auto header = parse_header(head.first(size));
    if (!header || header->linked) return {.kind = Split::Kind::sequential};
    if (small_frames_ >= many_small && is_small_frame(ahead.at(0, small_frame))) {
      return {.kind = Split::Kind::sequential};
    }
    enter(*header);
    return frame_unit(size, UnitTag::header);
  }

  static Split skippable(ByteView head, const Outlook& ahead) {
    if (head.size() < skippable_header_size) return wait(ahead);
    const std::uint64_t size =
        skippable_header_size + std::uint64_t{base::load_le<std::uint32_t>(head.data() + 4)};
    if (size > max_skippable) return {.kind = Split::Kind::sequential};
    return size > ahead.size() ? wait(ahead) : frame_unit(size, UnitTag::skippable);
  }

  void enter(const FrameHeader& header) {
    header_ = header;
    in_frame_ = true;
    first_ = true;
    frame_ = 0;
  }

  // Inside a frame a StreamDecoder cannot begin: what is wrong here becomes a unit all the same,
  // and its decoder or the verifier says what it is.
  Split within(Outlook& ahead) {
    for (;;) {
      const ByteView size = ahead.at(walked_, block_header_size);
      if (size.size() < block_header_size) break;
      const auto value = base::load_le<std::uint32_t>(size.data());
      if (value == 0 && !header_.legacy) {
        return walked_ != 0 ? blocks_unit(walked_) : end_mark(ahead);
      }
      const auto extent = extent_of(value, header_);
      if (!extent) {
        if (walked_ != 0) return blocks_unit(walked_);
        if (!header_.legacy || !is_magic(value)) return blocks_unit(block_header_size);
        in_frame_ = false;
        return between(ahead);
      }
      if (walked_ + extent->size > ahead.size()) break;
      if (walked_ != 0 && plain_ + extent->plain > group_size) return blocks_unit(walked_);
      walked_ += extent->size;
      plain_ += extent->plain;
    }
    if (!ahead.ended()) return {.kind = Split::Kind::need_input};
    return blocks_unit(walked_ != 0 ? walked_ : ahead.size());
  }

  Split end_mark(const Outlook& ahead) {
    const std::uint64_t size = block_header_size + (header_.checksum ? sum_size : 0);
    if (ahead.size() < size && !ahead.ended()) return {.kind = Split::Kind::need_input};
    in_frame_ = false;
    small_frames_ = frame_ < small_frame ? small_frames_ + 1 : 0;
    return frame_unit(std::min(size, ahead.size()), UnitTag::end);
  }

  FrameHeader header_;
  bool in_frame_ = false;
  bool first_ = false;         // no blocks of the frame were cut yet
  std::uint64_t walked_ = 0;   // whole blocks ahead
  std::uint64_t plain_ = 0;    // the most they can hold
  std::uint64_t frame_ = 0;    // bytes of the frame's blocks that were cut
  unsigned small_frames_ = 0;  // in a row
};

}  // namespace

std::unique_ptr<Splitter> make_splitter() {
  return std::make_unique<BlockSplitter>();
}

std::uint64_t plain_size_hint(ByteView whole) {
  BlockSplitter splitter;
  std::uint64_t sum = 0;
  FrameHeader header;
  for (;;) {
    const Split split = splitter.next(whole, true);
    if (split.kind != Split::Kind::unit) return sum;
    const ByteView bytes = whole.first(static_cast<std::size_t>(split.unit.size));
    if (split.unit.kind == Unit::Kind::data) {
      for (ByteView rest = bytes; rest.size() >= block_header_size;) {
        const auto extent = extent_of(base::load_le<std::uint32_t>(rest.data()), header);
        if (!extent) return sum;
        if (!header.content_size) sum += extent->plain;
        rest = rest.drop(static_cast<std::size_t>(extent->size));
      }
    } else if (split.unit.tag == static_cast<std::uint64_t>(UnitTag::header)) {
      const auto parsed = parse_header(bytes);
      if (!parsed) return sum;
      header = *parsed;
      const std::uint64_t most = most_plain(whole.size());
      if (header.content_size) sum += std::min(*header.content_size, most);
    } else if (split.unit.tag == static_cast<std::uint64_t>(UnitTag::legacy_header)) {
      header = {.block_size = legacy_block_size, .legacy = true};
    }
    whole = whole.drop(bytes.size());
  }
}

}  // namespace braid::codec::lz4
