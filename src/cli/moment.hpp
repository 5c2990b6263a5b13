#pragma once

#include <braid/archive.hpp>

#include <string>
#include <string_view>

namespace braid::cli {

// "2026-01-31", "2026-01-31 12:00:00", with a T between or a Z behind it, both UTC; "@1769860800";
// "36h", "7d": so long ago (s, m, h, d, w); "./file", "/file": when that changed.
// Errors: invalid_argument, not_found, io.
[[nodiscard]] Result<Timestamp> parse_moment(std::string_view text);

// "2026-01-31 12:00:00", in UTC, so that the output does not depend on where it is made.
[[nodiscard]] std::string moment_text(std::int64_t seconds);

}  // namespace braid::cli
