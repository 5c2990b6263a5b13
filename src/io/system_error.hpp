#pragma once

#include <braid/error.hpp>

#include <string>
#include <string_view>

namespace braid::io {

// `name` between quotes, with control bytes as \n or \x1b and quotes and backslashes escaped, so
// that a hostile name cannot forge lines or drive the terminal. Bytes above 0x7f stay as they are.
[[nodiscard]] std::string quote_name(std::string_view name);

// The error for a system call that said `code` (an errno): "cannot <action> '<name>'", with entry
// and os_error set. ENOENT is not_found, EEXIST already_exists, ENOMEM out_of_memory, all else io.
[[nodiscard]] Error system_error(std::string_view action, std::string_view name, int code);

}  // namespace braid::io
