#include <algorithm>
#include <string>

#include "base/byte_order.hpp"
#include "base/try.hpp"
#include "codec/deflate/checksum.hpp"
#include "engine/field_reader.hpp"
#include "engine/front_sums.hpp"
#include "engine/seek_index.hpp"

// braid's own index files.
namespace braid::engine {

namespace {

using base::append_le;

constexpr std::string_view magic = "braidix1";

// Of the file's two ends.
constexpr std::uint64_t fingerprint_bytes = 64 << 10;

constexpr std::size_t most_window = 64 << 10;  // packed; no window of 32 KiB needs more

Error damaged(std::string_view what) {
  return {.code = Errc::corrupt, .message = "the index is damaged: " + std::string(what)};
}

// Beside the kinds of SeekPoint.
constexpr std::uint8_t unit_with_sums = 3;

void write_point(const SeekPoint& point, Buffer& out) {
  append_le<std::uint8_t>(
      out, point.sums.empty() ? static_cast<std::uint8_t>(point.kind) : unit_with_sums);
  append_le<std::uint64_t>(out, point.packed);
  append_le<std::uint64_t>(out, point.plain);
  switch (point.kind) {
    case SeekPoint::Kind::stream:
      append_le<std::uint64_t>(out, point.from);
      break;
    case SeekPoint::Kind::unit:
      append_le<std::uint64_t>(out, point.unit.size);
      append_le<std::uint64_t>(out, point.unit.tag);
      append_le<std::uint64_t>(out, point.unit.tag2);
      append_le<std::uint64_t>(out, point.unit.memory);
      if (point.sums.empty()) break;
      append_le<std::uint32_t>(out, static_cast<std::uint32_t>(point.sums.size()));
      for (const std::uint32_t sum : point.sums) append_le<std::uint32_t>(out, sum);
      break;
    case SeekPoint::Kind::block:
      append_le<std::uint32_t>(out, static_cast<std::uint32_t>(point.window.size()));
      out.append(point.window.view());
      break;
  }
}

Result<SeekPoint> read_point(FieldReader& fields) {
  SeekPoint point;
  const auto kind = fields.take<std::uint8_t>();
  point.packed = fields.take<std::uint64_t>();
  point.plain = point.from = fields.take<std::uint64_t>();
  switch (kind) {
    case static_cast<std::uint8_t>(SeekPoint::Kind::stream):
      point.from = fields.take<std::uint64_t>();
      break;
    case static_cast<std::uint8_t>(SeekPoint::Kind::unit):
    case unit_with_sums:
      point.kind = SeekPoint::Kind::unit;
      point.unit.size = fields.take<std::uint64_t>();
      point.unit.tag = fields.take<std::uint64_t>();
      point.unit.tag2 = fields.take<std::uint64_t>();
      point.unit.memory = fields.take<std::uint64_t>();
      if (kind == unit_with_sums) {
        ByteView sums =
            fields.take_bytes(sizeof(std::uint32_t) * std::size_t{fields.take<std::uint32_t>()});
        for (; !sums.empty(); sums = sums.drop(sizeof(std::uint32_t))) {
          point.sums.push_back(base::load_le<std::uint32_t>(sums.data()));
        }
      }
      break;
    case static_cast<std::uint8_t>(SeekPoint::Kind::block): {
      point.kind = SeekPoint::Kind::block;
      const auto size = fields.take<std::uint32_t>();
      if (size > most_window) return damaged("a window is too large");
      point.window.append(fields.take_bytes(size));
      break;
    }
    default:
      return damaged("a point of an unknown kind");
  }
  if (fields.failed()) return damaged("it ends too early");
  return point;
}

}  // namespace

Result<void> check_points(const SeekPoints& index) {
  const auto& points = index.points;
  if (points.empty() ? index.plain_size != 0 : points.front().plain != 0) {
    return damaged("the first point is not the beginning");
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    const SeekPoint& point = points[i];
    const std::uint64_t end = index.end_of(i);
    if (point.plain >= end || point.from > point.plain) return damaged("points out of order");
    const std::uint64_t first = point.first_byte();
    if (first > index.packed_size) return damaged("a point behind the file's end");
    if (point.kind == SeekPoint::Kind::unit && point.unit.size > index.packed_size - first) {
      return damaged("a part reaches behind the file's end");
    }
  }
  return {};
}

Result<std::uint32_t> fingerprint(const FileSource& file, std::uint64_t size) {
  Buffer ends;
  ends.resize(static_cast<std::size_t>(2 * fingerprint_bytes));
  const std::uint64_t last = size - std::min(size, fingerprint_bytes);
  std::uint32_t sum = codec::deflate::crc32_of_nothing;
  for (const std::uint64_t offset : {std::uint64_t{0}, last}) {
    BRAID_TRY_VALUE(const std::size_t count,
                    file.read_at(ends.writable().first(fingerprint_bytes), offset));
    sum = codec::deflate::crc32(sum, ends.view().first(count));
  }
  return sum;
}

bool is_index(ByteView bytes) noexcept {
  return bytes.first(magic.size()).text() == magic;
}

void write_index(const SeekIndex::Impl& index, Buffer& out) {
  const SeekPoints& points = index.points;
  Buffer body;
  append_le<std::uint64_t>(body, points.packed_size);
  append_le<std::uint64_t>(body, points.plain_size);
  append_le<std::uint32_t>(body, index.fingerprint);
  const std::string_view name = info(points.algorithm).name;
  append_le<std::uint8_t>(body, static_cast<std::uint8_t>(name.size()));
  body.append(ByteView(name));
  append_le<std::uint64_t>(body, points.points.size());
  for (const SeekPoint& point : points.points) write_point(point, body);
  out.append(ByteView(magic));
  append_le<std::uint32_t>(out,
                           codec::deflate::crc32(codec::deflate::crc32_of_nothing, body.view()));
  out.append(body.view());
}

Result<std::shared_ptr<SeekIndex::Impl>> read_index(ByteView bytes) {
  FieldReader fields(bytes.drop(magic.size()));
  const auto sum = fields.take<std::uint32_t>();
  if (codec::deflate::crc32(codec::deflate::crc32_of_nothing, fields.rest()) != sum) {
    return damaged("its checksum does not match");
  }
  auto index = std::make_shared<SeekIndex::Impl>();
  SeekPoints& points = index->points;
  points.packed_size = fields.take<std::uint64_t>();
  points.plain_size = fields.take<std::uint64_t>();
  index->fingerprint = fields.take<std::uint32_t>();
  const std::string_view name = fields.take_bytes(fields.take<std::uint8_t>()).text();
  const auto algorithm = algorithm_from_name(name);
  if (!algorithm) return damaged("a format of that name is not known");
  points.algorithm = *algorithm;
  const auto count = fields.take<std::uint64_t>();
  for (std::uint64_t i = 0; i < count; ++i) {
    BRAID_TRY_VALUE(SeekPoint point, read_point(fields));
    points.points.push_back(std::move(point));
  }
  if (fields.failed() || !fields.rest().empty()) return damaged("it has another length");
  for (std::size_t i = 0; i < points.points.size(); ++i) {
    SeekPoint& point = points.points[i];
    if (point.kind != SeekPoint::Kind::unit) continue;
    point.unit.plain_size = points.end_of(i) - point.plain;
    if (!point.sums.empty() && point.sums.size() != front_sum_count(point.unit.plain_size)) {
      return damaged("a part has another number of sums");
    }
  }
  BRAID_TRY(check_points(points));
  return index;
}

}  // namespace braid::engine
