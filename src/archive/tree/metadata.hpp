#pragma once

#include <braid/archive.hpp>

#include <array>

#include <sys/types.h>
#include <time.h>

// What an entry says of permissions, owner and times, given to what was made of it: by descriptor,
// never by a name that could have become a link.
namespace braid::archive {

// How much of it.
struct Keep {
  bool times = true;
  bool exact = false;       // owners, and permissions without the umask's say
  bool set_ids = false;     // with `exact`: set-id and sticky bits too
  bool attributes = false;  // extended attributes, access control lists among them
};

// The permissions to create something with, before the umask: 0777 at most, and unless `exact` no
// writing for group and others.
[[nodiscard]] mode_t creation_mode(const Entry& entry, const Keep& keep) noexcept;

// Whether give_metadata() must set permissions after creation with creation_mode().
[[nodiscard]] bool needs_mode(const Keep& keep) noexcept;

// Gives the open file or folder owner, permissions (when `mode`), attributes and times, in the
// order in which none undoes another. Errors: io, with the entry's path.
[[nodiscard]] Result<void> give_metadata(int descriptor, const Entry& entry, const Keep& keep,
                                         bool mode);

// Owner and times of a link itself.
[[nodiscard]] Result<void> give_link_metadata(int folder, const std::string& name,
                                              const Entry& entry, const Keep& keep);

}  // namespace braid::archive
