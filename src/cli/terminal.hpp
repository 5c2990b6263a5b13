#pragma once

#include <braid/result.hpp>

#include <string_view>

#include "cli/settings.hpp"

namespace braid::cli {

// Refuses to write compressed data to a terminal and to read it from one, unless forced.
// Errors: invalid_argument.
[[nodiscard]] Result<void> check_terminals(const Settings& settings);

// Asks the person at the terminal whether `file` may be replaced; no, when there is nobody to ask.
[[nodiscard]] bool ask_to_replace(const Settings& settings, std::string_view file);

}  // namespace braid::cli
