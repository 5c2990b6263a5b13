#include "archive/tar/block.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/try.hpp"

namespace braid::archive::tar {

namespace {

Error bad_number(std::string_view what, std::string_view why) {
  return {.code = Errc::corrupt,
          .message = std::string("the header's ") + std::string(what) + ' ' + std::string(why)};
}

Result<std::int64_t> parse_base256(std::string_view field, std::string_view what) {
  const bool negative = field[0] == '\xff';
  std::uint64_t value = negative ? UINT64_MAX : 0;
  for (std::size_t i = 1; i < field.size(); ++i) {
    const std::uint64_t top = value >> 55;  // the byte shifted out, and the sign
    if (top != (negative ? 0x1ff : 0)) return bad_number(what, "does not fit into 64 bits");
    value = (value << 8) | static_cast<unsigned char>(field[i]);
  }
  return static_cast<std::int64_t>(value);
}

bool is_space(char c) noexcept {
  return c == ' ' || c == '\0';
}

// Of the bytes of a block, taken as `Byte`; those of the sum's own field count as spaces.
template <typename Byte>
std::int32_t sum_of(std::string_view all, std::string_view own) noexcept {
  std::int32_t sum = 0;
  for (const char c : all) sum += static_cast<Byte>(c);
  for (const char c : own) sum += ' ' - static_cast<Byte>(c);
  return sum;
}

}  // namespace

std::string_view Block::text(Field field) const noexcept {
  const std::string_view bytes = raw(field);
  return bytes.substr(0, bytes.find('\0'));
}

Dialect Block::dialect() const noexcept {
  using namespace std::string_view_literals;
  const std::string_view magic = raw(magic_field);
  if (magic == "ustar  \0"sv) return Dialect::gnu;
  if (!magic.starts_with("ustar"sv)) return Dialect::v7;
  return raw(star_magic_field) == "tar\0"sv ? Dialect::star : Dialect::ustar;
}

bool Block::is_zero() const noexcept {
  return bytes_[0] == '\0' && std::memcmp(bytes_, bytes_ + 1, block_bytes - 1) == 0;
}

bool Block::checksum_holds() const noexcept {
  const auto stored = parse_number(raw(checksum_field), "checksum");
  if (!stored) return false;
  const std::string_view all = raw({0, block_bytes});
  const std::string_view own = raw(checksum_field);
  return *stored == sum_of<unsigned char>(all, own) || *stored == sum_of<signed char>(all, own);
}

Result<std::int64_t> parse_number(std::string_view field, std::string_view what) {
  if (field[0] == '\x80' || field[0] == '\xff') return parse_base256(field, what);
  std::size_t at = 0;
  while (at < field.size() && is_space(field[at])) ++at;
  std::uint64_t value = 0;
  for (; at < field.size() && field[at] >= '0' && field[at] <= '7'; ++at) {
    value = (value << 3) | static_cast<std::uint64_t>(field[at] - '0');  // 12 digits: 36 bits
  }
  if (at < field.size() && !is_space(field[at])) return bad_number(what, "is no number");
  return static_cast<std::int64_t>(value);
}

Result<std::uint64_t> parse_size(std::string_view field, std::string_view what) {
  BRAID_TRY_VALUE(const std::int64_t value, parse_number(field, what));
  if (value < 0) return bad_number(what, "is negative");
  return static_cast<std::uint64_t>(value);
}

}  // namespace braid::archive::tar
