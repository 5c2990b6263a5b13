#pragma once

#include <braid/engine.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace braid {

// How entries are laid out. What compresses a tar archive as a whole is a stream's Algorithm; a zip
// archive compresses entry by entry.
enum class ArchiveFormat : std::uint8_t { tar, zip };

enum class EntryType : std::uint8_t {
  file,
  directory,
  symlink,
  hardlink,  // another name of a file that came before it
  character_device,
  block_device,
  fifo,
};

// A moment, counted from 1970-01-01 00:00 UTC. Before it: seconds negative, nanoseconds still
// 0 to 999,999,999.
struct Timestamp {
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0;

  [[nodiscard]] friend bool operator==(const Timestamp&, const Timestamp&) = default;
};

// Bytes of a sparse file that are not a hole.
struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  [[nodiscard]] friend bool operator==(const Extent&, const Extent&) = default;
};

// An extended attribute; access control lists are those named "system.posix_acl_access" and
// "system.posix_acl_default".
struct Attribute {
  std::string name;
  std::string value;  // bytes

  [[nodiscard]] friend bool operator==(const Attribute&, const Attribute&) = default;
};

// What an archive says of one named thing, apart from its content. As stored: nothing in it has
// been judged safe.
struct Entry {
  std::string path;  // bytes as stored, '/' between components; a folder's has no '/' at its end
  EntryType type = EntryType::file;
  std::uint64_t size = 0;   // bytes of a file's content, holes included
  std::uint32_t mode = 0;   // permission bits, with set-id and sticky: 0 to 07777
  std::string link_target;  // of a symlink: as stored; of a hard link: the path of the other entry
  std::optional<Timestamp> modified{};
  std::optional<Timestamp> accessed{};
  std::optional<std::uint64_t> user_id{};
  std::optional<std::uint64_t> group_id{};
  std::string user;
  std::string group;
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
  std::vector<Attribute> attributes;
  std::optional<std::vector<Extent>> extents{};    // of a sparse file: in order, apart
  std::optional<std::uint64_t> compressed_size{};  // where entries are compressed on their own
  std::optional<std::uint64_t> offset{};           // where its header begins in the archive
};

}  // namespace braid
