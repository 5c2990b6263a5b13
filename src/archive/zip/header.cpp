#include "archive/zip/header.hpp"

#include <algorithm>

#include <sys/stat.h>

#include "archive/corrupt.hpp"
#include "archive/entry_type.hpp"
#include "archive/zip/dos_time.hpp"
#include "archive/zip/extra.hpp"
#include "archive/zip/fields.hpp"
#include "archive/zip/method.hpp"
#include "archive/zip/text.hpp"
#include "base/byte_order.hpp"
#include "base/try.hpp"

namespace braid::archive::zip {

namespace {

using base::append_le;

// "Version made by": 6.3 of the specification, on Unix, whose modes stand in the upper half of the
// external attributes.
constexpr std::uint16_t version_made = 3 << 8 | 63;
constexpr std::uint16_t version_zip64 = 45;
constexpr std::uint32_t dos_read_only = 0x01;
constexpr std::uint32_t dos_folder = 0x10;

enum Host : unsigned { host_fat = 0, host_unix = 3, host_ntfs = 10, host_vfat = 14, host_osx = 19 };

// Type and permissions, from what the writer's system had. `holds`: it has content, which whatever
// was read to get it (a pipe, for zip's own "-") does not make less of a file.
void read_attributes(unsigned host, std::uint32_t attributes, bool holds, Entry& entry) {
  const bool ends_as_folder = entry.path.ends_with('/');
  const std::uint32_t mode = attributes >> 16;
  const bool is_unix = (host == host_unix || host == host_osx) && mode != 0;
  if (is_unix) {
    entry.type = entry_type(mode);
    if (holds && is_special(entry.type)) entry.type = EntryType::file;
    entry.mode = mode & 07777;
  } else if ((attributes & dos_folder) != 0) {
    entry.type = EntryType::directory;
  }
  if (ends_as_folder && entry.type == EntryType::file) entry.type = EntryType::directory;
  if (!is_unix) {
    const bool read_only = (attributes & dos_read_only) != 0;
    entry.mode = entry.type == EntryType::directory ? 0755 : read_only ? 0444 : 0644;
  }
  while (entry.path.size() > 1 && entry.path.ends_with('/')) entry.path.pop_back();
}

// The path that the name in the header tells, unless an extra field says better.
std::string path_of(std::string_view name, bool utf8, unsigned host) {
  std::string path(name);
  if (!utf8 && !is_utf8(name)) path = utf8_from_cp437(name);
  const bool of_windows = host == host_fat || host == host_ntfs || host == host_vfat;
  if (of_windows && path.find('/') == std::string::npos) std::ranges::replace(path, '\\', '/');
  return path;
}

// What both headers begin with, from "version needed" on.
void append_common(Buffer& out, const Member& member, bool zip64, bool sizes_later,
                   std::size_t extra_bytes) {
  const std::uint16_t version = version_needed(member.method);
  append_le(out, zip64 ? std::max(version, version_zip64) : version);
  append_le(out, member.flags);
  append_le(out, member.method);
  append_le(out, dos_time(member.entry.modified.value_or(Timestamp{})));
  append_le<std::uint32_t>(out, sizes_later ? 0 : member.crc);
  const auto size = [&](std::uint64_t number) {
    if (zip64) return in_zip64;
    return sizes_later ? 0U : static_cast<std::uint32_t>(number);
  };
  append_le<std::uint32_t>(out, size(member.packed));
  append_le<std::uint32_t>(out, size(member.plain));
  append_le(out, static_cast<std::uint16_t>(member.name.size()));
  append_le(out, static_cast<std::uint16_t>(extra_bytes));
}

std::uint32_t low32(std::uint64_t number) noexcept {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(number, in_zip64));
}

}  // namespace

Result<void> read_central(ByteView& rest, Member& member) {
  if (rest.size() < central_bytes) {
    return Error{.code = Errc::truncated, .message = "the directory is cut short"};
  }
  if (u32(rest, 0) != signature_central) return corrupt("the directory is damaged");
  const unsigned host = rest.at(5);
  member.flags = u16(rest, 8);
  member.method = u16(rest, 10);
  const std::uint32_t time = u32(rest, 12);
  member.crc = u32(rest, 16);
  member.packed = u32(rest, 20);
  member.plain = u32(rest, 24);
  const std::size_t name = u16(rest, 28);
  const std::size_t extra = u16(rest, 30);
  const std::size_t comment = u16(rest, 32);
  const std::uint16_t disk = u16(rest, 34);
  const std::uint32_t attributes = u32(rest, 38);
  member.start = u32(rest, 42);
  if (rest.size() - central_bytes < name + extra + comment) {
    return Error{.code = Errc::truncated, .message = "the directory is cut short"};
  }
  member.name = rest.slice(central_bytes, name).text();
  member.entry = Entry();
  member.entry.path = path_of(member.name, member.has(flag_utf8), host);
  if (disk != 0 && disk != 0xffff) {
    return Error{.code = Errc::unsupported_feature, .message = "lies in another part of the set"};
  }
  BRAID_TRY(read_extra(rest.slice(central_bytes + name, extra), disk, member));
  // Only then: local time takes the C library a look at the zone's file.
  if (!member.entry.modified) member.entry.modified = from_dos_time(time);
  read_attributes(host, attributes, member.plain != 0, member.entry);
  if (member.entry.type == EntryType::file) member.entry.size = member.plain;
  member.entry.compressed_size = member.packed;
  member.entry.offset = member.start;
  rest = rest.drop(central_bytes + name + extra + comment);
  return {};
}

