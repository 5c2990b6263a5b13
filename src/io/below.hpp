#pragma once

#include <braid/result.hpp>

#include <string>

#include <sys/types.h>

#include "io/file.hpp"

// Opening what lies below a folder and nothing else: no symbolic link is followed on the way, so
// that no name and no link, old or new, leads out of it.
namespace braid::io {

// Who looks after the way: the kernel in one call (openat2(2), Linux 5.6), or we, component by
// component with O_NOFOLLOW.
enum class Walk : std::uint8_t { kernel, steps };

// Walk::kernel where the kernel has it and nothing forbids it.
[[nodiscard]] Walk best_walk() noexcept;

// A handle for names in `path`, which may itself be reached through links; it needs no permission
// to read. Errors: not_found, io.
[[nodiscard]] Result<File> open_top_folder(const std::string& path);

// The folder `path` below `top`: names with single '/' between them, none of them "." or "..".
// As a handle, or, when `readable`, open for fchmod and its like.
// Errors: not_found, unsafe_path (a link or a file is where a folder should be), io.
[[nodiscard]] Result<File> open_folder_below(const File& top, const std::string& path, Walk walk,
                                             bool readable = false);

// A new file under one name in `folder`, for writing. `shown` is what errors call it.
// Errors: already_exists (a link counts, wherever it leads), io.
[[nodiscard]] Result<File> create_in(const File& folder, const std::string& name, mode_t mode,
                                     std::string shown);

// A handle to whatever has this name in `folder`: of a link, the link itself. Errors: not_found,
// io.
[[nodiscard]] Result<File> open_handle_in(const File& folder, const std::string& name);

}  // namespace braid::io
