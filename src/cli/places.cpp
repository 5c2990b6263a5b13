#include "cli/places.hpp"

#include <cerrno>

#include <fmt/core.h>
#include <sys/stat.h>

namespace braid::cli {

namespace {

Error refused(std::string message) {
  return Error{.code = Errc::io, .message = std::move(message)};
}

}  // namespace

Error system_error(std::string message, int code) {
  return Error{.code = code == ENOENT ? Errc::not_found : Errc::io,
               .message = std::move(message),
               .os_error = code};
}

bool is_device(const std::string& output) {
  struct stat status {};

  if (output.starts_with("/dev/") && lstat(output.c_str(), &status) == 0 &&
      S_ISLNK(status.st_mode)) {
    return true;
  }
  return stat(output.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

bool is_folder(const std::string& output) {
  struct stat status {};

  return stat(output.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

Error folder_in_the_way(const std::string& output) {
  return Error{.code = Errc::invalid_argument,
               .message = fmt::format("the output {} is a folder", output),
               .entry = output};
}

Error file_in_the_way(const std::string& output) {
  return Error{
      .code = Errc::already_exists, .message = fmt::format("{} exists", output), .entry = output};
}

Result<void> check_source(const Settings& settings, const std::string& path) {
  struct stat status {};

  if (lstat(path.c_str(), &status) != 0) return system_error("cannot look at it", errno);
  const bool is_link = S_ISLNK(status.st_mode);
  if (is_link && stat(path.c_str(), &status) != 0) return system_error("cannot look at it", errno);
  if (!S_ISREG(status.st_mode)) {
    return refused("is no regular file; read it with -c or from a pipe");
  }
  if (!settings.remove_source) return {};
  if (is_link) return refused("is a link; keep it with -k");
  if (status.st_nlink > 1 && !settings.force) {
    return refused(fmt::format("has {} names; keep it with -k, or use -f to remove this one",
                               status.st_nlink));
  }
  return {};
}

}  // namespace braid::cli