Result<std::size_t> check_local(ByteView bytes, const Member& member) {
  if (bytes.size() < local_bytes) {
    return Error{.code = Errc::truncated, .message = "its header is cut short"};
  }
  if (u32(bytes, 0) != signature_local) return corrupt("no header where the directory says");
  const std::size_t name = u16(bytes, 26);
  const std::size_t extra = u16(bytes, 28);
  if (bytes.size() - local_bytes < name + extra) {
    return Error{.code = Errc::truncated, .message = "its header is cut short"};
  }
  if (bytes.slice(local_bytes, name).text() != member.name) {
    return corrupt("its header has another name than the directory");
  }
  constexpr std::uint16_t compared = flag_encrypted | flag_strong_encryption;
  if (((u16(bytes, 6) ^ member.flags) & compared) != 0 || u16(bytes, 8) != member.method) {
    return corrupt("its header has another method than the directory");
  }
  std::uint64_t plain = u32(bytes, 22);
  std::uint64_t packed = u32(bytes, 18);
  BRAID_TRY(read_local_sizes(bytes.slice(local_bytes + name, extra), plain, packed));
  const std::uint32_t crc = u32(bytes, 14);
  // With a descriptor behind the content nothing need be here, but nothing else may.
  const bool later = (u16(bytes, 6) & flag_descriptor) != 0;
  const auto agrees = [later](std::uint64_t here, std::uint64_t there) {
    return here == there || (later && (here == 0 || here == in_zip64));
  };
  if (!agrees(plain, member.plain) || !agrees(packed, member.packed) || !agrees(crc, member.crc)) {
    return corrupt("its header has other sizes than the directory");
  }
  return local_bytes + name + extra;
}

void append_local(Buffer& out, const Member& member) {
  Buffer extra;
  append_extra(extra, member, false);
  append_le(out, signature_local);
  append_common(out, member, needs_zip64(member.plain, member.packed), member.has(flag_descriptor),
                extra.size());
  out.append(ByteView(member.name));
  out.append(extra.view());
}

void append_central(Buffer& out, const Member& member) {
  Buffer extra;
  append_extra(extra, member, true);
  const bool zip64 = needs_zip64(member.plain, member.packed) || member.start >= in_zip64;
  append_le(out, signature_central);
  append_le(out, version_made);
  const std::uint16_t version = version_needed(member.method);
  append_le(out, zip64 ? std::max(version, version_zip64) : version);
  append_le(out, member.flags);
  append_le(out, member.method);
  append_le(out, dos_time(member.entry.modified.value_or(Timestamp{})));
  append_le(out, member.crc);
  append_le(out, low32(member.packed));
  append_le(out, low32(member.plain));
  append_le(out, static_cast<std::uint16_t>(member.name.size()));
  append_le(out, static_cast<std::uint16_t>(extra.size()));
  append_le<std::uint16_t>(out, 0);  // comment
  append_le<std::uint16_t>(out, 0);  // disk
  append_le<std::uint16_t>(out, 0);  // internal attributes
  const Entry& entry = member.entry;
  const std::uint32_t folder = entry.type == EntryType::directory ? dos_folder : 0;
  append_le<std::uint32_t>(out, (type_bits(entry.type) | (entry.mode & 07777)) << 16 | folder);
  append_le(out, low32(member.start));
  out.append(ByteView(member.name));
  out.append(extra.view());
}

void append_descriptor(Buffer& out, const Member& member) {
  append_le(out, signature_descriptor);
  append_le(out, member.crc);
  if (needs_zip64(member.plain, 0)) {  // as wide as the header promised, before it was known
    append_le(out, member.packed);
    append_le(out, member.plain);
  } else {
    append_le(out, static_cast<std::uint32_t>(member.packed));
    append_le(out, static_cast<std::uint32_t>(member.plain));
  }
}

void append_end(Buffer& out, std::uint64_t entries, std::uint64_t start, std::uint64_t size) {
  if (entries >= 0xffff || start >= in_zip64 || size >= in_zip64) {
    const std::uint64_t end64 = start + size;
    append_le(out, signature_end64);
    append_le<std::uint64_t>(out, end64_bytes - 12);
    append_le(out, version_made);
    append_le(out, version_zip64);
    append_le<std::uint32_t>(out, 0);
    append_le<std::uint32_t>(out, 0);
    append_le(out, entries);
    append_le(out, entries);
    append_le(out, size);
    append_le(out, start);
    append_le(out, signature_locator64);
    append_le<std::uint32_t>(out, 0);
    append_le(out, end64);
    append_le<std::uint32_t>(out, 1);
  }
  append_le(out, signature_end);
  append_le<std::uint16_t>(out, 0);
  append_le<std::uint16_t>(out, 0);
  const auto count = static_cast<std::uint16_t>(std::min<std::uint64_t>(entries, 0xffff));
  append_le(out, count);
  append_le(out, count);
  append_le(out, low32(size));
  append_le(out, low32(start));
  append_le<std::uint16_t>(out, 0);
}

}  // namespace braid::archive::zip
