#include <algorithm>
#include <array>

#include "base/byte_order.hpp"
#include "codec/deflate/block_format.hpp"
#include "engine/detect_stream.hpp"
#include "engine/field_reader.hpp"
#include "engine/seek_index.hpp"
#include "engine/seek_index_foreign.hpp"

// GZIDX of indexed_gzip: a header, the points, then the windows.
namespace braid::engine {

namespace {

using base::append_le;
using codec::deflate::max_distance;

constexpr std::string_view gzidx_magic = "GZIDX";
constexpr std::uint8_t newest_version = 1;
constexpr std::uint32_t spacing = 1 << 20;

bool is_deflate(Algorithm algorithm) noexcept {
  return algorithm == Algorithm::gzip || algorithm == Algorithm::zlib ||
         algorithm == Algorithm::deflate;
}

// gzip and zlib tell by their first bytes, raw data does not.
Result<Algorithm> deflate_format_of(const FileSource& file) {
  std::array<std::byte, detection_bytes> prefix;
  BRAID_TRY_VALUE(const std::size_t count, file.read_at(prefix, 0));
  const ByteView bytes(prefix.data(), count);
  for (const Algorithm algorithm : {Algorithm::gzip, Algorithm::zlib}) {
    if (codec::format(algorithm).detect(bytes) > 0) return algorithm;
  }
  return Algorithm::deflate;
}

}  // namespace

bool is_gzidx(ByteView bytes) noexcept {
  return bytes.first(gzidx_magic.size()).text() == gzidx_magic;
}

Result<void> write_gzidx(const SeekIndex::Impl& index, Buffer& out) {
  const SeekPoints& points = index.points;
  if (!is_deflate(points.algorithm)) return cannot_index("a GZIDX index is for deflate data");
  std::uint32_t count = 0;
  for (const SeekPoint& point : points.points) {
    if (point.kind == SeekPoint::Kind::unit) {
      return cannot_index("a GZIDX index has no place for parts of a known size");
    }
    if (point.kind == SeekPoint::Kind::block) ++count;
  }
  out.append(ByteView(gzidx_magic));
  append_le<std::uint8_t>(out, newest_version);
  append_le<std::uint8_t>(out, 0);  // flags, none known
  append_le<std::uint64_t>(out, points.packed_size);
  append_le<std::uint64_t>(out, points.plain_size);
  append_le<std::uint32_t>(out, spacing);
  append_le<std::uint32_t>(out, max_distance);
  append_le<std::uint32_t>(out, count);
  for (const SeekPoint& point : points.points) {
    if (point.kind != SeekPoint::Kind::block) continue;
    append_le<std::uint64_t>(out, (point.packed + 7) / 8);
    append_le<std::uint64_t>(out, point.plain);
    append_le<std::uint8_t>(out, static_cast<std::uint8_t>((8 - point.packed % 8) % 8));
    append_le<std::uint8_t>(out, 1);  // a window follows
  }
  for (const SeekPoint& point : points.points) {
    if (point.kind != SeekPoint::Kind::block) continue;
    BRAID_TRY_VALUE(const Buffer window, unpack_window(point.window.view()));
    const std::size_t missing = max_distance - std::min(max_distance, window.size());
    for (std::size_t i = 0; i < missing; ++i) append_le<std::uint8_t>(out, 0);
    out.append(window.view());
  }
  return {};
}

Result<std::shared_ptr<SeekIndex::Impl>> read_gzidx(ByteView bytes, const FileSource& file) {
  auto index = std::make_shared<SeekIndex::Impl>();
  SeekPoints& points = index->points;
  FieldReader fields(bytes.drop(gzidx_magic.size()));
  const auto version = fields.take<std::uint8_t>();
  if (version > newest_version) return cannot_index("a GZIDX index of a version that is not known");
  static_cast<void>(fields.take<std::uint8_t>());
  BRAID_TRY_VALUE(points.algorithm, deflate_format_of(file));
  points.packed_size = fields.take<std::uint64_t>();
  points.plain_size = fields.take<std::uint64_t>();
  static_cast<void>(fields.take<std::uint32_t>());
  const auto window_size = fields.take<std::uint32_t>();
  const auto count = fields.take<std::uint32_t>();
  if (window_size != max_distance)
    return cannot_index("a GZIDX index with windows of another size");
  points.points.emplace_back();  // the file's beginning
  std::vector<bool> has_window;
  for (std::uint32_t i = 0; i < count; ++i) {
    SeekPoint point{.kind = SeekPoint::Kind::block};
    const auto byte = fields.take<std::uint64_t>();
    point.plain = point.from = fields.take<std::uint64_t>();
    const auto bits = fields.take<std::uint8_t>();
    has_window.push_back(version == 0 ? i != 0 : fields.take<std::uint8_t>() != 0);
    if (fields.failed() || bits > 7 || byte > points.packed_size || (byte == 0 && bits != 0)) {
      return damaged_index();
    }
    point.packed = 8 * byte - bits;
    points.points.push_back(std::move(point));
  }
  for (std::size_t i = 0; i < has_window.size(); ++i) {
    if (!has_window[i]) continue;
    const ByteView window = fields.take_bytes(max_distance);
    if (fields.failed()) return damaged_index();
    BRAID_TRY_VALUE(points.points[i + 1].window, pack_window(window));
  }
  // What begins with the file needs no point of its own.
  if (points.points.size() > 1 && points.points[1].plain == 0) {
    points.points.erase(points.points.begin() + 1);
  }
  BRAID_TRY_VALUE(const std::uint64_t size, size_of(file));
  if (size != points.packed_size) return index_of_another_file();
  BRAID_TRY_VALUE(index->fingerprint, fingerprint(file, size));
  BRAID_TRY(check_points(points));
  return index;
}

}  // namespace braid::engine
