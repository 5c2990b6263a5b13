#include "archive/tree/metadata.hpp"

#include <cerrno>
#include <limits>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/try.hpp"
#include "io/system_error.hpp"

namespace braid::archive {

namespace {

constexpr mode_t not_for_others = 0022;

mode_t exact_mode(const Entry& entry, const Keep& keep) noexcept {
  return static_cast<mode_t>(entry.mode) & (keep.set_ids ? 07777U : 0777U);
}

timespec to_timespec(const std::optional<Timestamp>& time) noexcept {
  timespec result{};
  if (time) {
    result.tv_sec = static_cast<time_t>(time->seconds);
    result.tv_nsec = static_cast<long>(time->nanoseconds);
  } else {
    result.tv_nsec = UTIME_OMIT;
  }
  return result;
}

std::array<timespec, 2> times_of(const Entry& entry) noexcept {
  return {to_timespec(entry.accessed), to_timespec(entry.modified)};
}

// A number that the system has no room for stands for nobody here: -1 leaves the owner alone.
template <typename Id>
Id to_id(const std::optional<std::uint64_t>& id) noexcept {
  if (!id || *id >= std::numeric_limits<Id>::max()) return static_cast<Id>(-1);
  return static_cast<Id>(*id);
}

// Only the owner may give a file away, and that is root: for all others it stays theirs.
bool is_refusal(int code) noexcept {
  return code == EPERM || code == EINVAL;
}

Error fault(std::string_view action, const Entry& entry, int code) {
  return io::system_error(action, entry.path, code);
}

Result<void> give_attributes(int descriptor, const Entry& entry) {
  for (const Attribute& attribute : entry.attributes) {
    if (::fsetxattr(descriptor, attribute.name.c_str(), attribute.value.data(),
                    attribute.value.size(), 0) != 0) {
      Error error = fault("set an attribute of", entry, errno);
      error.message += ": " + io::quote_name(attribute.name);
      return error;
    }
  }
  return {};
}

}  // namespace

mode_t creation_mode(const Entry& entry, const Keep& keep) noexcept {
  const auto mode = static_cast<mode_t>(entry.mode) & 0777U;
  // Nobody else is to look in before the owner is known.
  return keep.exact ? mode & 0700U : mode & ~not_for_others;
}

bool needs_mode(const Keep& keep) noexcept {
  return keep.exact;
}

Result<void> give_metadata(int descriptor, const Entry& entry, const Keep& keep, bool mode) {
  bool owned = true;
  if (keep.exact) {
    const auto user = to_id<uid_t>(entry.user_id);
    const auto group = to_id<gid_t>(entry.group_id);
    if (::fchown(descriptor, user, group) != 0) {
      if (!is_refusal(errno)) return fault("change the owner of", entry, errno);
      owned = false;
    }
  }
  if (mode) {
    // Set-id bits belong to the owner they were given by.
    const mode_t bits = exact_mode(entry, keep) & (owned ? 07777U : 0777U);
    if (::fchmod(descriptor, bits) != 0) return fault("change the permissions of", entry, errno);
  }
  if (keep.attributes) BRAID_TRY(give_attributes(descriptor, entry));
  if (keep.times && (entry.modified || entry.accessed)) {
    const auto times = times_of(entry);
    if (::futimens(descriptor, times.data()) != 0) return fault("set the times of", entry, errno);
  }
  return {};
}

Result<void> give_link_metadata(int folder, const std::string& name, const Entry& entry,
                                const Keep& keep) {
  if (keep.exact &&
      ::fchownat(folder, name.c_str(), to_id<uid_t>(entry.user_id), to_id<gid_t>(entry.group_id),
                 AT_SYMLINK_NOFOLLOW) != 0 &&
      !is_refusal(errno)) {
    return fault("change the owner of", entry, errno);
  }
  if (keep.times && (entry.modified || entry.accessed)) {
    const auto times = times_of(entry);
    if (::utimensat(folder, name.c_str(), times.data(), AT_SYMLINK_NOFOLLOW) != 0) {
      return fault("set the times of", entry, errno);
    }
  }
  return {};
}

}  // namespace braid::archive
