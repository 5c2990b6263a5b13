#include <algorithm>
#include <array>
#include <string>

#include "base/try.hpp"
#include "engine/detect_stream.hpp"
#include "engine/field_reader.hpp"
#include "engine/seek_index.hpp"

// Indexes of other programs.
namespace braid::engine {

namespace {

using base::append_le;

// ---- .gzi: the number of points, then two offsets each; the beginning is not among them ---------

constexpr std::size_t gzi_point_bytes = 16;

// ---- GZIDX: a header, the points, then the windows ----------------------------------------------

constexpr std::string_view gzidx_magic = "GZIDX";
constexpr std::uint8_t gzidx_version = 1;
constexpr std::size_t gzidx_window = 32768;
constexpr std::uint32_t gzidx_spacing = 1 << 20;

Error cannot(std::string what) {
  return {.code = Errc::unsupported_feature, .message = std::move(what)};
}

Error damaged() {
  return {.code = Errc::corrupt, .message = "the index is damaged"};
}

bool is_deflate(Algorithm algorithm) noexcept {
  return algorithm == Algorithm::gzip || algorithm == Algorithm::zlib ||
         algorithm == Algorithm::deflate;
}

// One member of a BGZF file.
struct BgzfMember {
  std::uint64_t size = 0;
  std::uint64_t plain_size = 0;  // its ISIZE
};

// Errors: corrupt when none begins at `packed`.
Result<BgzfMember> read_member(const FileSource& file, std::uint64_t packed,
                               std::uint64_t packed_size) {
  constexpr std::size_t fixed = 18;
  std::array<std::byte, fixed> header;
  BRAID_TRY_VALUE(const std::size_t count, file.read_at(header, packed));
  const bool bgzf = count == fixed && header[0] == std::byte{0x1f} &&
                    header[12] == std::byte{'B'} && header[13] == std::byte{'C'};
  if (!bgzf) return damaged();
  const std::uint64_t size = std::uint64_t{base::load_le<std::uint16_t>(&header[16])} + 1;
  std::array<std::byte, 4> stored;
  if (size < fixed + 8 || size > packed_size - packed) return damaged();
  BRAID_TRY(file.read_at(stored, packed + size - stored.size()));
  return BgzfMember{size, base::load_le<std::uint32_t>(stored.data())};
}

// Plain bytes of the members from `packed` on.
Result<std::uint64_t> bgzf_size_behind(const FileSource& file, std::uint64_t packed,
                                       std::uint64_t packed_size) {
  std::uint64_t plain = 0;
  while (packed < packed_size) {
    BRAID_TRY_VALUE(const BgzfMember member, read_member(file, packed, packed_size));
    plain += member.plain_size;
    packed += member.size;
  }
  return plain;
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

Result<std::uint64_t> size_of(const FileSource& file) {
  const auto size = file.size();
  if (!size) return Error{.code = Errc::invalid_argument, .message = "is no regular file"};
  return *size;
}

}  // namespace

bool is_gzi(ByteView bytes) noexcept {
  if (bytes.size() < 8 || (bytes.size() - 8) % gzi_point_bytes != 0) return false;
  return base::load_le<std::uint64_t>(bytes.data()) == (bytes.size() - 8) / gzi_point_bytes;
}

// Its readers look for the very member that a byte lies in: all that hold something are listed, but
// the first.
Result<void> write_gzi(const SeekIndex::Impl& index, const FileSource& file, Buffer& out) {
  if (index.points.algorithm != Algorithm::gzip) return cannot("a .gzi index is for BGZF files");
  Buffer list;
  std::uint64_t count = 0;
  std::uint64_t packed = 0;
  std::uint64_t plain = 0;
  while (packed < index.points.packed_size) {
    auto member = read_member(file, packed, index.points.packed_size);
    if (!member && member.error().code == Errc::corrupt) {
      return cannot("a .gzi index is for BGZF files");
    }
    BRAID_TRY(member);
    if (packed != 0 && member->plain_size != 0) {
      append_le<std::uint64_t>(list, packed);
      append_le<std::uint64_t>(list, plain);
      ++count;
    }
    packed += member->size;
    plain += member->plain_size;
  }
  append_le<std::uint64_t>(out, count);
  out.append(list.view());
  return {};
}

Result<std::shared_ptr<SeekIndex::Impl>> read_gzi(ByteView bytes, const FileSource& file) {
  auto index = std::make_shared<SeekIndex::Impl>();
  SeekPoints& points = index->points;
  points.algorithm = Algorithm::gzip;
  BRAID_TRY_VALUE(points.packed_size, size_of(file));
  points.points.emplace_back();
  FieldReader fields(bytes.drop(8));
  while (!fields.rest().empty()) {
    SeekPoint point;
    point.packed = fields.take<std::uint64_t>();
    point.plain = point.from = fields.take<std::uint64_t>();
    if (point.packed > points.packed_size || point.plain < points.points.back().plain) {
      return damaged();
    }
    // An empty member, as the last one of the file is.
    if (point.plain == points.points.back().plain) points.points.pop_back();
    points.points.push_back(std::move(point));
  }
  const SeekPoint& last = points.points.back();
  BRAID_TRY_VALUE(const std::uint64_t behind,
                  bgzf_size_behind(file, last.packed, points.packed_size));
  points.plain_size = last.plain + behind;
  if (behind == 0) points.points.pop_back();
  BRAID_TRY_VALUE(index->fingerprint, fingerprint(file, points.packed_size));
  BRAID_TRY(check_points(points));
  return index;
}

bool is_gzidx(ByteView bytes) noexcept {
  return bytes.first(gzidx_magic.size()).text() == gzidx_magic;
}

Result<void> write_gzidx(const SeekIndex::Impl& index, Buffer& out) {
  const SeekPoints& points = index.points;
  if (!is_deflate(points.algorithm)) return cannot("a GZIDX index is for deflate data");
  std::uint32_t count = 0;
  for (const SeekPoint& point : points.points) {
    if (point.kind == SeekPoint::Kind::unit) {
      return cannot("a GZIDX index has no place for parts of a known size");
    }
    if (point.kind == SeekPoint::Kind::block) ++count;
  }
  out.append(ByteView(gzidx_magic));
  append_le<std::uint8_t>(out, gzidx_version);
  append_le<std::uint8_t>(out, 0);  // flags, none known
  append_le<std::uint64_t>(out, points.packed_size);
  append_le<std::uint64_t>(out, points.plain_size);
  append_le<std::uint32_t>(out, gzidx_spacing);
  append_le<std::uint32_t>(out, gzidx_window);
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
    const std::size_t missing = gzidx_window - std::min(gzidx_window, window.size());
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
  if (version > gzidx_version) return cannot("a GZIDX index of a version that is not known");
  static_cast<void>(fields.take<std::uint8_t>());
  BRAID_TRY_VALUE(points.algorithm, deflate_format_of(file));
  points.packed_size = fields.take<std::uint64_t>();
  points.plain_size = fields.take<std::uint64_t>();
  static_cast<void>(fields.take<std::uint32_t>());
  const auto window_size = fields.take<std::uint32_t>();
  const auto count = fields.take<std::uint32_t>();
  if (window_size != gzidx_window) return cannot("a GZIDX index with windows of another size");
  points.points.emplace_back();  // the file's beginning
  std::vector<bool> has_window;
  for (std::uint32_t i = 0; i < count; ++i) {
    SeekPoint point{.kind = SeekPoint::Kind::block};
    const auto byte = fields.take<std::uint64_t>();
    point.plain = point.from = fields.take<std::uint64_t>();
    const auto bits = fields.take<std::uint8_t>();
    has_window.push_back(version == 0 ? i != 0 : fields.take<std::uint8_t>() != 0);
    if (fields.failed() || bits > 7 || byte > points.packed_size || (byte == 0 && bits != 0)) {
      return damaged();
    }
    point.packed = 8 * byte - bits;
    points.points.push_back(std::move(point));
  }
  for (std::size_t i = 0; i < has_window.size(); ++i) {
    if (!has_window[i]) continue;
    const ByteView window = fields.take_bytes(gzidx_window);
    if (fields.failed()) return damaged();
    BRAID_TRY_VALUE(points.points[i + 1].window, pack_window(window));
  }
  // What begins with the file needs no point of its own.
  if (points.points.size() > 1 && points.points[1].plain == 0) {
    points.points.erase(points.points.begin() + 1);
  }
  BRAID_TRY_VALUE(const std::uint64_t size, size_of(file));
  if (size != points.packed_size)
    return Error{.code = Errc::invalid_argument, .message = "the index belongs to another file"};
  BRAID_TRY_VALUE(index->fingerprint, fingerprint(file, size));
  BRAID_TRY(check_points(points));
  return index;
}

}  // namespace braid::engine
