#include "engine/span_decoder.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "engine/area_target.hpp"
#include "engine/front_sums.hpp"

namespace braid::engine {

namespace {

// An error of the unit there, whose offset counts from it.
Error within(const SeekPoint& point, Error error) {
  error.offset = point.packed + error.offset.value_or(0);
  return error;
}

Error too_short() {
  return {.code = Errc::corrupt, .message = "less comes out than the index says"};
}

}  // namespace

std::uint64_t SpanDecoder::size_up_to(std::size_t point, std::uint64_t end) const noexcept {
  const std::uint64_t size = span_size(point);
  const std::uint64_t wanted = std::min(size, end - points_.points[point].plain);
  if (!is_unit(point)) return wanted;
  // Decoding in steps costs more, and the rest is little, where the front is most of it.
  const std::uint64_t pieces = (wanted + front_piece - 1) / front_piece;
  if (pieces * 2 > points_.points[point].sums.size()) return size;
  return pieces * front_piece + codec::unit_step;
}

Result<void> SpanDecoder::decode(std::size_t point, MutableBytes out, Lane& lane) const {
  while (!out.empty()) {
    const std::size_t first = point;
    std::uint64_t size = span_size(point++);
    // A cursor reads on behind a point without entering there.
    while (!is_unit(first) && size < out.size() && !is_unit(point)) size += span_size(point++);
    size = std::min<std::uint64_t>(size, out.size());
    const MutableBytes room = out.first(static_cast<std::size_t>(size));
    if (is_unit(first)) {
      BRAID_TRY(decode_unit(points_.points[first], room, lane));
    } else {
      BRAID_TRY_VALUE(SpanCursor cursor, enter(first));
      BRAID_TRY(cursor.skip_to(points_.points[first].plain));
      BRAID_TRY(cursor.read(room));
    }
    out = out.subspan(room.size());
  }
  return {};
}

Error SpanDecoder::fail(Error error) const {
  error.algorithm = points_.algorithm;
  return error;
}

Result<void> SpanDecoder::decode_unit(const SeekPoint& point, MutableBytes out, Lane& lane) const {
  if (lane.decoder == nullptr) {
    const codec::Format& format = codec::format(points_.algorithm);
    if (format.make_unit_decoder == nullptr) {
      return fail({.code = Errc::unsupported_feature, .message = "this build cannot decode parts"});
    }
    BRAID_TRY_VALUE(lane.decoder,
                    format.make_unit_decoder(decoder_settings({.memory_limit = memory_limit_})));
  }
  lane.packed.clear();
  lane.packed.resize(static_cast<std::size_t>(point.unit.size));
  BRAID_TRY_VALUE(const std::size_t count, file_.read_at(lane.packed.writable(), point.packed));
  const ByteView packed = lane.packed.view().first(count);
  if (out.size() < point.unit.plain_size) return decode_front(point, packed, out, *lane.decoder);
  AreaTarget target(out);
  auto decoded = lane.decoder->decode(packed, point.unit, target);
  if (!decoded) return fail(within(point, std::move(decoded).error()));
  if (decoded->plain_size != out.size()) return fail(too_short());
  return {};
}

// Its own checksum stands at the unit's end: the index's says whether the front is sound.
Result<void> SpanDecoder::decode_front(const SeekPoint& point, ByteView packed, MutableBytes out,
                                       codec::UnitDecoder& decoder) const {
  const std::size_t wanted = out.size() / front_piece * front_piece;
  FrontTarget target(out, wanted);
  auto decoded = decoder.decode(packed, point.unit, target);
  if (!target.full()) {
    return fail(decoded ? too_short() : within(point, std::move(decoded).error()));
  }
  if (front_matches(point.sums, target.view().first(wanted))) return {};
  return fail({.code = Errc::checksum_mismatch,
               .message = "what comes out does not match the index's checksum",
               .offset = point.packed});
}

}  // namespace braid::engine
