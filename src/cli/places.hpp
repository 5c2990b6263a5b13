#pragma once

#include <braid/result.hpp>

#include <string>

#include "cli/settings.hpp"

// What lies under the names that files are read from and written to.
namespace braid::cli {

// The error for a system call that said `code` (an errno): not_found for ENOENT, io for all else.
[[nodiscard]] Error system_error(std::string message, int code);

// Whether output goes into what is there: a device, a pipe, or one of the links in /dev that lead
// to what is open already (/dev/stdout). A file is replaced as a whole instead.
[[nodiscard]] bool is_device(const std::string& output);

[[nodiscard]] bool is_folder(const std::string& output);

[[nodiscard]] Error folder_in_the_way(const std::string& output);

// already_exists, with the way out.
[[nodiscard]] Error file_in_the_way(const std::string& output);

// Refuses a source that would be surprising to compress into a file beside it, or to remove:
// devices and pipes; under --rm links, and without -f files of several names.
// Errors: io, not_found.
[[nodiscard]] Result<void> check_source(const Settings& settings, const std::string& path);

}  // namespace braid::cli
