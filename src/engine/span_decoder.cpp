#include "engine/span_decoder.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "engine/area_target.hpp"

namespace braid::engine {

Result<void> SpanDecoder::decode(std::size_t point, MutableBytes out, Lane& lane) const {
  while (!out.empty()) {
    const std::size_t first = point;
    std::uint64_t size = span_size(point++);
    if (is_unit(first)) {
      BRAID_TRY(
          decode_unit(points_.points[first], out.first(static_cast<std::size_t>(size)), lane));
    } else {
      // A cursor reads on behind a point without entering there.
      while (size < out.size() && !is_unit(point)) size += span_size(point++);
      size = std::min<std::uint64_t>(size, out.size());
      BRAID_TRY_VALUE(SpanCursor cursor, enter(first));
      BRAID_TRY(cursor.skip_to(points_.points[first].plain));
      BRAID_TRY(cursor.read(out.first(static_cast<std::size_t>(size))));
    }
    out = out.subspan(static_cast<std::size_t>(size));
  }
  return {};
}

Result<void> SpanDecoder::decode_unit(const SeekPoint& point, MutableBytes out, Lane& lane) const {
  const auto fail = [&](Error error) {
    error.algorithm = points_.algorithm;
    return error;
  };
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
  AreaTarget target(out);
  auto decoded = lane.decoder->decode(lane.packed.view().first(count), point.unit, target);
  if (!decoded) {
    Error error = std::move(decoded).error();
    error.offset = point.packed + error.offset.value_or(0);
    return fail(std::move(error));
  }
  if (decoded->plain_size != out.size()) {
    return fail({.code = Errc::corrupt, .message = "less comes out than the index says"});
  }
  return {};
}

}  // namespace braid::engine
