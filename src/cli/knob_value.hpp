#pragma once

#include <braid/config.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace braid::cli {

// How the command line gives the setting of this name: "--set window_log=VALUE", "--dict"; nullopt:
// it does not.
[[nodiscard]] std::optional<std::string> how_to_set(std::string_view knob);

// "window_log=27", "layout=bgzf", "checksum=off": a knob by its name, and a number, a size, on or
// off, or the name of one of its values. Ranges are the library's to check.
// Errors: invalid_argument, also for knobs that hold bytes, which have options of their own.
[[nodiscard]] Result<std::pair<Knob, std::int64_t>> parse_knob(std::string_view text);

// The number that `text` means to `knob`. Errors: invalid_argument.
[[nodiscard]] Result<std::int64_t> parse_knob_value(Knob knob, std::string_view text);

}  // namespace braid::cli
