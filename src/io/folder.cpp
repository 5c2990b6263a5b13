#include "io/folder.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/try.hpp"
#include "io/system_error.hpp"

namespace braid::io {

namespace {

int open_again(int folder, const char* name, int flags) noexcept {
  int descriptor = -1;
  do {
    descriptor = ::openat(folder, name, flags | O_CLOEXEC);
  } while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

}  // namespace

Result<std::shared_ptr<const Folder>> Folder::open(const std::string& path) {
  const int descriptor = open_again(AT_FDCWD, path.c_str(), O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) return system_error("open the folder", path, errno);
  return std::make_shared<const Folder>(File(descriptor, path));
}

std::string Folder::path_of(const std::string& name) const {
  if (path() == ".") return name;
  return path().ends_with('/') ? path() + name : path() + '/' + name;
}

Result<std::shared_ptr<const Folder>> Folder::open_folder(const std::string& name) const {
  const int descriptor =
      open_again(file_.descriptor(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (descriptor < 0) return system_error("open the folder", path_of(name), errno);
  return std::make_shared<const Folder>(File(descriptor, path_of(name)));
}

Result<File> Folder::open_file(const std::string& name, struct stat& status) const {
  // O_NONBLOCK: a pipe that took the file's place must not make us wait for its writer.
  const int descriptor =
      open_again(file_.descriptor(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) return system_error("open", path_of(name), errno);
  File file(descriptor, path_of(name));
  if (::fstat(descriptor, &status) != 0) return system_error("look at", file.name(), errno);
  if (!S_ISREG(status.st_mode)) {
    return Error{.code = Errc::io, .message = "is no longer a regular file", .entry = file.name()};
  }
  return file;
}

Result<struct stat> Folder::look(const std::string& name) const {
  struct stat status {};

  if (::fstatat(file_.descriptor(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return system_error("look at", path_of(name), errno);
  }
  return status;
}

Result<struct stat> Folder::status() const {
  struct stat status {};

  if (::fstat(file_.descriptor(), &status) != 0) return system_error("look at", path(), errno);
  return status;
}

Result<std::string> Folder::read_link(const std::string& name) const {
  std::string target(256, '\0');
  for (;;) {
    const ssize_t length =
        ::readlinkat(file_.descriptor(), name.c_str(), target.data(), target.size());
    if (length < 0) return system_error("read the link", path_of(name), errno);
    if (static_cast<std::size_t>(length) < target.size()) {
      target.resize(static_cast<std::size_t>(length));
      return target;
    }
    target.resize(target.size() * 2);
  }
}

Result<std::vector<FolderName>> Folder::names() const {
  // A stream of its own: closedir() closes the descriptor, and two readers must not share a place.
  const int descriptor = open_again(file_.descriptor(), ".", O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) return system_error("read the folder", path(), errno);
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(descriptor), ::closedir);
  if (stream == nullptr) {
    const int code = errno;
    ::close(descriptor);
    return system_error("read the folder", path(), code);
  }
  std::vector<FolderName> names;
  for (;;) {
    errno = 0;
    const dirent* found = ::readdir(stream.get());
    if (found == nullptr) break;
    const std::string_view name(found->d_name);
    if (name == "." || name == "..") continue;
    names.push_back({std::string(name), found->d_type});
  }
  if (errno != 0) return system_error("read the folder", path(), errno);
  std::ranges::sort(names, {}, &FolderName::name);
  return names;
}

}  // namespace braid::io
