#pragma once

#include <braid/archive.hpp>

#include <cstdint>

// Time and date of a header, in two seconds from 1980 to 2107 (APPNOTE 4.4.6).
namespace braid::archive::zip {

// Time in the lower half, date in the upper. In UTC, so that equal files have equal archives
// everywhere; the exact time stands in an extra field. What cannot be said becomes the nearest that
// can.
[[nodiscard]] std::uint32_t dos_time(Timestamp time) noexcept;

// Taken as local time, which is what writers without an extra field mean. Nothing when it is no
// date.
[[nodiscard]] std::optional<Timestamp> from_dos_time(std::uint32_t time) noexcept;

}  // namespace braid::archive::zip
