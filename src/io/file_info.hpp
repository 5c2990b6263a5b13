#pragma once

#include <braid/result.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>

#include <sys/stat.h>

namespace braid::io {

enum class FileKind : std::uint8_t { regular, folder, link, other };

// What the system says about a file at one moment.
struct FileInfo {
  FileKind kind = FileKind::other;
  std::uint64_t size = 0;
  mode_t mode = 0;  // permission bits only, setuid, setgid and sticky among them
  uid_t owner = 0;
  gid_t group = 0;
  timespec accessed{};
  timespec modified{};
  dev_t device = 0;
  ino_t inode = 0;

  [[nodiscard]] static FileInfo from(const struct stat& status) noexcept;

  // The same file under perhaps another name.
  [[nodiscard]] bool same_file(const FileInfo& other) const noexcept {
    return device == other.device && inode == other.inode;
  }
};

enum class Links : std::uint8_t { follow, keep };

// What lies under a name, or nothing. A link to nothing is nothing under Links::follow.
// Errors: io, and invalid_argument for a name with a NUL byte.
[[nodiscard]] Result<std::optional<FileInfo>> look_up(const std::filesystem::path& path,
                                                      Links links);

// Whether bytes read after `before` and up to `now` may mix two contents. A file that only grew is
// taken to be appended to: what was read is then a prefix of it.
[[nodiscard]] bool changed_in_place(const FileInfo& before, const FileInfo& now) noexcept;

// Whether a file is no longer what it was: then it must not be removed.
[[nodiscard]] bool changed_at_all(const FileInfo& before, const FileInfo& now) noexcept;

// Gives the open file what `from` has, as far as the system permits: owner and group, permissions,
// access and modification times. Setuid, setgid and sticky are never given. Where the group cannot
// be kept, group and others get only what both had, so that nobody gains access.
// Not an error: a file that cannot be given permissions keeps those of its owner.
void give_metadata(int descriptor, const FileInfo& from) noexcept;

// Gives the open file the permissions of a newly created one: 0666 without the bits of the umask.
// The umask is read from /proc, since umask(2) changes it for all threads; unreadable, the
// permissions stay.
void give_default_mode(int descriptor) noexcept;

}  // namespace braid::io
