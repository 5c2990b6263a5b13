#include <array>

#include "base/byte_order.hpp"
#include "engine/field_reader.hpp"
#include "engine/seek_index.hpp"
#include "engine/seek_index_foreign.hpp"

// The .gzi files of bgzip: the number of members, then two offsets each. The first member and empty
// ones are not among them.
namespace braid::engine {

namespace {

using base::append_le;

constexpr std::size_t point_bytes = 16;

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
  if (!bgzf) return damaged_index();
  const std::uint64_t size = std::uint64_t{base::load_le<std::uint16_t>(&header[16])} + 1;
  std::array<std::byte, 4> stored;
  if (size < fixed + 8 || size > packed_size - packed) return damaged_index();
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

}  // namespace

bool is_gzi(ByteView bytes) noexcept {
  if (bytes.size() < 8 || (bytes.size() - 8) % point_bytes != 0) return false;
  return base::load_le<std::uint64_t>(bytes.data()) == (bytes.size() - 8) / point_bytes;
}

// Its readers look for the very member that a byte lies in: all that hold something are listed, but
// the first.
Result<void> write_gzi(const SeekIndex::Impl& index, const FileSource& file, Buffer& out) {
  if (index.points.algorithm != Algorithm::gzip)
    return cannot_index("a .gzi index is for BGZF files");
  Buffer list;
  std::uint64_t count = 0;
  std::uint64_t packed = 0;
  std::uint64_t plain = 0;
  while (packed < index.points.packed_size) {
    auto member = read_member(file, packed, index.points.packed_size);
    if (!member && member.error().code == Errc::corrupt) {
      return cannot_index("a .gzi index is for BGZF files");
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
      return damaged_index();
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

}  // namespace braid::engine
