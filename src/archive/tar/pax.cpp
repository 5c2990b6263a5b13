#include "archive/tar/pax.hpp"

#include <array>
#include <charconv>

#include "archive/corrupt.hpp"
#include "base/try.hpp"

namespace braid::archive::tar {

namespace {

Result<void> no_nul(std::string_view value, std::string_view key) {
  if (value.find('\0') == std::string_view::npos) return {};
  return corrupt("the extended header's " + std::string(key) + " has a NUL byte");
}

Result<void> put_text(std::string_view value, std::string_view key,
                      std::optional<std::string>& field) {
  BRAID_TRY(no_nul(value, key));
  if (value.empty()) {
    field.reset();
  } else {
    field = std::string(value);
  }
  return {};
}

template <typename T>
Result<void> put_number(std::string_view value, std::string_view key, std::optional<T>& field) {
  if (value.empty()) {
    field.reset();
    return {};
  }
  BRAID_TRY_VALUE(const std::uint64_t number, parse_decimal(value, key));
  if (number > static_cast<std::uint64_t>(INT64_MAX) ||
      number > static_cast<std::uint64_t>(std::numeric_limits<T>::max())) {
    return corrupt("the extended header's " + std::string(key) + " is too large");
  }
  field = static_cast<T>(number);
  return {};
}

Result<void> put_time(std::string_view value, std::optional<Timestamp>& field) {
  if (value.empty()) {
    field.reset();
    return {};
  }
  BRAID_TRY_VALUE(field, parse_time(value));
  return {};
}

Error too_many_extents() {
  return {.code = Errc::unsupported_feature,
          .message = "a sparse file of more than " + std::to_string(max_extents) + " parts"};
}

Result<void> add_extent(Extended& extended, Extent extent) {
  if (!extended.sparse_map) extended.sparse_map.emplace();
  if (extended.sparse_map->size() == max_extents) return too_many_extents();
  extended.sparse_map->push_back(extent);
  return {};
}

// 0.1: "offset,size,offset,size..."
Result<void> put_map(std::string_view value, Extended& extended) {
  extended.sparse_map.emplace();
  std::uint64_t offset = 0;
  bool has_offset = false;
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    BRAID_TRY_VALUE(const std::uint64_t number,
                    parse_decimal(value.substr(0, comma), "GNU.sparse.map"));
    if (has_offset) BRAID_TRY(add_extent(extended, {offset, number}));
    has_offset = !has_offset;
    offset = number;
    value.remove_prefix(comma == std::string_view::npos ? value.size() : comma + 1);
  }
  if (has_offset) return corrupt("the map of a sparse file ends in the middle of a pair");
  return {};
}

Result<void> put_sparse(std::string_view key, std::string_view value, Extended& extended) {
  if (key == "name") return put_text(value, "GNU.sparse.name", extended.sparse_name);
  if (key == "size" || key == "realsize") {
    return put_number(value, "GNU.sparse.size", extended.sparse_size);
  }
  if (key == "map") return put_map(value, extended);
  if (key == "offset") return put_number(value, "GNU.sparse.offset", extended.sparse_offset);
  if (key == "numbytes") {
    if (!extended.sparse_offset) return corrupt("a part of a sparse file has no offset");
    BRAID_TRY_VALUE(const std::uint64_t size, parse_decimal(value, "GNU.sparse.numbytes"));
    BRAID_TRY(add_extent(extended, {*extended.sparse_offset, size}));
    extended.sparse_offset.reset();
    return {};
  }
  if (key == "major") extended.sparse_in_content = value == "1";
  if ((key == "major" && value != "1" && value != "0") ||
      (key == "minor" && value != "0" && value != "1")) {
    return Error{.code = Errc::unsupported_feature,
                 .message = "a sparse file of an unknown version"};
  }
  if (key == "numblocks" && value == "0") extended.sparse_map.emplace();
  return {};
}

void put_attribute(std::string_view name, std::string_view value, Extended& extended) {
  for (Attribute& known : extended.attributes) {
    if (known.name == name) {
      known.value = value;
      return;
    }
  }
  extended.attributes.push_back({std::string(name), std::string(value)});
}

Result<void> put_record(std::string_view key, std::string_view value, Extended& to) {
  constexpr std::string_view sparse = "GNU.sparse.";
  constexpr std::string_view attribute = "SCHILY.xattr.";
  if (key == "path") return put_text(value, key, to.path);
  if (key == "linkpath") return put_text(value, key, to.link_target);
  if (key == "size") return put_number(value, key, to.size);
  if (key == "mtime") return put_time(value, to.modified);
  if (key == "atime") return put_time(value, to.accessed);
  if (key == "uid") return put_number(value, key, to.user_id);
  if (key == "gid") return put_number(value, key, to.group_id);
  if (key == "uname") return put_text(value, key, to.user);
  if (key == "gname") return put_text(value, key, to.group);
  if (key == "SCHILY.devmajor") return put_number(value, key, to.device_major);
  if (key == "SCHILY.devminor") return put_number(value, key, to.device_minor);
  if (key.starts_with(sparse)) return put_sparse(key.substr(sparse.size()), value, to);
  if (key.starts_with(attribute)) put_attribute(key.substr(attribute.size()), value, to);
  return {};
}

}  // namespace

