#include "archive/tree/tree.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "archive/entry_type.hpp"
#include "archive/tree/path.hpp"
#include "base/try.hpp"
#include "io/system_error.hpp"

namespace braid::archive {

namespace {

Error refuse(const Entry& entry, std::string message) {
  return {.code = Errc::unsafe_path, .message = std::move(message), .entry = entry.path};
}

// An error of a folder on the way becomes one of the entry.
template <typename T>
Result<T> named(Result<T> result, const Entry& entry) {
  if (!result) result.error().entry = entry.path;
  return result;
}

Keep keep_of(const TreeOptions& options) {
  return {.times = options.times,
          .exact = options.preserve,
          .set_ids = options.preserve && ::geteuid() == 0,
          .attributes = options.attributes};
}

// What finish() needs of a folder's entry: many wait for it.
Entry without_names(const Entry& entry) {
  Entry late;
  late.path = entry.path;
  late.mode = entry.mode;
  late.modified = entry.modified;
  late.accessed = entry.accessed;
  late.user_id = entry.user_id;
  late.group_id = entry.group_id;
  late.attributes = entry.attributes;
  return late;
}

}  // namespace

Tree::Tree(io::File top, const TreeOptions& options)
    : options_(options), keep_(keep_of(options)), folders_(std::move(top), options.walk) {}

Result<std::unique_ptr<Tree>> Tree::open(const std::string& folder, const TreeOptions& options) {
  if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) {
    return io::system_error("make the folder", folder, errno);
  }
  BRAID_TRY_VALUE(io::File top, io::open_top_folder(folder));
  return std::unique_ptr<Tree>(new Tree(std::move(top), options));
}

