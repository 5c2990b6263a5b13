#include "base/try.hpp"
#include "engine/unit_run.hpp"

// How units are decoded, each on whichever thread takes it.
namespace braid::engine {

using codec::Decoded;
using codec::Unit;

void UnitRun::work(Item& item, unsigned slot, parallel::Advance& advance) {
  const bool batch = item.batch.holds_data();
  const bool whole = item.unit.kind == Unit::Kind::data && !in_pieces(item.unit);
  if (batch || whole) item.plain = buffers_->take(item.node);
  if (batch) {
    decode_batch(item, slot);
    if (item.batch.failed() != nullptr) return;
  } else if (item.unit.kind == Unit::Kind::data) {
    item.decoded = read_and_decode(item, slot, advance);
    if (!item.decoded) return;
  }
  list_summands(item);
  sum_.offer(item.index, item.summands);
}

Result<Decoded> UnitRun::read_and_decode(Item& item, unsigned slot, parallel::Advance& advance) {
  const auto decode_all = [&](ByteView packed) {
    return in_pieces(item.unit) ? decode_pieces(item, packed, slot, advance)
                                : decode(item, packed, slot, &advance);
  };
  if (item.packed.size() == item.unit.size) return decode_all(item.packed);
  Buffer& packed = packed_[slot];
  if (packed.capacity() < item.unit.size) {
    packed.clear();
    packed.reserve(static_cast<std::size_t>(item.packed_room));
  }
  BRAID_TRY(reader_.read_part(item.offset, item.unit.size, packed));
  return decode_all(packed.view());
}

Result<Decoded> UnitRun::decode_pieces(Item& item, ByteView packed, unsigned slot,
                                       parallel::Advance& advance) {
  BRAID_TRY_VALUE(codec::UnitDecoder* const decoder, this->decoder(slot));
  PieceTarget target(*item.pieces, item.unit.plain_size, advance);
  auto decoded = decoder->decode(packed, item.unit, target);
  if (decoded) count(slot, packed.size(), decoded->plain_size);
  return decoded;
}

Result<Decoded> UnitRun::decode(Item& item, ByteView packed, unsigned slot,
                                parallel::Advance* advance) {
  BRAID_TRY_VALUE(codec::UnitDecoder* const decoder, this->decoder(slot));
  const Unit& unit = item.unit;
  UnitTarget target =
      unit.plain_size != Unit::unknown
          ? UnitTarget(item.plain, unit.plain_size, advance)
          : UnitTarget(
                item.plain, plain_room(unit), unknown_plain_cap,
                [this, &item](std::uint64_t plain) { return reserve_beyond(item, plain); },
                advance);
  auto decoded = decoder->decode(packed, item.unit, target);
  item.too_large = target.full();
  if (decoded) {
    item.plain.resize(static_cast<std::size_t>(decoded->plain_size));
    count(slot, packed.size(), decoded->plain_size);
  }
  return decoded;
}

void UnitRun::decode_batch(Item& item, unsigned slot) {
  const auto decoder = this->decoder(slot);
  if (!decoder) return item.batch.fail(decoder.error());
  item.batch.decode(**decoder, item.plain);
  if (item.batch.failed() == nullptr) count(slot, item.batch.packed().size(), item.plain.size());
}

void UnitRun::count(unsigned slot, std::uint64_t packed, std::uint64_t plain) {
  parallel::Monitor* const monitor = site_.monitor();
  if (monitor == nullptr) return;
  monitor->add(slot, parallel::Count::bytes_in, packed);
  monitor->add(slot, parallel::Count::bytes_out, plain);
}

Result<codec::UnitDecoder*> UnitRun::decoder(unsigned slot) {
  auto& decoder = decoders_[slot];
  if (decoder == nullptr) {
    BRAID_TRY_VALUE(decoder, format_.make_unit_decoder(settings_));
  }
  return decoder.get();
}

}  // namespace braid::engine
