#include "archive/tree/new_name.hpp"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/try.hpp"
#include "io/system_error.hpp"
#include "io/temporary_name.hpp"

namespace braid::archive {

namespace {

constexpr int most_renamed = 9999;

// "a_7.txt" of "a.txt"; a name that begins with its only dot has no extension.
std::string numbered(const std::string& name, int number) {
  const std::size_t dot = name.rfind('.');
  const std::size_t at = dot == std::string::npos || dot == 0 ? name.size() : dot;
  return name.substr(0, at) + '_' + std::to_string(number) + name.substr(at);
}

int rename_without_replacing(int folder, const std::string& from, const std::string& to) {
  if (::renameat2(folder, from.c_str(), folder, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // NFS and others cannot rename so; a second link does not replace either.
  if (::linkat(folder, from.c_str(), folder, to.c_str(), 0) != 0) return errno;
  ::unlinkat(folder, from.c_str(), 0);
  return 0;
}

}  // namespace

Error NewName::error(std::string_view action, int code) const {
  return io::system_error(action, entry_, code);
}

Error NewName::taken_error() const {
  return {.code = Errc::already_exists,
          .message = io::quote_name(entry_) + " exists already",
          .entry = entry_};
}

bool NewName::taken() const noexcept {
  struct stat status {};

  return ::fstatat(folder_->descriptor(), name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
}

void NewName::remove(const std::string& name) const noexcept {
  ::unlinkat(folder_->descriptor(), name.c_str(), 0);
}

Result<Placed> NewName::make(const Make& make) {
  const int code = make(*folder_, name_);
  if (code == 0) return Placed::made;
  if (code != EEXIST) return error("create", code);
  switch (existing_) {
    case Existing::refuse:
      return taken_error();
    case Existing::skip:
      return Placed::skipped;
    case Existing::rename:
      return make_renamed(make);
    case Existing::overwrite:
      break;
  }
  for (int i = 0; i < io::temporary_name_tries; ++i) {
    const std::string temporary = io::temporary_name(name_);
    const int again = make(*folder_, temporary);
    if (again == 0) return replace(temporary);
    if (again != EEXIST) return error("create", again);
  }
  return taken_error();
}

Result<Placed> NewName::make_renamed(const Make& make) {
  for (int i = 1; i <= most_renamed; ++i) {
    const std::string other = numbered(name_, i);
    const int code = make(*folder_, other);
    if (code == 0) {
      name_ = other;
      return Placed::made;
    }
    if (code != EEXIST) return error("create", code);
  }
  return taken_error();
}

Result<Placed> NewName::replace(const std::string& temporary) {
  const int folder = folder_->descriptor();
  const int code = ::renameat(folder, temporary.c_str(), folder, name_.c_str()) == 0 ? 0 : errno;
  // Also when it worked: between two names of one file a rename does nothing.
  remove(temporary);
  if (code == 0) return Placed::made;
  if (code == EISDIR || code == ENOTEMPTY || code == EEXIST) {
    return Error{.code = Errc::already_exists,
                 .message = io::quote_name(entry_) + " is a folder and is not replaced",
                 .entry = entry_};
  }
  return error("replace", code);
}

Result<Placed> NewName::move_here(const std::string& temporary) {
  if (existing_ == Existing::overwrite) return replace(temporary);
  auto placed = make([&](const io::File& folder, const std::string& name) {
    return rename_without_replacing(folder.descriptor(), temporary, name);
  });
  if (!placed || *placed == Placed::skipped) remove(temporary);
  return placed;
}

}  // namespace braid::archive
