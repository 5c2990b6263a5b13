#include "io/file_info.hpp"

#include <cerrno>
#include <charconv>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

#include "io/system_error.hpp"

namespace braid::io {

namespace {

constexpr mode_t mode_bits = 07777;

FileKind kind_of(mode_t mode) noexcept {
  if (S_ISREG(mode)) return FileKind::regular;
  if (S_ISDIR(mode)) return FileKind::folder;
  if (S_ISLNK(mode)) return FileKind::link;
  return FileKind::other;
}

bool same_time(const timespec& a, const timespec& b) noexcept {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

// Permissions for a file that could not be given the group of its original: its members now count
// as others, and others as members of the new group.
mode_t without_group(mode_t mode) noexcept {
  const mode_t both = (mode >> 3) & mode & 07;
  return (mode & 0700) | (both << 3) | both;
}

// "Umask:\t0022" of /proc/self/status (since Linux 4.7).
std::optional<mode_t> umask_now() noexcept {
  const int status = ::open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  if (status < 0) return std::nullopt;
  char text[512];  // the line is the second; the name before it has at most 64 bytes
  const ssize_t length = ::read(status, text, sizeof text);
  ::close(status);
  if (length <= 0) return std::nullopt;
  const std::string_view lines(text, static_cast<std::size_t>(length));
  constexpr std::string_view key = "\nUmask:\t";
  const std::size_t at = lines.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  unsigned mask = 0;
  const char* first = lines.data() + at + key.size();
  if (std::from_chars(first, lines.data() + lines.size(), mask, 8).ec != std::errc{}) {
    return std::nullopt;
  }
  return static_cast<mode_t>(mask);
}

}  // namespace

FileInfo FileInfo::from(const struct stat& status) noexcept {
  return {.kind = kind_of(status.st_mode),
          .size = status.st_size < 0 ? 0 : static_cast<std::uint64_t>(status.st_size),
          .mode = status.st_mode & mode_bits,
          .owner = status.st_uid,
          .group = status.st_gid,
          .accessed = status.st_atim,
          .modified = status.st_mtim,
          .device = status.st_dev,
          .inode = status.st_ino};
}

Result<std::optional<FileInfo>> look_up(const std::filesystem::path& path, Links links) {
  if (path.native().find('\0') != std::string::npos) {
    return Error{.code = Errc::invalid_argument, .message = "a file name has a NUL byte"};
  }

  struct stat status {};

  const int flags = links == Links::keep ? AT_SYMLINK_NOFOLLOW : 0;
  if (::fstatat(AT_FDCWD, path.c_str(), &status, flags) == 0) {
    return std::optional(FileInfo::from(status));
  }
  if (errno == ENOENT) return std::optional<FileInfo>();
  return system_error("look at", path.native(), errno);
}

bool changed_in_place(const FileInfo& before, const FileInfo& now) noexcept {
  return now.size <= before.size && changed_at_all(before, now);
}

bool changed_at_all(const FileInfo& before, const FileInfo& now) noexcept {
  return !before.same_file(now) || before.size != now.size ||
         !same_time(before.modified, now.modified);
}

void give_metadata(int descriptor, const FileInfo& from) noexcept {
  // The owner goes first: afterwards the file may no longer be ours to change. Each on its own,
  // since a plain user may give a file to another of his groups, but not to another user.
  const bool group_kept = ::fchown(descriptor, static_cast<uid_t>(-1), from.group) == 0;
  const mode_t mode = from.mode & 0777;
  const int owner_kept = ::fchown(descriptor, from.owner, static_cast<gid_t>(-1));
  const int mode_kept = ::fchmod(descriptor, group_kept ? mode : without_group(mode));
  const timespec times[2] = {from.accessed, from.modified};
  const int times_kept = ::futimens(descriptor, times);
  static_cast<void>(owner_kept);  // best effort, as documented
  static_cast<void>(mode_kept);
  static_cast<void>(times_kept);
}

void give_default_mode(int descriptor) noexcept {
  const std::optional<mode_t> mask = umask_now();
  if (!mask) return;
  const int mode_kept = ::fchmod(descriptor, 0666 & ~*mask);
  static_cast<void>(mode_kept);  // best effort: a file system without permissions has none to give
}

}  // namespace braid::io
