#pragma once

#include <braid/archive.hpp>

#include <sys/stat.h>

// Kinds of entries as the system writes them into a mode.
namespace braid::archive {

// A file for what archives have no word for, such as sockets.
[[nodiscard]] constexpr EntryType entry_type(mode_t mode) noexcept {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return EntryType::directory;
    case S_IFLNK:
      return EntryType::symlink;
    case S_IFCHR:
      return EntryType::character_device;
    case S_IFBLK:
      return EntryType::block_device;
    case S_IFIFO:
      return EntryType::fifo;
    default:
      return EntryType::file;
  }
}

[[nodiscard]] constexpr mode_t type_bits(EntryType type) noexcept {
  switch (type) {
    case EntryType::directory:
      return S_IFDIR;
    case EntryType::symlink:
      return S_IFLNK;
    case EntryType::character_device:
      return S_IFCHR;
    case EntryType::block_device:
      return S_IFBLK;
    case EntryType::fifo:
      return S_IFIFO;
    case EntryType::file:
    case EntryType::hardlink:
      return S_IFREG;
  }
  return S_IFREG;
}

[[nodiscard]] constexpr bool is_device(EntryType type) noexcept {
  return type == EntryType::character_device || type == EntryType::block_device;
}

// Neither content nor target: devices and named pipes.
[[nodiscard]] constexpr bool is_special(EntryType type) noexcept {
  return is_device(type) || type == EntryType::fifo;
}

}  // namespace braid::archive
