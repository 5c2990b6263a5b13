#include <algorithm>

#include "base/try.hpp"
#include "codec/lzma/block_reader.hpp"
#include "codec/lzma/lzma.hpp"
#include "codec/lzma/xz_units.hpp"

namespace braid::codec::lzma {

namespace {

class BlockDecoder final : public UnitDecoder {
 public:
  explicit BlockDecoder(std::uint64_t memory_limit) : reader_(memory_limit) {}

  Result<Decoded> decode(ByteView bytes, const Unit& unit, Target& target) override {
    const std::size_t header_size = bytes.empty() ? 0 : block_header_size(bytes[0]);
    if (header_size == 0 || header_size > bytes.size()) {
      return Error{.code = Errc::truncated, .message = "a block header ends too early"};
    }
    if (unit.tag == tag_unsized) {
      return Error{
          .code = Errc::corrupt, .message = "a block does not state its size", .offset = 0};
    }
    auto decoded = decode_block(bytes, header_size, unit, target);
    if (!decoded && !decoded.error().offset) decoded.error().offset = 0;
    return decoded;
  }

 private:
  Result<Decoded> decode_block(ByteView bytes, std::size_t header_size, const Unit& unit,
                               Target& target) {
    BRAID_TRY(reader_.begin(bytes.first(header_size), static_cast<lzma_check>(unit.tag2)));
    ByteView in = bytes.drop(header_size);
    Decoded decoded;
    for (;;) {
      BRAID_TRY_VALUE(const MutableBytes room,
                      target.room_for_rest(unit.plain_size - decoded.plain_size));
      BRAID_TRY_VALUE(const Step step, reader_.step(in, room));
      target.commit(step.produced);
      decoded.plain_size += step.produced;
      in = in.drop(step.consumed);
      if (step.state == StepState::finished) break;
      if (step.consumed + step.produced != 0) continue;
      if (in.empty()) {
        return Error{.code = Errc::truncated, .message = "a block ends too early"};
      }
      return Error{.code = Errc::corrupt, .message = "a block is longer than it states"};
    }
    if (!in.empty()) {
      return Error{.code = Errc::corrupt, .message = "a block is shorter than it states"};
    }
    decoded.tag = reader_.unpadded_size();
    return decoded;
  }

  BlockReader reader_;
};

}  // namespace

Result<std::unique_ptr<UnitDecoder>> make_unit_decoder(const DecoderSettings& settings) {
  return std::make_unique<BlockDecoder>(settings.memory_limit);
}

}  // namespace braid::codec::lzma
