#include <algorithm>
#include <array>
#include <random>

#include "base/byte_order.hpp"
#include "base/try.hpp"
#include "codec/brotli/brotli.hpp"
#include "codec/brotli/decoder.hpp"
#include "codec/brotli/part_sum.hpp"
#include "codec/brotli/units.hpp"

namespace braid::codec::brotli {

namespace {

// Decodes one part without those before it. Where in the stream a part stands decides how far its
// distances reach before they mean the static dictionary; so a part is given behind as many bytes
// as would have come before it, up to the window. A part does not look at them. They are random:
// should one look nevertheless, no checksum that its maker could choose will match.
class PartDecoder final : public UnitDecoder {
 public:
  explicit PartDecoder(std::uint64_t memory_limit)
      : decoder_(memory_limit), filler_(header_size + filler_block) {
    std::random_device seed;
    std::mt19937_64 random((std::uint64_t{seed()} << 32) | seed());
    for (std::size_t i = 0; i < filler_block; i += sizeof(std::uint64_t)) {
      base::store_le(filler_.data() + header_size + i, std::uint64_t{random()});
    }
  }

  Result<Decoded> decode(ByteView bytes, const Unit& unit, Target& target) override {
    const Tag2 tag = Tag2::unpack(unit.tag2);
    const auto block = read_block(bytes, tag.note_bits());
    if (!block) {
      const bool cut =
          bytes.size() < note_end(tag.note_bits()) && may_begin_block(bytes, tag.note_bits());
      if (cut) return truncated(bytes);
      return Error{.code = Errc::corrupt, .message = "a part lacks its note", .offset = 0};
    }
    const ByteView part = bytes.drop(block->size);
    decoder_.restart(!tag.first);
    if (tag.first) {
      BRAID_TRY(decoder_.skip(bytes.first(block->size)));
    } else {
      BRAID_TRY(fill(tag.window, std::min(unit.tag, reach(tag.window.log))));
    }
    std::uint64_t left = block->note.plain;
    BRAID_TRY_VALUE(const bool finished, run(part, left, target));
    if (part.size() < block->note.packed) {
      // Cut short, unless the stream ends before that matters.
      return finished ? wrong_length() : truncated(bytes);
    }
    BRAID_TRY(check(block->note, finished, left));
    return Decoded{.plain_size = block->note.plain,
                   .checksum = block->note.checksum,
                   .tag = block->note.last ? 1U : 0U};
  }

 private:
  // An uncompressed block of 2^16 bytes (RFC 7932, section 9.2): not last, four nibbles of length,
  // length - 1, uncompressed.
  static constexpr std::size_t header_size = 3;
  static constexpr std::size_t filler_block = 1 << 16;

  static std::array<std::byte, header_size> stored_header(std::size_t size) {
    const std::size_t bits = (size - 1) << 3 | std::size_t{1} << 19;
    return {std::byte(bits & 0xff), std::byte(bits >> 8 & 0xff), std::byte(bits >> 16 & 0xff)};
  }

  // Begins a stream of the given window with `size` bytes to be thrown away.
  Result<void> fill(const Window& window, std::uint64_t size) {
    BRAID_TRY(begin(window));
    while (size != 0) {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(size, filler_block));
      const auto header = stored_header(count);
      std::copy(header.begin(), header.end(), filler_.data());
      BRAID_TRY(decoder_.skip(filler_.view().first(header_size + count)));
      size -= count;
    }
    return {};
  }

  // The window bits and, to come to a byte boundary, an empty metadata block.
  Result<void> begin(const Window& window) {
    constexpr unsigned empty_block = 0x06;
    constexpr unsigned empty_block_bits = 6;
    unsigned value = 0;
    unsigned bits = window.bits;
    if (window.log == 16) {
      value = 0;
    } else if (window.log == 17) {
      value = 1;
    } else if (window.log > 17) {
      value = 1 | (window.log - 17) << 1;
    } else {
      value = 1 | (window.log - 8) << 4;
    }
    if (bits == 14) {  // a window of the standard's size, said in the extension's way
      value = 0x11 | window.log << 8;
    }
    value |= empty_block << bits;
    std::array<std::byte, 4> bytes{};
    base::store_le(bytes.data(), std::uint32_t{value});
    BRAID_TRY(decoder_.skip({bytes.data(), (bits + empty_block_bits + 7) / 8}));
    return {};
  }

  // Decodes at most `plain` bytes, of which it leaves those that did not come, and sums them; true
  // when the stream ended with the part.
  Result<bool> run(ByteView part, std::uint64_t& plain, Target& target) {
    sum_.reset();
    for (;;) {
      BRAID_TRY_VALUE(const MutableBytes room, target.room_for_rest(plain));
      BRAID_TRY_VALUE(const Step step, decoder_.step(part.first(input_slice), room));
      sum_.add(ByteView(room).first(step.produced));
      target.commit(step.produced);
      plain -= step.produced;
      part = part.drop(step.consumed);
      if (step.state == StepState::need_output && plain != 0) continue;
      if (step.state == StepState::need_input && !part.empty()) continue;
      if (step.state == StepState::need_output || !part.empty()) return wrong_length();
      return step.state == StepState::finished;
    }
  }

  // As a StreamDecoder says it: a part that is cut short is the last thing there is.
  static Error truncated(ByteView part) {
    return {.code = Errc::truncated, .message = "the stream ends too early", .offset = part.size()};
  }

  static Error wrong_length() {
    return {.code = Errc::corrupt, .message = "a part is not as long as its note says"};
  }

  Result<void> check(const Note& note, bool finished, std::uint64_t left) {
    if (finished != note.last || left != 0) return wrong_length();
    if (sum_.value() != note.checksum) {
      return Error{.code = Errc::checksum_mismatch,
                   .message = "a part does not match its checksum"};
    }
    if (note.last) return {};
    // An empty last block: it only fits where a block ends, on a byte boundary.
    constexpr std::byte end_of_stream{0x03};
    BRAID_TRY_VALUE(const Step end, decoder_.skip({&end_of_stream, 1}));
    if (end.state != StepState::finished || end.produced != 0) return wrong_length();
    return {};
  }

  Decoder decoder_;
  PartSum sum_;
  Buffer filler_;  // header and random bytes
};

}  // namespace

Result<std::unique_ptr<UnitDecoder>> make_unit_decoder(const DecoderSettings& settings) {
  return std::make_unique<PartDecoder>(settings.memory_limit);
}

}  // namespace braid::codec::brotli
