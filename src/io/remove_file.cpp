#include "io/remove_file.hpp"

#include <cerrno>

#include <unistd.h>

#include "base/try.hpp"
#include "io/system_error.hpp"

namespace braid::io {

Result<void> remove_file(const std::filesystem::path& path, const FileInfo& expected) {
  BRAID_TRY_VALUE(const std::optional<FileInfo> found, look_up(path, Links::keep));
  if (!found) return system_error("remove", path.native(), ENOENT);
  if (changed_at_all(expected, *found)) {
    return Error{.code = Errc::io,
                 .message = quote_name(path.native()) + " has changed and was not removed",
                 .entry = path.native()};
  }
  if (::unlink(path.c_str()) != 0) return system_error("remove", path.native(), errno);
  return {};
}

}  // namespace braid::io
