#include <algorithm>

#include "codec/bzip2/block_decoder.hpp"
#include "codec/bzip2/bzip2.hpp"
#include "codec/bzip2/constants.hpp"
#include "codec/bzip2/magic_scan.hpp"
#include "codec/bzip2/stream_header.hpp"
#include "codec/bzip2/units.hpp"

namespace braid::codec::bzip2 {

namespace {

// No block takes more: every byte coded with the longest code, all selectors, all tables. What is
// longer without a magic number is not bzip2, and there is no need to hold more of it.
constexpr std::uint64_t most_block_bytes =
    (max_block + 1) * max_code_bits / 8 + (std::uint64_t{1} << 15) * max_tables / 8 + 8192;

constexpr unsigned trailer_bits = magic_bits + 32;

class BlockSplitter final : public Splitter {
 public:
  Split next(ByteView ahead, bool last) override {
    if (!inside_) return header(ahead, last);
    // Inside, `ahead` begins behind a byte of which lead_.bits are still to be read.
    if (in_trailer_) return trailer(ahead, last);
    return block(ahead, last);
  }

  void resume(std::uint64_t /*offset*/) override { leave_stream(); }

 private:
  static Split frame(std::uint64_t size, const UnitTag& tag) {
    return {.kind = Split::Kind::unit,
            .unit = {.kind = Unit::Kind::frame, .size = size, .tag = tag.pack()}};
  }

  void leave_stream() {
    inside_ = false;
    forget();
  }

  void forget() {
    in_trailer_ = false;
    lead_bits_ = lead_value_ = 0;
    searched_ = 0;
  }

  Split header(ByteView ahead, bool last) {
    if (ahead.empty() && last) return {.kind = Split::Kind::end};
    constexpr std::size_t enough = header_bytes + magic_bits / 8;
    if (ahead.size() < enough) {
      return {.kind = last ? Split::Kind::sequential : Split::Kind::need_input};
    }
    const int level = parse_header(ahead);
    const auto magic = find_magic(ahead.slice(header_bytes, magic_bits / 8), 0);
    if (level == 0 || !magic) return {.kind = Split::Kind::sequential};
    inside_ = true;
    forget();
    in_trailer_ = magic->end;
    level_ = static_cast<unsigned>(level);
    return frame(header_bytes, {.part = Part::header, .level = level_});
  }

  Split trailer(ByteView ahead, bool last) {
    const std::size_t size = (trailer_bits - lead_bits_ + 7) / 8;
    if (ahead.size() < size && !last) return {};
    if (ahead.empty()) return {.kind = Split::Kind::end};
    const UnitTag tag{Part::trailer, level_, lead_bits_, lead_value_};
    leave_stream();
    return frame(std::min(size, ahead.size()), tag);
  }

  // The unit ends where the next magic number begins.
  Split block(ByteView ahead, bool last) {
    if (ahead.empty() && last) return {.kind = Split::Kind::end};
    const std::uint64_t own_magic = magic_bits - lead_bits_;
    const auto hit = find_magic(ahead, std::max(searched_, own_magic));
    const UnitTag tag{Part::block, level_, lead_bits_, lead_value_};
    Split split{.kind = Split::Kind::unit,
                .unit = {.plain_usual = level_ * level_step,
                         .memory = BlockDecoder::memory(level_),
                         .tag = tag.pack()}};
    if (hit) {
      split.unit.size = (hit->bit + 7) / 8;
      lead_bits_ = static_cast<unsigned>(split.unit.size * 8 - hit->bit);
      lead_value_ = lead_bits_ == 0 ? 0
                                    : ahead.at(static_cast<std::size_t>(split.unit.size) - 1) &
                                          ((1U << lead_bits_) - 1);
      in_trailer_ = hit->end;
    } else if (last || ahead.size() > most_block_bytes) {
      split.unit.size = ahead.size();  // decoding it says what is wrong
      lead_bits_ = lead_value_ = 0;
    } else {
      const std::uint64_t bits = std::uint64_t{ahead.size()} * 8;
      searched_ = bits < magic_bits ? 0 : bits - magic_bits + 1;
      return {};
    }
    searched_ = 0;
    return split;
  }

  bool inside_ = false;      // of a stream, behind its header
  bool in_trailer_ = false;  // what comes next begins with end_magic
  unsigned level_ = 0;
  unsigned lead_bits_ = 0;
  unsigned lead_value_ = 0;
  std::uint64_t searched_ = 0;  // bits of the view in which no magic number begins
};

}  // namespace

std::unique_ptr<Splitter> make_splitter() {
  return std::make_unique<BlockSplitter>();
}

}  // namespace braid::codec::bzip2
