#include <array>

#include "base/byte_order.hpp"
#include "codec/format.hpp"
#include "codec/zstd/frame.hpp"
#include "codec/zstd/zstd.hpp"

namespace braid::codec::zstd {

namespace {

using Units = std::optional<std::vector<PlacedUnit>>;

// Fills `bytes` from `offset` on; false at the end of the file, or where it cannot be read.
bool read(const RandomAccess& file, std::uint64_t offset, MutableBytes bytes) {
  const auto count = file.read_at(bytes, offset);
  return count && *count == bytes.size();
}

// The table of the seekable format, at the end of the file. It must account for every byte before
// it: then there is nothing that it leaves out.
Units from_seek_table(const RandomAccess& file, std::uint64_t size) {
  constexpr std::uint64_t overhead = skippable_header_size + seekable_footer_size;
  std::array<std::byte, seekable_footer_size> footer;
  if (size < overhead || !read(file, size - footer.size(), footer)) return std::nullopt;
  const auto frames = base::load_le<std::uint32_t>(footer.data());
  const auto descriptor = std::to_integer<unsigned>(footer[4]);
  constexpr unsigned with_checksums = 0x80;
  constexpr unsigned reserved = 0x7c;
  if (base::load_le<std::uint32_t>(footer.data() + 5) != seekable_footer_magic ||
      (descriptor & reserved) != 0) {
    return std::nullopt;
  }
  const std::uint64_t entry = (descriptor & with_checksums) != 0 ? 12 : 8;
  const std::uint64_t table = frames * entry + overhead;
  if (table > size || frames > max_table_frames) return std::nullopt;
  Buffer bytes;
  bytes.resize(static_cast<std::size_t>(table));
  if (!read(file, size - table, bytes.writable())) return std::nullopt;
  if (base::load_le<std::uint32_t>(bytes.data()) != seek_table_magic ||
      base::load_le<std::uint32_t>(bytes.data() + magic_size) != table - skippable_header_size) {
    return std::nullopt;
  }
  std::vector<PlacedUnit> units;
  units.reserve(frames);
  std::uint64_t offset = 0;
  for (std::uint64_t i = 0; i < frames; ++i) {
    const std::byte* const sizes = bytes.data() + skippable_header_size + i * entry;
    const auto packed = base::load_le<std::uint32_t>(sizes);
    const auto plain = base::load_le<std::uint32_t>(sizes + 4);
    units.push_back({offset, {.size = packed, .plain_size = plain}});
    offset += packed;
  }
  if (offset != size - table) return std::nullopt;
  return units;
}

// By the headers of frames and their blocks, when every frame stores its size.
Units from_frames(const RandomAccess& file, std::uint64_t size) {
  std::vector<PlacedUnit> units;
  std::uint64_t offset = 0;
  while (offset < size) {
    std::array<std::byte, skippable_header_size> header;
    if (!read(file, offset, header)) return std::nullopt;
    if (const std::uint64_t skipped = skippable_frame_size(header); skipped != 0) {
      offset += skipped;
      continue;
    }
    FrameWalk walk;
    FileOutlook frame(file, offset, size - offset);
    if (walk.advance(frame) != FrameWalk::State::whole) return std::nullopt;
    const std::uint64_t plain = walk.header().content_size;
    if (plain > walk.plain_bound() || units.size() == max_table_frames) return std::nullopt;
    units.push_back({offset, {.size = walk.size(), .plain_size = plain}});
    offset += walk.size();
  }
  if (offset != size) return std::nullopt;
  return units;
}

}  // namespace

std::optional<std::vector<PlacedUnit>> read_table(const RandomAccess& file, std::uint64_t size,
                                                  Believe believe) {
  Units units;
  if (believe == Believe::tables) units = from_seek_table(file, size);
  return units ? units : from_frames(file, size);
}

}  // namespace braid::codec::zstd
