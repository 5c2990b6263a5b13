#include "io/below.hpp"

#include <cerrno>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/try.hpp"
#include "io/system_error.hpp"

namespace braid::io {

namespace {

constexpr int handle_flags = O_PATH | O_DIRECTORY | O_CLOEXEC;

// EAGAIN: something was renamed on the way at every try.
int open_beneath(int top, const char* path, int flags) noexcept {
  struct open_how how {};

  how.flags = static_cast<std::uint64_t>(flags);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS;
  constexpr int tries = 100;
  long descriptor = -1;
  for (int i = 0; i < tries; ++i) {
    descriptor = ::syscall(SYS_openat2, top, path, &how, sizeof how);
    if (descriptor >= 0 || (errno != EINTR && errno != EAGAIN)) break;
  }
  return static_cast<int>(descriptor);
}

int open_at(int folder, const char* name, int flags, mode_t mode = 0) noexcept {
  int descriptor = -1;
  do {
    descriptor = ::openat(folder, name, flags, mode);
  } while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

// ENOTDIR and ELOOP tell that a file or a link is in the way; EXDEV that the kernel stopped an
// escape, which names without ".." cannot cause but for a folder moved meanwhile.
Error walk_error(const std::string& path, int code) {
  Error error = system_error("open the folder", path, code);
  if (code == ELOOP || code == ENOTDIR || code == EXDEV) {
    error.code = Errc::unsafe_path;
    error.message = quote_name(path) + " leads through a link or a file";
  }
  return error;
}

Result<File> walk_steps(const File& top, const std::string& path, bool readable) {
  File at;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string name = path.substr(begin, end - begin);
    const bool last = end == path.size();
    const int folder = at.is_open() ? at.descriptor() : top.descriptor();
    const int flags = last && readable ? O_RDONLY | O_DIRECTORY | O_CLOEXEC : handle_flags;
    const int descriptor = open_at(folder, name.c_str(), flags | O_NOFOLLOW);
    if (descriptor < 0) return walk_error(path, errno);
    at = File(descriptor, path);
    if (last) return at;
    begin = end + 1;
  }
}

}  // namespace

Walk best_walk() noexcept {
  const int descriptor = open_beneath(AT_FDCWD, ".", handle_flags);
  if (descriptor < 0) return Walk::steps;
  ::close(descriptor);
  return Walk::kernel;
}

Result<File> open_top_folder(const std::string& path) {
  const int descriptor = open_at(AT_FDCWD, path.c_str(), handle_flags);
  if (descriptor < 0) return system_error("open the folder", path, errno);
  return File(descriptor, path);
}

Result<File> open_folder_below(const File& top, const std::string& path, Walk walk, bool readable) {
  if (walk == Walk::steps) return walk_steps(top, path, readable);
  const int flags = readable ? O_RDONLY | O_DIRECTORY | O_CLOEXEC : handle_flags;
  const int descriptor = open_beneath(top.descriptor(), path.c_str(), flags);
  if (descriptor >= 0) return File(descriptor, path);
  if (errno == EAGAIN) return walk_steps(top, path, readable);
  return walk_error(path, errno);
}

Result<File> create_in(const File& folder, const std::string& name, mode_t mode,
                       std::string shown) {
  const int descriptor = open_at(folder.descriptor(), name.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  if (descriptor < 0) return system_error("create", shown, errno);
  return File(descriptor, std::move(shown));
}

Result<File> open_handle_in(const File& folder, const std::string& name) {
  const int descriptor =
      open_at(folder.descriptor(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (descriptor < 0) return system_error("look at", name, errno);
  return File(descriptor, name);
}

}  // namespace braid::io
