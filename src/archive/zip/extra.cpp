#include "archive/zip/extra.hpp"

#include <algorithm>
#include <limits>

#include "archive/zip/fields.hpp"
#include "archive/zip/text.hpp"
#include "base/byte_order.hpp"
#include "base/try.hpp"
#include "codec/deflate/checksum.hpp"

namespace braid::archive::zip {

namespace {

enum Tag : std::uint16_t {
  tag_zip64 = 0x0001,
  tag_ntfs = 0x000a,
  tag_unix_old = 0x5855,
  tag_timestamp = 0x5455,
  tag_unicode_path = 0x7075,
  tag_owner = 0x7875,
};

// NTFS counts from 1601 in units of 100 ns.
constexpr std::int64_t ntfs_epoch = 11'644'473'600;
constexpr std::int64_t ntfs_second = 10'000'000;

struct Field {
  std::uint16_t tag;
  ByteView bytes;
};

// Takes the next field off `rest`; false at the end. Up to three bytes at the end are what some
// writers align with.
Result<bool> next_field(ByteView& rest, Field& field) {
  if (rest.size() < 4) return false;
  const std::size_t size = u16(rest, 2);
  if (size > rest.size() - 4) {
    return Error{.code = Errc::corrupt, .message = "an extra field is longer than its header says"};
  }
  field = {u16(rest, 0), rest.slice(4, size)};
  rest = rest.drop(4 + size);
  return true;
}

Error too_short(std::string_view what) {
  return {.code = Errc::corrupt, .message = "the " + std::string(what) + " field is too short"};
}

// The numbers stand in this order, those alone that did not fit.
Result<void> read_zip64(ByteView bytes, std::uint16_t disk, Member& member) {
  for (std::uint64_t* number : {&member.plain, &member.packed, &member.start}) {
    if (*number != in_zip64) continue;
    if (bytes.size() < 8) return too_short("zip64");
    *number = u64(bytes, 0);
    bytes = bytes.drop(8);
  }
  if (disk == 0xffff && (bytes.size() < 4 || u32(bytes, 0) != 0)) {
    return Error{.code = Errc::unsupported_feature, .message = "lies in another part of the set"};
  }
  return {};
}

void read_timestamp(ByteView bytes, Entry& entry) {
  if (bytes.size() < 5 || (bytes.at(0) & 1) == 0) return;
  entry.modified = Timestamp{static_cast<std::int32_t>(u32(bytes, 1)), 0};
}

Timestamp from_ntfs(std::uint64_t ticks) noexcept {
  const auto seconds = static_cast<std::int64_t>(ticks / ntfs_second) - ntfs_epoch;
  return {seconds, static_cast<std::uint32_t>(ticks % ntfs_second * 100)};
}

void read_ntfs(ByteView bytes, Entry& entry) {
  ByteView rest = bytes.drop(4);  // reserved
  while (rest.size() >= 4) {
    const std::size_t size = u16(rest, 2);
    if (u16(rest, 0) == 1 && size >= 24 && rest.size() >= 28) {
      if (const auto ticks = u64(rest, 4); ticks != 0) entry.modified = from_ntfs(ticks);
      if (const auto ticks = u64(rest, 12); ticks != 0) entry.accessed = from_ntfs(ticks);
      return;
    }
    rest = rest.drop(4 + size);
  }
}

// A number of the length that stands before it.
bool read_id(ByteView& rest, std::optional<std::uint64_t>& id) {
  if (rest.empty()) return false;
  const std::size_t size = rest.at(0);
  if (size > 8 || rest.size() - 1 < size) return false;
  std::uint64_t value = 0;
  for (std::size_t i = size; i > 0; --i) value = value << 8 | rest.at(i);
  id = value;
  rest = rest.drop(1 + size);
  return true;
}

void read_owner(ByteView bytes, Entry& entry) {
  if (bytes.empty() || bytes.at(0) != 1) return;
  ByteView rest = bytes.drop(1);
  std::optional<std::uint64_t> user;
  std::optional<std::uint64_t> group;
  if (!read_id(rest, user) || !read_id(rest, group)) return;
  entry.user_id = user;
  entry.group_id = group;
}

// Counts only while it belongs to the name in the header: tools that rename may not know of it.
void read_unicode_path(ByteView bytes, Member& member) {
  if (bytes.size() < 5 || bytes.at(0) != 1) return;
  const auto sum = codec::deflate::crc32(codec::deflate::crc32_of_nothing, ByteView(member.name));
  const std::string_view path = bytes.drop(5).text();
  if (u32(bytes, 1) == sum && is_utf8(path)) member.entry.path = path;
}

void append_field(Buffer& out, Tag tag, std::size_t size) {
  base::append_le<std::uint16_t>(out, tag);
  base::append_le(out, static_cast<std::uint16_t>(size));
}

void append_zip64(Buffer& out, const Member& member, bool central) {
  const bool plain = member.plain >= in_zip64;
  const bool packed = member.packed >= in_zip64;
  const bool start = central && member.start >= in_zip64;
  if (!central) {
    if (!needs_zip64(member.plain, member.packed)) return;
    const bool later = member.has(flag_descriptor);
    append_field(out, tag_zip64, 16);  // both, whichever is large (APPNOTE 4.5.3)
    base::append_le<std::uint64_t>(out, later ? 0 : member.plain);
    base::append_le<std::uint64_t>(out, later ? 0 : member.packed);
    return;
  }
  const std::size_t count = std::size_t{plain} + std::size_t{packed} + std::size_t{start};
  if (count == 0) return;
  append_field(out, tag_zip64, 8 * count);
  if (plain) base::append_le<std::uint64_t>(out, member.plain);
  if (packed) base::append_le<std::uint64_t>(out, member.packed);
  if (start) base::append_le<std::uint64_t>(out, member.start);
}

void append_times(Buffer& out, const Entry& entry, bool central) {
  if (!entry.modified) return;
  const Timestamp time = *entry.modified;
  const bool fits = time.seconds >= std::numeric_limits<std::int32_t>::min() &&
                    time.seconds <= std::numeric_limits<std::int32_t>::max();
  if (fits) {
    append_field(out, tag_timestamp, 5);
    base::append_byte(out, 1);
    base::append_le(out, static_cast<std::uint32_t>(time.seconds));
  }
  const bool in_ntfs = time.seconds >= -ntfs_epoch && time.seconds < (std::int64_t{1} << 38);
  if (!central || !in_ntfs || (fits && time.nanoseconds < 100)) return;
  const auto ticks = static_cast<std::uint64_t>((time.seconds + ntfs_epoch) * ntfs_second) +
                     time.nanoseconds / 100;
  append_field(out, tag_ntfs, 32);
  base::append_le<std::uint32_t>(out, 0);
  base::append_le<std::uint16_t>(out, 1);
  base::append_le<std::uint16_t>(out, 24);
  for (int i = 0; i < 3; ++i) base::append_le<std::uint64_t>(out, i == 0 ? ticks : 0);
}

void append_owner(Buffer& out, const Entry& entry) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
  if (!entry.user_id || !entry.group_id || *entry.user_id > most || *entry.group_id > most) return;
  append_field(out, tag_owner, 11);
  base::append_byte(out, 1);
  base::append_byte(out, 4);
  base::append_le(out, static_cast<std::uint32_t>(*entry.user_id));
  base::append_byte(out, 4);
  base::append_le(out, static_cast<std::uint32_t>(*entry.group_id));
}

}  // namespace

