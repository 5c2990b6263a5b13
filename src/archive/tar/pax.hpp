#pragma once

#include <braid/archive.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace braid::archive::tar {

// What extended headers say of the entry after them (POSIX.1-2001 pax). A value that is there
// replaces that of the header; one that is there and empty puts the header's back.
struct Extended {
  std::optional<std::string> path;
  std::optional<std::string> link_target;
  std::optional<std::string> user;
  std::optional<std::string> group;
  std::optional<std::uint64_t> size;
  std::optional<std::uint64_t> user_id;
  std::optional<std::uint64_t> group_id;
  std::optional<std::uint32_t> device_major;
  std::optional<std::uint32_t> device_minor;
  std::optional<Timestamp> modified;
  std::optional<Timestamp> accessed;
  std::vector<Attribute> attributes;

  // GNU sparse files, formats 0.0, 0.1 and 1.0.
  std::optional<std::string> sparse_name;
  std::optional<std::uint64_t> sparse_size;
  std::optional<std::vector<Extent>> sparse_map;  // 0.0 and 0.1
  std::optional<std::uint64_t> sparse_offset;     // 0.0: an extent whose size comes next
  bool sparse_in_content = false;                 // 1.0: the content begins with the map

  void clear();
};

// More extents than this in one file are refused: unlikely in earnest, and a list to be kept.
inline constexpr std::size_t max_extents = 65'536;

// Reads records "length key=value\n" into `extended`, over what it holds. Records that mean nothing
// to braid are left out. Errors: corrupt; unsupported_feature (too many extents).
[[nodiscard]] Result<void> parse_records(std::string_view records, Extended& extended);

// Appends one record.
void append_record(std::string& records, std::string_view key, std::string_view value);

// "12.5" of a time, with as many digits as it needs.
[[nodiscard]] std::string time_text(const Timestamp& time);

// Errors: corrupt.
[[nodiscard]] Result<Timestamp> parse_time(std::string_view text);

[[nodiscard]] Result<std::uint64_t> parse_decimal(std::string_view text, std::string_view what);

}  // namespace braid::archive::tar
