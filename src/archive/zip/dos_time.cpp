#include "archive/zip/dos_time.hpp"

#include <algorithm>
#include <ctime>

namespace braid::archive::zip {

std::uint32_t dos_time(Timestamp time) noexcept {
  constexpr std::int64_t first = 315'532'800;   // 1980-01-01 00:00:00
  constexpr std::int64_t last = 4'354'819'198;  // 2107-12-31 23:59:58
  const std::time_t seconds = std::clamp(time.seconds, first, last);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  const auto bits = [](int value, int shift) { return static_cast<std::uint32_t>(value) << shift; };
  return bits(parts.tm_year - 80, 25) | bits(parts.tm_mon + 1, 21) | bits(parts.tm_mday, 16) |
         bits(parts.tm_hour, 11) | bits(parts.tm_min, 5) | bits(parts.tm_sec / 2, 0);
}

std::optional<Timestamp> from_dos_time(std::uint32_t time) noexcept {
  const auto bits = [time](int shift, unsigned mask) {
    return static_cast<int>(time >> shift & mask);
  };
  std::tm parts{};
  parts.tm_year = bits(25, 0x7f) + 80;
  parts.tm_mon = bits(21, 0xf) - 1;
  parts.tm_mday = bits(16, 0x1f);
  parts.tm_hour = bits(11, 0x1f);
  parts.tm_min = bits(5, 0x3f);
  parts.tm_sec = bits(0, 0x1f) * 2;
  parts.tm_isdst = -1;
  if (parts.tm_mon < 0 || parts.tm_mon > 11 || parts.tm_mday == 0) return std::nullopt;
  const std::time_t seconds = std::mktime(&parts);
  if (seconds == -1) return std::nullopt;
  return Timestamp{seconds, 0};
}

}  // namespace braid::archive::zip
