#include "cli/numbers.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/core.h>

namespace braid::cli {

namespace {

constexpr std::string_view unit_letters = "KMGTPE";

Error not_a_size(std::string_view text) {
  return Error{.code = Errc::invalid_argument,
               .message = fmt::format("'{}' is not a size such as 64K, 1.5G or 1000000", text)};
}

Error too_large(std::string_view text) {
  return Error{.code = Errc::invalid_argument, .message = fmt::format("'{}' is too large", text)};
}

char upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// What "K", "KiB", "KB", "B" or nothing multiplies by.
std::optional<std::uint64_t> unit_of(std::string_view text) {
  if (text.empty() || (text.size() == 1 && upper(text[0]) == 'B')) return 1;
  const std::size_t power = unit_letters.find(upper(text[0]));
  if (power == std::string_view::npos) return std::nullopt;
  text.remove_prefix(1);
  const bool decimal = text.size() == 1 && upper(text[0]) == 'B';
  const bool binary =
      text.empty() || (text.size() == 2 && upper(text[0]) == 'I' && upper(text[1]) == 'B');
  if (!decimal && !binary) return std::nullopt;
  std::uint64_t unit = 1;
  for (std::size_t i = 0; i <= power; ++i) unit *= decimal ? 1000U : 1024U;
  return unit;
}

// The fraction ".5" of `unit`, rounded down. `digits` are the ones behind the point.
std::uint64_t fraction_of(std::string_view digits, std::uint64_t unit) {
  long double fraction = 0;
  long double place = 1;
  for (const char c : digits) {
    place /= 10;
    fraction += place * static_cast<long double>(c - '0');
  }
  return static_cast<std::uint64_t>(std::floor(fraction * static_cast<long double>(unit) + 1e-6L));
}

}  // namespace

Result<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t whole = 0;
  const char* end = text.data() + text.size();
  const auto [after, problem] = std::from_chars(text.data(), end, whole);
  if (problem == std::errc::result_out_of_range) return too_large(text);
  if (problem != std::errc()) return not_a_size(text);
  std::string_view rest(after, static_cast<std::size_t>(end - after));
  std::string_view digits;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    const std::size_t count = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (count == 0) return not_a_size(text);
    digits = rest.substr(0, count);
    rest.remove_prefix(count);
  }
  const auto unit = unit_of(rest);
  if (!unit) return not_a_size(text);
  const std::uint64_t part = fraction_of(digits, *unit);
  if (whole > (UINT64_MAX - part) / *unit) return too_large(text);
  return whole * *unit + part;
}

Result<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [after, problem] = std::from_chars(text.data(), end, value);
  if (problem == std::errc::result_out_of_range) return too_large(text);
  if (problem != std::errc() || after != end) {
    return Error{.code = Errc::invalid_argument, .message = fmt::format("'{}' is no number", text)};
  }
  return value;
}

Result<std::uint64_t> parse_count(std::string_view text) {
  auto value = parse_integer(text);
  if (!value) return std::move(value).error();
  if (*value >= 0) return static_cast<std::uint64_t>(*value);
  return Error{.code = Errc::invalid_argument, .message = fmt::format("'{}' is negative", text)};
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{} bytes", bytes);
  auto value = static_cast<double>(bytes);
  std::size_t power = 0;
  // 1023.95 would be printed as 1024.0.
  for (value /= 1024; value >= 1023.95 && power + 1 < unit_letters.size(); value /= 1024) ++power;
  return fmt::format("{:.1f} {}iB", value, unit_letters[power]);
}

std::string ratio_text(std::uint64_t compressed, std::uint64_t plain) {
  if (compressed == 0 || plain == 0) return "-";
  return fmt::format("{:.2f}x", static_cast<double>(plain) / static_cast<double>(compressed));
}

std::string percent_text(std::uint64_t compressed, std::uint64_t plain) {
  if (plain == 0) return "-";
  return fmt::format("{:.1f} %",
                     100 * static_cast<double>(compressed) / static_cast<double>(plain));
}

}  // namespace braid::cli
