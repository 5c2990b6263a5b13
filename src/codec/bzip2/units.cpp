#include "codec/bzip2/units.hpp"

#include "base/try.hpp"
#include "codec/bzip2/block_decoder.hpp"
#include "codec/bzip2/bzip2.hpp"
#include "codec/bzip2/crc.hpp"
#include "codec/bzip2/stream_decoder.hpp"
#include "codec/bzip2/stream_header.hpp"

namespace braid::codec::bzip2 {

namespace {

Error failed(Errc code, const char* message) {
  return {.code = code, .message = message};
}

class BlockUnitDecoder final : public UnitDecoder {
 public:
  explicit BlockUnitDecoder(std::uint64_t memory_limit) : memory_limit_(memory_limit) {}

  Result<Decoded> decode(ByteView bytes, const Unit& unit, Target& target) override {
    const UnitTag tag = UnitTag::unpack(unit.tag);
    if (BlockDecoder::memory(tag.level) > memory_limit_) {
      return failed(Errc::memory_limit, "a bzip2 block needs more memory");
    }
    BitReader reader;
    reader.begin(tag.lead_value, tag.lead_bits);
    reader.give(bytes);
    std::uint64_t magic = 0;
    if (!reader.take(magic_bits, magic)) return failed(Errc::truncated, "a block ends too early");
    if (magic != block_magic) return failed(Errc::corrupt, "no block begins here");
    block_.begin(tag.level);
    BRAID_TRY_VALUE(const bool complete, block_.read(reader));
    if (!complete) return failed(Errc::truncated, "a block ends too early");
    if (reader.reclaim() != 0) return failed(Errc::corrupt, "no block follows the end of a block");

    Decoded decoded;
    while (!block_.done()) {
      BRAID_TRY_VALUE(const MutableBytes room, target.room(block_.at_least()));
      const std::size_t count = block_.write(room);
      target.commit(count);
      decoded.plain_size += count;
    }
    BRAID_TRY(block_.check());
    decoded.checksum = block_.crc();
    const unsigned spare = reader.held();
    decoded.tag = BlockEnd{spare, spare == 0 ? 0 : reader.peek(spare)}.pack();
    return decoded;
  }

 private:
  std::uint64_t memory_limit_;
  BlockDecoder block_;
};

// Follows the streams of a file: each unit must begin at the bit where the one before it ended.
class StreamVerifier final : public Verifier {
 public:
  explicit StreamVerifier(const DecoderSettings& settings) : settings_(settings) {}

  Result<void> add(const Unit& unit, ByteView bytes, const Decoded& decoded,
                   ByteView /*plain*/) override {
    const UnitTag tag = UnitTag::unpack(unit.tag);
    if (tag.part == Part::header) return add_header(bytes);
    if (!open_) return failed(Errc::corrupt, "a block belongs to no stream");
    if (tag.level != edge_.level || tag.lead_bits != edge_.lead_bits ||
        tag.lead_value != edge_.lead_value) {
      return failed(Errc::corrupt, "no block follows the end of a block");
    }
    if (tag.part == Part::trailer) return add_trailer(bytes);
    const BlockEnd end = BlockEnd::unpack(decoded.tag);
    edge_.crc = combine_crc(edge_.crc, static_cast<std::uint32_t>(decoded.checksum));
    edge_.lead_bits = end.spare_bits;
    edge_.lead_value = end.spare_value;
    return {};
  }

  // From here on the decoder sees the stream to its end, and its trailer.
  Result<std::unique_ptr<StreamDecoder>> take_over(ByteView /*history*/) override {
    if (!open_) return std::make_unique<BlockStreamDecoder>(settings_);
    open_ = false;
    return std::make_unique<BlockStreamDecoder>(settings_.memory_limit, edge_);
  }

  bool may_take_over() const override { return true; }

  void describe(StreamInfo& info) const override {
    info.streams += streams_;
    info.check = "CRC-32";
  }

  Result<void> finish() override {
    if (open_) return failed(Errc::truncated, "the stream ends too early");
    return {};
  }

 private:
  Result<void> add_header(ByteView bytes) {
    if (open_) return failed(Errc::corrupt, "a stream begins within another");
    edge_ = {.level = static_cast<unsigned>(parse_header(bytes))};
    if (edge_.level == 0) return failed(Errc::unknown_format, "no bzip2 header");
    open_ = true;
    return {};
  }

  Result<void> add_trailer(ByteView bytes) {
    BitReader reader;
    reader.begin(edge_.lead_value, edge_.lead_bits);
    reader.give(bytes);
    std::uint64_t magic = 0;
    std::uint64_t stated = 0;
    // As BlockStreamDecoder tells them.
    const auto read_failed = [&](Errc code, const char* message) {
      Error error = failed(code, message);
      error.offset = bytes.size() - reader.unread() - reader.held() / 8;
      return error;
    };
    if (!reader.take(magic_bits, magic) || !reader.take(32, stated)) {
      return read_failed(Errc::truncated, "the stream ends too early");
    }
    if (magic != end_magic) return failed(Errc::corrupt, "no trailer follows the last block");
    if (stated != edge_.crc) {
      return read_failed(Errc::checksum_mismatch, "the CRC of the stream does not match");
    }
    open_ = false;
    ++streams_;
    return {};
  }

  DecoderSettings settings_;
  std::uint64_t streams_ = 0;
  bool open_ = false;  // behind a header, before its trailer
  BlockEdge edge_;
};

}  // namespace

Result<std::unique_ptr<UnitDecoder>> make_unit_decoder(const DecoderSettings& settings) {
  return std::make_unique<BlockUnitDecoder>(settings.memory_limit);
}

std::unique_ptr<Verifier> make_verifier(const DecoderSettings& settings) {
  return std::make_unique<StreamVerifier>(settings);
}

}  // namespace braid::codec::bzip2
