#pragma once

#include <braid/error.hpp>

#include <string_view>

#include "cli/settings.hpp"

namespace braid::cli {

// What to put on the command line to go on where `error` stopped, behind its text: "; -f replaces
// it". Empty where nothing would help, or it is there already.
[[nodiscard]] std::string_view advice(const Settings& settings, const Error& error) noexcept;

}  // namespace braid::cli