Result<NewName> Tree::new_name(const std::string& clean, const Entry& entry, bool again) {
  SplitPath split = split_path(clean);
  BRAID_TRY_VALUE(auto folder, named(folders_.reach(split.folder), entry));
  Existing existing = options_.existing;
  struct stat status {};

  const bool ours =
      again &&
      ::fstatat(folder->descriptor(), split.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
      made_files_.contains(status.st_dev, status.st_ino);
  if (ours) existing = Existing::overwrite;
  return NewName(std::move(folder), std::move(split.name), existing, entry.path);
}

// What was made without a descriptor, under this name or a temporary one.
void Tree::note_made(const io::File& folder, const std::string& name) {
  struct stat status {};

  if (::fstatat(folder.descriptor(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
    made_files_.add(status.st_dev, status.st_ino);
  }
}

Result<Placed> Tree::place(const Entry& entry, bool again) {
  BRAID_TRY_VALUE(const std::string clean, clean_path(entry.path));
  if (entry.type == EntryType::directory) return place_folder(clean, entry);
  if (clean.empty()) return refuse(entry, "the name is the folder's own");
  switch (entry.type) {
    case EntryType::symlink:
      return place_link(clean, entry, again);
    case EntryType::hardlink:
      return place_hard_link(clean, entry, again);
    case EntryType::character_device:
    case EntryType::block_device:
    case EntryType::fifo:
      return place_special(clean, entry, again);
    default:
      return Error{.code = Errc::internal, .message = "a file has content", .entry = entry.path};
  }
}

Result<std::unique_ptr<NewFile>> Tree::create(const Entry& entry, bool again) {
  BRAID_TRY_VALUE(const std::string clean, clean_path(entry.path));
  if (clean.empty()) return refuse(entry, "the name is the folder's own");
  BRAID_TRY_VALUE(NewName name, new_name(clean, entry, again));
  return NewFile::create(entry, std::move(name), keep_,
                         options_.hard_links ? &made_files_ : nullptr);
}

Result<Placed> Tree::place_folder(const std::string& clean, const Entry& entry) {
  BRAID_TRY(named(folders_.reach(clean), entry));
  // What was there before the run is its owner's: only `preserve` changes it.
  if (options_.preserve || folders_.made(clean)) {
    LateFolder late{.path = clean, .entry = without_names(entry)};
    const base::Lock lock(mutex_);
    late_folders_.push_back(std::move(late));
  }
  return Placed::made;
}

Result<Placed> Tree::place_link(const std::string& clean, const Entry& entry, bool again) {
  if (options_.escaping_links) {
    if (entry.link_target.empty() || entry.link_target.find('\0') != std::string::npos) {
      return refuse(entry, "the link's target is no name");
    }
    return make_link(clean, entry, again);
  }
  BRAID_TRY_VALUE(const LinkReach reach, judge_link(clean, entry.link_target));
  if (reach == LinkReach::inside) return make_link(clean, entry, again);
  // Whether what its ".." lead up from are folders is known at the end.
  const base::Lock lock(mutex_);
  late_links_.push_back({.path = clean, .entry = entry});
  return Placed::made;
}

Result<Placed> Tree::make_link(const std::string& clean, const Entry& entry, bool again) {
  BRAID_TRY_VALUE(NewName name, new_name(clean, entry, again));
  Result<void> given;
  auto placed = name.make([&](const io::File& folder, const std::string& as) {
    if (::symlinkat(entry.link_target.c_str(), folder.descriptor(), as.c_str()) != 0) return errno;
    note_made(folder, as);
    given = give_link_metadata(folder.descriptor(), as, entry, keep_);
    return 0;
  });
  if (placed && !given) return std::move(given).error();
  return placed;
}

Result<Placed> Tree::place_hard_link(const std::string& clean, const Entry& entry, bool again) {
  if (!options_.hard_links) return refuse(entry, "hard links are not expected");
  auto target = clean_path(entry.link_target);
  if (!target) return refuse(entry, "of the link's target, " + target.error().message);
  if (target->empty()) return refuse(entry, "the link leads to a folder");
  SplitPath split = split_path(*target);
  auto folder = folders_.find(split.folder);
  if (!folder) {
    return refuse(entry, "the link's target was not extracted before: " + folder.error().message);
  }
  const auto file = io::open_handle_in(**folder, split.name);
  struct stat status {};

  // The handle is what is looked at and what is linked, whatever becomes of the name meanwhile.
  if (!file || ::fstat(file->descriptor(), &status) != 0 || !S_ISREG(status.st_mode) ||
      !made_files_.contains(status.st_dev, status.st_ino)) {
    return refuse(entry, "the link's target " + io::quote_name(entry.link_target) +
                             " is no file that was extracted before");
  }
  const std::string self = "/proc/self/fd/" + std::to_string(file->descriptor());
  BRAID_TRY_VALUE(NewName name, new_name(clean, entry, again));
  return name.make([&](const io::File& at, const std::string& as) {
    if (::linkat(AT_FDCWD, self.c_str(), at.descriptor(), as.c_str(), AT_SYMLINK_FOLLOW) == 0) {
      return 0;
    }
    if (errno != ENOENT) return errno;
    // No /proc here: by the name, which is not followed if it has become a link.
    return ::linkat((**folder).descriptor(), split.name.c_str(), at.descriptor(), as.c_str(), 0) ==
                   0
               ? 0
               : errno;
  });
}

Result<Placed> Tree::place_special(const std::string& clean, const Entry& entry, bool again) {
  if (!options_.special_files) {
    return refuse(entry, "devices and named pipes are only made with the option preserve");
  }
  const mode_t type = type_bits(entry.type);
  const dev_t device =
      entry.type == EntryType::fifo ? dev_t{0} : makedev(entry.device_major, entry.device_minor);
  BRAID_TRY_VALUE(NewName name, new_name(clean, entry, again));
  const mode_t mode = static_cast<mode_t>(entry.mode) & (keep_.exact ? 0777U : 0755U);
  Result<void> given;
  auto placed = name.make([&](const io::File& folder, const std::string& as) {
    if (::mknodat(folder.descriptor(), as.c_str(), type | mode, device) != 0) return errno;
    note_made(folder, as);
    given = give_link_metadata(folder.descriptor(), as, entry, keep_);
    return 0;
  });
  if (placed && !given) return std::move(given).error();
  return placed;
}

Result<void> Tree::finish() {
  std::vector<LateFolder> folders;
  std::vector<LateLink> links;
  {
    const base::Lock lock(mutex_);
    folders.swap(late_folders_);
    links.swap(late_links_);
  }
  Result<void> first;
  const auto note = [&first](Result<void> result) {
    if (first && !result) first = std::move(result);
  };
  for (const LateLink& link : links) note(finish_link(link));
  // What is below first, since a folder may lose the permission to enter it and times change with
  // what is made in it. Of several entries for one folder the last counts.
  std::ranges::stable_sort(folders, std::greater<>(), &LateFolder::path);
  for (std::size_t i = 0; i < folders.size(); ++i) {
    if (i + 1 < folders.size() && folders[i].path == folders[i + 1].path) continue;
    note(finish_folder(folders[i]));
  }
  return first;
}

Result<void> Tree::finish_link(const LateLink& link) {
  if (!leads_through_folders(link.path, link.entry.link_target)) {
    return refuse(link.entry, "the link leads up from something that is no folder");
  }
  BRAID_TRY(make_link(link.path, link.entry, true));
  return {};
}

// Every ".." of the target stands behind a folder that is no link, so that it means what it says.
bool Tree::leads_through_folders(const std::string& clean, const std::string& target) {
  std::string at = split_path(clean).folder;
  std::size_t begin = 0;
  while (begin < target.size()) {
    const std::size_t end = std::min(target.find('/', begin), target.size());
    const std::string name = target.substr(begin, end - begin);
    begin = end + 1;
    if (name.empty() || name == ".") continue;
    if (name != "..") {
      at += at.empty() ? name : '/' + name;
      continue;
    }
    if (at.empty() || !folders_.find(at)) return false;
    at = split_path(at).folder;
  }
  return true;
}

Result<void> Tree::finish_folder(const LateFolder& folder) {
  BRAID_TRY_VALUE(const io::File file, named(folders_.open_readable(folder.path), folder.entry));
  Entry entry = folder.entry;
  bool mode = keep_.exact;
  if (!mode) {
    struct stat status {};

    // It was made with all permissions that the umask leaves, and what it got from its parent.
    if (::fstat(file.descriptor(), &status) != 0) {
      return io::system_error("look at", entry.path, errno);
    }
    entry.mode = (entry.mode & status.st_mode & 0755U) | (status.st_mode & 07000U);
    mode = entry.mode != (status.st_mode & 07777U);
  }
  return give_metadata(file.descriptor(), entry, keep_, mode);
}

}  // namespace braid::archive
