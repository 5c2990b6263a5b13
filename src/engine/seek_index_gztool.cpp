#include <braid/codec.hpp>

#include "base/byte_order.hpp"
#include "codec/deflate/block_format.hpp"
#include "codec/deflate/gzip_header.hpp"
#include "engine/field_reader.hpp"
#include "engine/seek_index.hpp"
#include "engine/seek_index_foreign.hpp"

// gztool's indexes: numbers are big-endian, windows are zlib data. Its README describes them under
// "Index file format"; the widths of the fields are those of the files that it writes.
namespace braid::engine {

namespace {

using base::append_be;

// Eight zeros, which make it a .gzi of no members, and a name. Lines are counted in those with X.
constexpr std::string_view zeros("\0\0\0\0\0\0\0\0", 8);
constexpr std::string_view plain_name = "gzipindx";
constexpr std::string_view lines_name = "gzipindX";

// Bytes of the header that the file begins with. Errors: unsupported_feature for one of above 64
// KiB; those of the parser.
Result<std::uint64_t> header_size(const FileSource& file) {
  Buffer bytes(64 << 10);
  BRAID_TRY_VALUE(const std::size_t count, file.read_at(bytes.writable(), 0));
  codec::deflate::GzipHeaderParser parser;
  std::size_t size = 0;
  BRAID_TRY_VALUE(const bool whole, parser.parse(bytes.view().first(count), size));
  if (!whole) return cannot_index("the gzip header is too long for gztool's indexes");
  return size;
}

void append_point(Buffer& out, std::uint64_t plain, std::uint64_t byte, std::uint64_t bits,
                  ByteView window) {
  append_be<std::uint64_t>(out, plain);
  append_be<std::uint64_t>(out, byte);
  append_be<std::uint32_t>(out, static_cast<std::uint32_t>(bits));
  append_be<std::uint32_t>(out, static_cast<std::uint32_t>(window.size()));
  out.append(window);
}

}  // namespace

bool is_gztool(ByteView bytes) noexcept {
  const std::string_view name = bytes.slice(zeros.size(), plain_name.size()).text();
  return bytes.first(zeros.size()).text() == zeros && (name == plain_name || name == lines_name);
}

Result<void> write_gztool(const SeekIndex::Impl& index, const FileSource& file, Buffer& out) {
  const SeekPoints& points = index.points;
  if (points.algorithm != Algorithm::gzip) {
    return cannot_index("gztool's indexes are for gzip files");
  }
  BRAID_TRY_VALUE(const std::uint64_t first_byte, header_size(file));
  Buffer list;
  append_point(list, 0, first_byte, 0, {});
  std::uint64_t count = 1;
  for (const SeekPoint& point : points.points) {
    if (point.kind == SeekPoint::Kind::unit) {
      return cannot_index("gztool's indexes have no place for parts of a known size");
    }
    if (point.kind != SeekPoint::Kind::block) continue;
    BRAID_TRY_VALUE(const Buffer window, unpack_window(point.window.view()));
    BRAID_TRY_VALUE(const Buffer packed,
                    compress(window.view(), CompressionConfig(Algorithm::zlib).level(1)));
    append_point(list, point.plain, (point.packed + 7) / 8, (8 - point.packed % 8) % 8,
                 packed.view());
    ++count;
  }
  out.append(ByteView(zeros));
  out.append(ByteView(plain_name));
  append_be<std::uint64_t>(out, count);
  append_be<std::uint64_t>(out, count);
  out.append(list.view());
  append_be<std::uint64_t>(out, points.plain_size);
  return {};
}

Result<std::shared_ptr<SeekIndex::Impl>> read_gztool(ByteView bytes, const FileSource& file) {
  auto index = std::make_shared<SeekIndex::Impl>();
  SeekPoints& points = index->points;
  points.algorithm = Algorithm::gzip;
  BRAID_TRY_VALUE(points.packed_size, size_of(file));
  points.points.emplace_back();  // the file's beginning
  FieldReader fields(bytes.drop(zeros.size()));
  const bool counts_lines = fields.take_bytes(lines_name.size()).text() == lines_name;
  if (counts_lines) static_cast<void>(fields.take_be<std::uint32_t>());
  const auto complete = fields.take_be<std::uint64_t>();
  const auto count = fields.take_be<std::uint64_t>();
  // The size of the content stands behind the points, and is not there while a file still grows.
  if (!fields.failed() && complete != count) {
    return cannot_index("gztool did not complete this index");
  }
  for (std::uint64_t i = 0; i < count && !fields.failed(); ++i) {
    SeekPoint point{.kind = SeekPoint::Kind::block};
    point.plain = point.from = fields.take_be<std::uint64_t>();
    const auto byte = fields.take_be<std::uint64_t>();
    const auto bits = fields.take_be<std::uint32_t>();
    const ByteView window = fields.take_bytes(fields.take_be<std::uint32_t>());
    if (counts_lines) static_cast<void>(fields.take_be<std::uint64_t>());
    if (bits > 7 || byte > points.packed_size || (byte == 0 && bits != 0)) return damaged_index();
    // What begins with the file needs no point of its own.
    if (point.plain == 0) continue;
    point.packed = 8 * byte - bits;
    if (!window.empty()) {
      auto content = decompress(
          window, {.algorithm = Algorithm::zlib, .output_limit = codec::deflate::max_distance});
      if (!content) return damaged_index();
      BRAID_TRY_VALUE(point.window, pack_window(content->view()));
    }
    points.points.push_back(std::move(point));
  }
  points.plain_size = fields.take_be<std::uint64_t>();
  if (fields.failed()) return damaged_index();
  BRAID_TRY_VALUE(index->fingerprint, fingerprint(file, points.packed_size));
  BRAID_TRY(check_points(points));
  return index;
}

}  // namespace braid::engine
