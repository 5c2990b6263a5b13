#include "base/try.hpp"
#include "engine/unit_run.hpp"

// How units are decoded, each on whichever thread takes it.
namespace braid::engine {

using codec::Decoded;
using codec::Unit;

void UnitRun::work(Item& item, unsigned slot) {
  const bool batch = item.batch.holds_data();
  if (batch || item.unit.kind == Unit::Kind::data) item.plain = buffers_->take(item.node);
  if (batch) {
    decode_batch(item, slot);
    if (item.batch.failed() != nullptr) return;
  } else if (item.unit.kind == Unit::Kind::data) {
    item.decoded = read_and_decode(item, slot);
    if (!item.decoded) return;
  }
  list_summands(item);
  sum_.offer(item.index, item.summands);
}

Result<Decoded> UnitRun::read_and_decode(Item& item, unsigned slot) {
  if (item.packed.size() == item.unit.size) return decode(item, item.packed, slot);
  Buffer& packed = packed_[slot];
  if (packed.capacity() < item.unit.size) {
    packed.clear();
    packed.reserve(static_cast<std::size_t>(item.packed_room));
  }
  BRAID_TRY(reader_.read_part(item.offset, item.unit.size, packed));
  return decode(item, packed.view(), slot);
}

Result<Decoded> UnitRun::decode(Item& item, ByteView packed, unsigned slot) {
  BRAID_TRY_VALUE(codec::UnitDecoder* const decoder, this->decoder(slot));
  const Unit& unit = item.unit;
  UnitTarget target =
      unit.plain_size != Unit::unknown
          ? UnitTarget(item.plain, unit.plain_size)
          : UnitTarget(item.plain, plain_room(unit), unknown_plain_cap,
                       [this, &item](std::uint64_t plain) { return reserve_beyond(item, plain); });
  auto decoded = decoder->decode(packed, item.unit, target);
  item.too_large = target.full();
  if (decoded) {
    item.plain.resize(static_cast<std::size_t>(decoded->plain_size));
    count(slot, packed, item.plain.view());
  }
  return decoded;
}

void UnitRun::decode_batch(Item& item, unsigned slot) {
  const auto decoder = this->decoder(slot);
  if (!decoder) return item.batch.fail(decoder.error());
  item.batch.decode(**decoder, item.plain);
  if (item.batch.failed() == nullptr) count(slot, item.batch.packed(), item.plain.view());
}

void UnitRun::count(unsigned slot, ByteView packed, ByteView plain) {
  parallel::Monitor* const monitor = site_.monitor();
  if (monitor == nullptr) return;
  monitor->add(slot, parallel::Count::bytes_in, packed.size());
  monitor->add(slot, parallel::Count::bytes_out, plain.size());
}

Result<codec::UnitDecoder*> UnitRun::decoder(unsigned slot) {
  auto& decoder = decoders_[slot];
  if (decoder == nullptr) {
    BRAID_TRY_VALUE(decoder, format_.make_unit_decoder(settings_));
  }
  return decoder.get();
}

}  // namespace braid::engine
