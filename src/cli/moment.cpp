#include "cli/moment.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <ctime>

#include <fmt/core.h>
#include <sys/stat.h>

#include "cli/numbers.hpp"
#include "cli/places.hpp"

namespace braid::cli {

namespace {

Error no_moment(std::string_view text) {
  return Error{.code = Errc::invalid_argument,
               .message = fmt::format("'{}' is no time, such as 2026-01-31 or 7d", text)};
}

Result<Timestamp> time_of_file(const std::string& path) {
  struct stat status {};

  if (::stat(path.c_str(), &status) != 0) {
    return system_error(fmt::format("cannot look at {}", path), errno);
  }
  return Timestamp{status.st_mtim.tv_sec, static_cast<std::uint32_t>(status.st_mtim.tv_nsec)};
}

// Seconds of "36h", or nothing.
std::optional<std::int64_t> parse_span(std::string_view text) {
  constexpr std::string_view units = "smhdw";
  constexpr std::array<std::int64_t, 5> seconds = {1, 60, 3600, 86'400, 604'800};
  if (text.size() < 2) return std::nullopt;
  const std::size_t unit = units.find(text.back());
  auto number = parse_count(text.substr(0, text.size() - 1));
  // A million weeks lie before everything.
  if (unit == std::string_view::npos || !number || *number > 1'000'000) return std::nullopt;
  return static_cast<std::int64_t>(*number) * seconds[unit];
}

// Takes a number of exactly `digits` digits from the front, and `behind` after it.
std::optional<int> take(std::string_view& text, std::size_t digits, std::string_view behind) {
  int value = 0;
  if (text.size() < digits) return std::nullopt;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  if (text.empty() || behind.empty()) return value;
  if (behind.find(text.front()) == std::string_view::npos) return std::nullopt;
  text.remove_prefix(1);
  return value;
}

std::optional<std::int64_t> parse_date(std::string_view text) {
  const auto year = take(text, 4, "-");
  const auto month = take(text, 2, "-");
  const auto day = take(text, 2, " T");
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!text.empty()) {
    const auto hours = take(text, 2, ":");
    const auto minutes = take(text, 2, ":");
    const auto seconds = take(text, 2, "Z");
    if (!hours || !minutes || !seconds || !text.empty()) return std::nullopt;
    hour = *hours;
    minute = *minutes;
    second = *seconds;
    if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
  }
  return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

}  // namespace

Result<Timestamp> parse_moment(std::string_view text) {
  if (text.starts_with('/') || text.starts_with("./") || text.starts_with("../")) {
    return time_of_file(std::string(text));
  }
  if (text.starts_with('@')) {
    auto seconds = parse_integer(text.substr(1));
    if (!seconds) return no_moment(text);
    return Timestamp{*seconds, 0};
  }
  if (const auto span = parse_span(text)) return Timestamp{std::time(nullptr) - *span, 0};
  if (const auto seconds = parse_date(text)) return Timestamp{*seconds, 0};
  return no_moment(text);
}

std::string moment_text(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  if (gmtime_r(&time, &parts) == nullptr) return fmt::format("@{}", seconds);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace braid::cli
