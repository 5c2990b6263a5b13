#pragma once

#include <braid/result.hpp>

#include <filesystem>

#include "io/file_info.hpp"

namespace braid::io {

// Removes `path` if it still is, under this name and not by a link, the unchanged file `expected`;
// otherwise leaves all as it is and says io. Nobody can check and remove in one step: a file put
// there in the microseconds between is lost.
// Errors: not_found, io.
[[nodiscard]] Result<void> remove_file(const std::filesystem::path& path, const FileInfo& expected);

}  // namespace braid::io
