#include "archive/tar/builder.hpp"

#include <array>
#include <cstring>

#include "archive/tar/block.hpp"
#include "archive/tar/pax.hpp"
#include "base/try.hpp"

namespace braid::archive::tar {

namespace {

// Largest number that fits in octal digits with a NUL behind them.
constexpr std::uint64_t most_in(Field field) noexcept {
  return (std::uint64_t{1} << (3 * (field.size - 1))) - 1;
}

class HeaderBlock {
 public:
  HeaderBlock() noexcept { bytes_.fill('\0'); }

  void text(Field field, std::string_view value) noexcept {
    std::memcpy(bytes_.data() + field.offset, value.data(), std::min(value.size(), field.size));
  }

  // A number too large is left to the extended header; the field then says the most it can.
  void number(Field field, std::uint64_t value) noexcept {
    value = std::min(value, most_in(field));
    for (std::size_t i = field.size - 1; i-- > 0; value >>= 3) {
      bytes_[field.offset + i] = static_cast<char>('0' + (value & 7));
    }
  }

  ByteView sealed(char type) noexcept {
    bytes_[type_field.offset] = type;
    text(magic_field, std::string_view("ustar\00000", 8));
    std::memset(bytes_.data() + checksum_field.offset, ' ', checksum_field.size);
    std::uint64_t sum = 0;
    for (const char c : bytes_) sum += static_cast<unsigned char>(c);
    number({checksum_field.offset, checksum_field.size - 1}, sum);
    bytes_[checksum_field.offset + 6] = '\0';
    return {bytes_.data(), bytes_.size()};
  }

 private:
  std::array<char, block_bytes> bytes_;
};

char type_flag(EntryType type) noexcept {
  switch (type) {
    case EntryType::hardlink:
      return '1';
    case EntryType::symlink:
      return '2';
    case EntryType::character_device:
      return '3';
    case EntryType::block_device:
      return '4';
    case EntryType::directory:
      return '5';
    case EntryType::fifo:
      return '6';
    case EntryType::file:
      break;
  }
  return '0';
}

// Where `path` can be cut into prefix and name of a ustar header; npos: nowhere.
std::size_t split_at(std::string_view path) noexcept {
  if (path.size() > prefix_field.size + 1 + name_field.size) return std::string_view::npos;
  const std::size_t from = path.size() - 1 - std::min(path.size() - 1, name_field.size);
  const std::size_t slash = path.find('/', from);
  const bool fits = slash != std::string_view::npos && slash != 0 && slash <= prefix_field.size &&
                    slash + 1 < path.size();
  return fits ? slash : std::string_view::npos;
}

void pad(Buffer& out) {
  constexpr std::array<std::byte, block_bytes> zeros{};
  out.append(ByteView(zeros).first((block_bytes - out.size() % block_bytes) % block_bytes));
}

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80                    ? 1
                               : lead >= 0xc2 && lead < 0xe0  ? 2
                               : lead >= 0xe0 && lead < 0xf0  ? 3
                               : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                              : 0;
    if (length == 0 || length > text.size() - i) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    }
    i += length;
  }
  return true;
}

// Records for all that the plain header cannot say; empty when there is nothing.
class Records {
 public:
  explicit Records(const Entry& entry, std::string_view path) : entry_(entry) {
    if (entry.extents) {
      sparse(path);
    } else if (path.size() > name_field.size && split_at(path) == std::string_view::npos) {
      add("path", path);
    }
  }

  std::string all(std::uint64_t stored) && {
    if (entry_.link_target.size() > link_field.size) add("linkpath", entry_.link_target);
    if (stored > most_in(size_field)) add("size", std::to_string(stored));
    number("uid", entry_.user_id, most_in(user_id_field));
    number("gid", entry_.group_id, most_in(group_id_field));
    if (entry_.user.size() >= user_field.size) add("uname", entry_.user);
    if (entry_.group.size() >= group_field.size) add("gname", entry_.group);
    number("SCHILY.devmajor", entry_.device_major, most_in(major_field));
    number("SCHILY.devminor", entry_.device_minor, most_in(minor_field));
    times();
    for (const Attribute& attribute : entry_.attributes) {
      append_record(records_, "SCHILY.xattr." + attribute.name, attribute.value);
    }
    if (!utf8_) {
      std::string first;
      append_record(first, "hdrcharset", "BINARY");
      records_.insert(0, first);
    }
    return std::move(records_);
  }

 private:
  void add(std::string_view key, std::string_view value) {
    utf8_ = utf8_ && is_utf8(value);
    append_record(records_, key, value);
  }