bool needs_zip64(std::uint64_t plain, std::uint64_t packed) noexcept {
  return plain >= in_zip64 || packed >= in_zip64;
}

Result<void> read_extra(ByteView extra, std::uint16_t disk, Member& member) {
  bool zip64_due = needs_zip64(member.plain, member.packed) || member.start == in_zip64;
  bool ntfs = false;
  Field field{};
  for (ByteView rest = extra;;) {
    BRAID_TRY_VALUE(const bool more, next_field(rest, field));
    if (!more) break;
    switch (field.tag) {
      case tag_zip64:
        BRAID_TRY(read_zip64(field.bytes, disk, member));
        zip64_due = false;
        break;
      case tag_ntfs:
        read_ntfs(field.bytes, member.entry);
        ntfs = true;
        break;
      case tag_timestamp:
        if (!ntfs) read_timestamp(field.bytes, member.entry);
        break;
      case tag_unix_old:
        if (!ntfs && field.bytes.size() >= 8) {
          member.entry.modified = Timestamp{static_cast<std::int32_t>(u32(field.bytes, 4)), 0};
        }
        break;
      case tag_owner:
        read_owner(field.bytes, member.entry);
        break;
      case tag_unicode_path:
        read_unicode_path(field.bytes, member);
        break;
      default:
        break;
    }
  }
  if (!zip64_due) return {};
  return Error{.code = Errc::corrupt, .message = "the zip64 field is missing"};
}

Result<void> read_local_sizes(ByteView extra, std::uint64_t& plain, std::uint64_t& packed) {
  Field field{};
  for (ByteView rest = extra;;) {
    BRAID_TRY_VALUE(const bool more, next_field(rest, field));
    if (!more) return {};
    if (field.tag != tag_zip64) continue;
    ByteView bytes = field.bytes;
    for (std::uint64_t* number : {&plain, &packed}) {
      if (*number != in_zip64 || bytes.size() < 8) continue;
      *number = u64(bytes, 0);
      bytes = bytes.drop(8);
    }
  }
}

void append_extra(Buffer& out, const Member& member, bool central) {
  append_zip64(out, member, central);
  append_times(out, member.entry, central);
  append_owner(out, member.entry);
}

}  // namespace braid::archive::zip
