#include "io/atomic_file.hpp"

#include <cerrno>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/try.hpp"
#include "io/system_error.hpp"
#include "io/temporary_name.hpp"

namespace braid::io {

namespace {

std::string self_path(int descriptor) {
  return "/proc/self/fd/" + std::to_string(descriptor);
}

Error folder_error(const File& folder, const std::string& target, int code) {
  Error error = system_error("create a file in", folder.name(), code);
  error.entry = target;
  return error;
}

// Reading a folder is needed to sync it, not to create files in it.
Result<File> open_folder(const std::filesystem::path& target) {
  const std::filesystem::path parent = target.parent_path();
  const std::string name = parent.empty() ? "." : parent.native();
  int descriptor = ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0 && errno == EACCES) {
    descriptor = ::open(name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  }
  if (descriptor < 0) {
    Error error = system_error("open folder", name, errno);
    error.entry = target.native();
    return error;
  }
  return File(descriptor, name);
}

Result<void> check_target(const File& folder, const std::string& name, const std::string& target,
                          Overwrite overwrite) {
  struct stat status {};

  if (::fstatat(folder.descriptor(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return {};
    return system_error("create", target, errno);
  }
  if (overwrite == Overwrite::refuse) {
    return Error{.code = Errc::already_exists,
                 .message = quote_name(target) + " exists already",
                 .entry = target};
  }
  if (S_ISREG(status.st_mode) || S_ISLNK(status.st_mode)) return {};
  return Error{.code = Errc::invalid_argument,
               .message = quote_name(target) + (S_ISDIR(status.st_mode)
                                                    ? " is a folder and cannot be replaced"
                                                    : " is no regular file and cannot be replaced"),
               .entry = target};
}

// Closed when there is no nameless file to be had, or no /proc to name it with later. Kernels and
// file systems refuse O_TMPFILE in many ways (EOPNOTSUPP, EISDIR, ENOENT, EINVAL): whatever it was,
// creating a named file then says what is wrong with the folder.
File open_nameless(const File& folder, const std::string& target) {
  File file(::openat(folder.descriptor(), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600), target);
  if (file.is_open() && ::access(self_path(file.descriptor()).c_str(), F_OK) != 0) return {};
  return file;
}

}  // namespace

AtomicFile::AtomicFile(File folder, File file, std::string name, std::string temporary) noexcept
    : folder_(std::move(folder)),
      file_(std::move(file)),
      name_(std::move(name)),
      temporary_(std::move(temporary)) {}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : folder_(std::move(other.folder_)),
      file_(std::move(other.file_)),
      name_(std::move(other.name_)),
      temporary_(std::exchange(other.temporary_, {})) {}

AtomicFile::~AtomicFile() {
  remove_temporary();
}

Result<AtomicFile> AtomicFile::create(const std::filesystem::path& target, Overwrite overwrite,
                                      Backing backing) {
  const std::string& path = target.native();
  const std::string name = target.filename().native();
  if (name.empty() || name == "." || name == ".." || path.find('\0') != std::string::npos) {
    return Error{.code = Errc::invalid_argument,
                 .message = quote_name(path) + " is no name for a file",
                 .entry = path};
  }
  BRAID_TRY_VALUE(File folder, open_folder(target));
  BRAID_TRY(check_target(folder, name, path, overwrite));
  if (backing == Backing::nameless) {
    File file = open_nameless(folder, path);
    if (file.is_open()) return AtomicFile(std::move(folder), std::move(file), name, {});
  }
  for (int i = 0; i < temporary_name_tries; ++i) {
    std::string temporary = temporary_name(name);
    const int descriptor = ::openat(folder.descriptor(), temporary.c_str(),
                                    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
      return AtomicFile(std::move(folder), File(descriptor, path), name, std::move(temporary));
    }
    if (errno != EEXIST && errno != EINTR) break;
  }
  return folder_error(folder, path, errno);
}

Result<void> AtomicFile::commit(const Finish& finish) {
  const auto done = [&]() -> Result<void> {
    if (finish.metadata != nullptr) {
      give_metadata(file_.descriptor(), *finish.metadata);
    } else {
      give_default_mode(file_.descriptor());
    }
    if (finish.sync || finish.overwrite == Overwrite::replace) BRAID_TRY(file_.sync());
    BRAID_TRY(file_.flush());
    return place(finish.overwrite);
  }();
  if (!done) {
    remove_temporary();
    return done;
  }
  if (finish.sync) BRAID_TRY(sync_folder());
  return file_.close();
}

// Links the nameless file: under the final name when nothing is there, else under a temporary one,
// for a link never replaces a name and a rename does so in one step.
Result<void> AtomicFile::place(Overwrite overwrite) {
  const int folder = folder_.descriptor();
  if (temporary_.empty()) {
    const std::string self = self_path(file_.descriptor());
    if (::linkat(AT_FDCWD, self.c_str(), folder, name_.c_str(), AT_SYMLINK_FOLLOW) == 0) return {};
    if (errno != EEXIST || overwrite == Overwrite::refuse) {
      return system_error("create", file_.name(), errno);
    }
    BRAID_TRY(give_name());
  }
  if (overwrite == Overwrite::replace) {
    if (::renameat(folder, temporary_.c_str(), folder, name_.c_str()) != 0) {
      return system_error("replace", file_.name(), errno);
    }
    temporary_.clear();
    return {};
  }
  if (::renameat2(folder, temporary_.c_str(), folder, name_.c_str(), RENAME_NOREPLACE) == 0) {
    temporary_.clear();
    return {};
  }
  if (errno != EINVAL && errno != ENOSYS) return system_error("create", file_.name(), errno);
  // NFS and others cannot rename so; a second link does not replace either.
  if (::linkat(folder, temporary_.c_str(), folder, name_.c_str(), 0) != 0) {
    return system_error("create", file_.name(), errno);
  }
  remove_temporary();
  return {};
}

Result<void> AtomicFile::give_name() {
  const std::string self = self_path(file_.descriptor());
  for (int i = 0; i < temporary_name_tries; ++i) {
    std::string temporary = temporary_name(name_);
    if (::linkat(AT_FDCWD, self.c_str(), folder_.descriptor(), temporary.c_str(),
                 AT_SYMLINK_FOLLOW) == 0) {
      temporary_ = std::move(temporary);
      return {};
    }
    if (errno != EEXIST) break;
  }
  return folder_error(folder_, file_.name(), errno);
}

Result<void> AtomicFile::sync_folder() const {
  // The file stands and is whole: the message is about its name, which a crash may still take.
  constexpr std::string_view action = "sync the folder of";
  if ((::fcntl(folder_.descriptor(), F_GETFL) & O_PATH) == 0) {
    const auto done = folder_.sync();
    if (!done) return system_error(action, file_.name(), done.error().os_error);
    return {};
  }
  // A folder that may be written and not read cannot be synced alone, only with all around it.
  if (::syncfs(file_.descriptor()) != 0) return system_error(action, file_.name(), errno);
  return {};
}

void AtomicFile::remove_temporary() noexcept {
  if (temporary_.empty()) return;
  ::unlinkat(folder_.descriptor(), temporary_.c_str(), 0);
  temporary_.clear();
}

}  // namespace braid::io
