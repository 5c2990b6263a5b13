#include "engine/unit_batch.hpp"

#include <utility>

#include "engine/area_target.hpp"

namespace braid::engine {

using codec::Unit;

namespace {

// Larger ones are worth the trouble of their own.
constexpr std::uint64_t small_unit = 16 << 10;

// Enough for the trouble to be little beside the work, and far less than what an item is planned
// with at the least.
constexpr std::size_t most_parts = 256;
constexpr std::uint64_t most_packed = 64 << 10;
constexpr std::uint64_t most_plain = 1 << 20;

std::uint64_t plain_bound(const Unit& unit) noexcept {
  if (unit.kind == Unit::Kind::frame) return 0;
  return unit.plain_size != Unit::unknown ? unit.plain_size : unit.plain_most;
}

}  // namespace

void UnitBatch::clear() noexcept {
  parts_.clear();
  packed_.clear();
  plain_most_ = 0;
  sound_ = 0;
  holds_data_ = false;
  failure_.reset();
}

bool UnitBatch::takes(const Unit& unit, std::uint64_t memory) const noexcept {
  if (unit.kind == Unit::Kind::data && (!unit.bounded || unit.memory > memory)) return false;
  return unit.size <= small_unit && parts_.size() < most_parts &&
         packed_.size() + unit.size <= most_packed && plain_bound(unit) <= most_plain - plain_most_;
}

void UnitBatch::add(const Part& part, ByteView packed) {
  packed_.append(packed);
  parts_.push_back(part);
  plain_most_ += plain_bound(part.unit);
  holds_data_ = holds_data_ || part.unit.kind == Unit::Kind::data;
  if (!holds_data_) sound_ = parts_.size();  // nothing else is, before it is decoded
}

void UnitBatch::decode(codec::UnitDecoder& decoder, Buffer& plain) {
  plain.clear();
  plain.reserve(most_plain);  // growing would touch pages that decoding does not
  plain.resize(static_cast<std::size_t>(plain_most_));
  MutableBytes room = plain.writable();
  ByteView packed = packed_.view();
  for (sound_ = 0; sound_ < parts_.size(); ++sound_) {
    Part& part = parts_[sound_];
    const auto size = static_cast<std::size_t>(part.unit.size);
    if (part.unit.kind == Unit::Kind::data) {
      AreaTarget target(room.first(static_cast<std::size_t>(plain_bound(part.unit))));
      auto decoded = decoder.decode(packed.first(size), part.unit, target);
      if (!decoded) {
        failure_ = std::move(decoded).error();
        break;
      }
      part.decoded = *decoded;
      part.plain = target.view();
      room = room.subspan(part.plain.size());
    }
    packed = packed.drop(size);
  }
  plain.resize(plain.size() - room.size());
}

void UnitBatch::fail(Error error) {
  failure_ = std::move(error);
}

}  // namespace braid::engine