  void number(std::string_view key, std::optional<std::uint64_t> value, std::uint64_t most) {
    if (value && *value > most) add(key, std::to_string(*value));
  }

  void times() {
    if (const auto& time = entry_.modified) {
      const bool plain = time->nanoseconds == 0 && time->seconds >= 0 &&
                         static_cast<std::uint64_t>(time->seconds) <= most_in(modified_field);
      if (!plain) add("mtime", time_text(*time));
    }
    if (entry_.accessed) add("atime", time_text(*entry_.accessed));
  }

  void sparse(std::string_view path) {
    add("GNU.sparse.major", "1");
    add("GNU.sparse.minor", "0");
    add("GNU.sparse.name", path);
    add("GNU.sparse.realsize", std::to_string(entry_.size));
  }

  const Entry& entry_;
  std::string records_;
  bool utf8_ = true;
};

// A name for readers that know no extended headers: the last component, in a folder that says what
// it is.
std::string stand_in(std::string_view folder, std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const std::string_view last = path.substr(path.rfind('/') + 1);
  return std::string(folder) + '/' + std::string(last.substr(0, name_field.size - 20));
}

void append_extended(Buffer& out, std::string_view records, std::string_view path) {
  HeaderBlock block;
  block.text(name_field, stand_in("PaxHeaders", path));
  block.number(mode_field, 0644);
  block.number(user_id_field, 0);
  block.number(group_id_field, 0);
  block.number(size_field, records.size());
  block.number(modified_field, 0);
  out.append(block.sealed('x'));
  out.append(records);
  pad(out);
}

std::string sparse_map(const Entry& entry) {
  std::vector<Extent> extents = *entry.extents;
  const std::uint64_t end = extents.empty() ? 0 : extents.back().offset + extents.back().size;
  // GNU tar makes a file as long as the last part reaches: a hole at its end needs one too.
  if (end != entry.size) extents.push_back({entry.size, 0});
  std::string map = std::to_string(extents.size()) + '\n';
  for (const Extent& extent : extents) {
    map += std::to_string(extent.offset) + '\n' + std::to_string(extent.size) + '\n';
  }
  map.resize((map.size() + block_bytes - 1) / block_bytes * block_bytes, '\0');
  return map;
}

void put_name(HeaderBlock& block, std::string_view path) {
  if (path.size() <= name_field.size) return block.text(name_field, path);
  const std::size_t slash = split_at(path);
  if (slash == std::string_view::npos) return block.text(name_field, stand_in("PaxLong", path));
  block.text(prefix_field, path.substr(0, slash));
  block.text(name_field, path.substr(slash + 1));
}

}  // namespace

std::uint64_t stored_size(const Entry& entry) noexcept {
  if (entry.type != EntryType::file) return 0;
  if (!entry.extents) return entry.size;
  std::uint64_t sum = 0;
  for (const Extent& extent : *entry.extents) sum += extent.size;
  return sum;
}

Result<void> append_headers(Buffer& out, const Entry& entry) {
  if (entry.path.empty() || entry.path.find('\0') != std::string::npos ||
      entry.link_target.find('\0') != std::string::npos) {
    return Error{.code = Errc::invalid_argument,
                 .message = "an entry's name is empty or has a NUL byte",
                 .entry = entry.path};
  }
  std::string path = entry.path;
  if (entry.type == EntryType::directory && !path.ends_with('/')) path += '/';
  const std::string map = entry.extents ? sparse_map(entry) : std::string();
  const std::uint64_t stored = stored_size(entry) + map.size();
  const std::string records = Records(entry, path).all(stored);
  if (!records.empty()) append_extended(out, records, path);
  HeaderBlock block;
  put_name(block, entry.extents ? stand_in("GNUSparseFile.0", path) : path);
  block.number(mode_field, entry.mode & 07777);
  block.number(user_id_field, entry.user_id.value_or(0));
  block.number(group_id_field, entry.group_id.value_or(0));
  block.number(size_field, stored);
  const std::int64_t seconds = entry.modified ? entry.modified->seconds : 0;
  block.number(modified_field, seconds < 0 ? 0 : static_cast<std::uint64_t>(seconds));
  block.text(link_field, entry.link_target);
  if (entry.user.size() < user_field.size) block.text(user_field, entry.user);
  if (entry.group.size() < group_field.size) block.text(group_field, entry.group);
  block.number(major_field, entry.device_major);
  block.number(minor_field, entry.device_minor);
  out.append(block.sealed(type_flag(entry.type)));
  out.append(map);
  return {};
}

}  // namespace braid::archive::tar