void Extended::clear() {
  *this = Extended();
}

Result<std::uint64_t> parse_decimal(std::string_view text, std::string_view what) {
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size()) {
    return corrupt("the extended header's " + std::string(what) + " is no number");
  }
  return value;
}

Result<Timestamp> parse_time(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(negative ? 1 : 0, point - (negative ? 1 : 0));
  BRAID_TRY_VALUE(const std::uint64_t seconds, parse_decimal(whole, "time"));
  if (seconds > static_cast<std::uint64_t>(INT64_MAX) / 4) return corrupt("a time is out of range");
  std::uint32_t nanoseconds = 0;
  if (point != std::string_view::npos) {
    std::uint32_t unit = 100'000'000;  // digits beyond the ninth are cut off
    for (const char digit : text.substr(point + 1)) {
      if (digit < '0' || digit > '9') return corrupt("the extended header's time is no number");
      nanoseconds += unit * static_cast<std::uint32_t>(digit - '0');
      unit /= 10;
    }
  }
  Timestamp time{static_cast<std::int64_t>(seconds), nanoseconds};
  if (!negative) return time;
  time.seconds = -time.seconds;
  if (nanoseconds != 0) time = {time.seconds - 1, 1'000'000'000 - nanoseconds};
  return time;
}

std::string time_text(const Timestamp& time) {
  std::int64_t seconds = time.seconds;
  std::uint32_t nanoseconds = time.nanoseconds;
  const bool negative = seconds < 0;
  if (negative && nanoseconds != 0) {
    ++seconds;  // -0.5 is second -1 and half a second more
    nanoseconds = 1'000'000'000 - nanoseconds;
  }
  std::string text = negative ? "-" : "";
  text += std::to_string(negative ? -seconds : seconds);
  if (nanoseconds == 0) return text;
  std::string digits = std::to_string(1'000'000'000 + nanoseconds).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  return text + '.' + digits;
}

Result<void> parse_records(std::string_view records, Extended& extended) {
  while (!records.empty()) {
    const std::size_t space = records.find(' ');
    if (space == std::string_view::npos || space > 20) {
      return corrupt("an extended header has a record without length");
    }
    BRAID_TRY_VALUE(const std::uint64_t length,
                    parse_decimal(records.substr(0, space), "record length"));
    if (length > records.size() || length < space + 3) {
      return corrupt("a record of an extended header has a length that cannot be");
    }
    const std::string_view record = records.substr(space + 1, length - space - 1);
    if (record.back() != '\n') return corrupt("a record of an extended header has no end");
    const std::size_t equals = record.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      return corrupt("a record of an extended header has no key");
    }
    const std::string_view key = record.substr(0, equals);
    BRAID_TRY(no_nul(key, "key"));
    BRAID_TRY(put_record(key, record.substr(equals + 1, record.size() - equals - 2), extended));
    records.remove_prefix(length);
  }
  return {};
}

void append_record(std::string& records, std::string_view key, std::string_view value) {
  const std::size_t rest = key.size() + value.size() + 3;  // the space, '=' and the newline
  std::size_t length = rest + 1;
  while (rest + std::to_string(length).size() != length) ++length;  // it counts its own digits
  records += std::to_string(length);
  records += ' ';
  records += key;
  records += '=';
  records += value;
  records += '\n';
}

}  // namespace braid::archive::tar
