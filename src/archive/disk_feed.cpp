#include "archive/disk_feed.hpp"

#include <algorithm>

#include <dirent.h>
#include <grp.h>
#include <pwd.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "archive/entry_type.hpp"
#include "archive/file_content.hpp"
#include "base/try.hpp"
#include "io/system_error.hpp"

namespace braid::archive {

namespace {

// Deeper than any tree in earnest; as many folders are open at once.
constexpr std::size_t most_levels = 256;

// Sparse files of more parts are written out: readers limit how many they take.
constexpr std::size_t max_parts = 65'536;

unsigned char type_of(mode_t mode) noexcept {
  return static_cast<unsigned char>(IFTODT(mode));
}

Timestamp timestamp(const timespec& time) noexcept {
  return {time.tv_sec, static_cast<std::uint32_t>(time.tv_nsec)};
}

// The folder that a path begins in, "/" or what comes before its last "..", and what is stored of
// it, which is the rest: "./a//b/" is "a/b", of "../../a/b" too.
struct GivenPath {
  std::string from{};  // empty: where all paths begin
  std::string stored{};
};

GivenPath split(std::string_view given) {
  GivenPath path{.from = given.starts_with('/') ? "/" : ""};
  for (std::size_t at = 0; at < given.size();) {
    const std::size_t end = std::min(given.find('/', at), given.size());
    const std::string_view part = given.substr(at, end - at);
    at = end + 1;
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      path = {.from = std::string(given.substr(0, end))};
      continue;
    }
    if (!path.stored.empty()) path.stored += '/';
    path.stored += part;
  }
  return path;
}

// The same mode for every tree that differs in nothing but its owner's habits.
std::uint32_t plain_mode(EntryType type, std::uint32_t mode) noexcept {
  const bool executable = type == EntryType::directory || (mode & 0100) != 0;
  return executable ? 0755 : 0644;
}

}  // namespace

DiskFeed::DiskFeed(const std::vector<std::string>& paths, const CreateOptions& options,
                   const Format& format, std::optional<struct stat> left_out,
                   ArchiveSummary& summary)
    : paths_(paths),
      options_(options),
      format_(format),
      sparse_(options.sparse && format.keeps_holes),
      selection_(options.filter),
      left_out_(left_out),
      summary_(summary) {}

Result<bool> DiskFeed::next(Item& item) {
  if (top_ == nullptr) {
    const std::string folder = options_.folder.empty() ? "." : options_.folder.native();
    BRAID_TRY_VALUE(top_, io::Folder::open(folder));
  }
  for (;;) {
    if (levels_.empty()) {
      if (path_at_ == paths_.size()) return false;
      BRAID_TRY_VALUE(const bool met, next_path(item));
      if (met) return true;
      continue;
    }
    Level& level = levels_.back();
    if (level.at == level.names.size()) {
      levels_.pop_back();
      continue;
    }
    const io::FolderName& name = level.names[level.at++];
    std::string path = level.path.empty() ? name.name : level.path + '/' + name.name;
    const std::shared_ptr<const io::Folder> folder = level.folder;
    const io::FolderName copy = name;  // descending moves the levels
    BRAID_TRY_VALUE(const bool met,
                    meet(item, folder, std::move(path), copy, level.ignored, false));
    if (met) return true;
  }
}

// What the .gitignore files say that lie above `path`.
Result<std::shared_ptr<const IgnoreRules>> DiskFeed::rules_above(const io::Folder& top,
                                                                 std::string_view path) const {
  std::shared_ptr<const IgnoreRules> rules;
  if (!options_.gitignore || path.empty()) return rules;
  BRAID_TRY_VALUE(rules, IgnoreRules::read(std::move(rules), top, ""));
  for (std::size_t at = path.find('/'); at != path.npos; at = path.find('/', at + 1)) {
    const std::string folder(path.substr(0, at));
    BRAID_TRY_VALUE(rules,
                    IgnoreRules::read(std::move(rules), top, folder, folder + "/.gitignore"));
  }
  return rules;
}

Result<bool> DiskFeed::next_path(Item& item) {
  const std::string& given = paths_[path_at_++];
  auto [from, path] = split(given);
  std::shared_ptr<const io::Folder> folder = top_;
  if (!from.empty()) {
    auto other = io::Folder::open(options_.folder / from);
    if (!other) {
      BRAID_TRY(problem(given, std::move(other).error()));
      return false;
    }
    folder = *std::move(other);
  }
  BRAID_TRY_VALUE(std::shared_ptr<const IgnoreRules> rules, rules_above(*folder, path));
  if (path.empty()) {  // ".": what is in the folder, without an entry for it
    BRAID_TRY(descend(std::move(folder), std::string(), std::move(rules)));
    return false;
  }
  auto status = folder->look(path);
  if (!status) {
    BRAID_TRY(problem(given, std::move(status).error()));
    return false;
  }
  const io::FolderName name{path, type_of(status->st_mode)};
  return meet(item, folder, std::move(path), name, std::move(rules), true);
}

// Makes an item of what lies under a name; false when it is left out.
Result<bool> DiskFeed::meet(Item& item, const std::shared_ptr<const io::Folder>& folder,
                            std::string path, const io::FolderName& name,
                            std::shared_ptr<const IgnoreRules> above, bool is_given) {
  unsigned char type = name.type;
  if (type == DT_UNKNOWN) {
    auto status = folder->look(name.name);
    if (!status) {
      BRAID_TRY(problem(path, std::move(status).error()));
      return false;
    }
    type = type_of(status->st_mode);
  }
  const bool is_folder = type == DT_DIR;
  const bool ignored = !is_given && above != nullptr && above->ignores(path, is_folder);
  const bool wanted = !ignored && type != DT_SOCK && selection_.wants(path, is_folder);
  if (!wanted) ++summary_.skipped;
  if (is_folder && !ignored && selection_.enters(path)) {
    auto below = folder->open_folder(name.name);
    Result<void> result =
        below ? descend(*below, path, std::move(above)) : Result<void>(std::move(below).error());
    if (!result) {
      BRAID_TRY(problem(path, std::move(result).error()));
      return false;
    }
  }
  if (!wanted) return false;
  item.entry.type = entry_type(DTTOIF(type));
  if (!format_.keeps_devices && is_special(item.entry.type)) {
    BRAID_TRY(problem(path, {.code = Errc::unsupported_feature,
                             .message = std::string(format_.name) +
                                        " archives hold no devices and named pipes"}));
    return false;
  }
  item.entry.path = std::move(path);
  item.folder = is_folder ? levels_.back().folder : folder;
  item.name = name.name;
  return true;
}

Result<void> DiskFeed::descend(std::shared_ptr<const io::Folder> folder, std::string path,
                               std::shared_ptr<const IgnoreRules> above) {
  if (levels_.size() == most_levels) {
    return Error{.code = Errc::io, .message = "lies too deep", .entry = std::move(path)};
  }
  BRAID_TRY_VALUE(auto names, folder->names());
  if (options_.gitignore) {
    BRAID_TRY_VALUE(above, IgnoreRules::read(std::move(above), *folder, path));
  }
  levels_.push_back({.folder = std::move(folder),
                     .path = std::move(path),
                     .names = std::move(names),
                     .ignored = std::move(above)});
  return {};
}

Result<void> DiskFeed::problem(const std::string& path, Error error) {
  error.entry = path;
  if (!options_.on_problem || !options_.on_problem(path, error)) return error;
  ++summary_.skipped;
  return {};
}

Result<void> DiskFeed::open(Item& item) {
  Entry& entry = item.entry;
  if (entry.type == EntryType::directory) {
    BRAID_TRY_VALUE(item.status, item.folder->status());
    if (options_.attributes) BRAID_TRY(read_attributes(item, item.folder->descriptor()));
  } else if (entry.type == EntryType::file) {
    BRAID_TRY_VALUE(io::File file, item.folder->open_file(item.name, item.status));
    entry.size = static_cast<std::uint64_t>(item.status.st_size);
    if (!in_range(item)) return {};
    if (options_.attributes) BRAID_TRY(read_attributes(item, file.descriptor()));
    const bool holes = static_cast<std::uint64_t>(item.status.st_blocks) * 512 < entry.size;
    if (sparse_ && holes) entry.extents = find_extents(file, entry.size, max_parts);
    if (entry.size <= small_file_bytes && !entry.extents) {
      BRAID_TRY(read_small(item, file));
    } else {
      auto parts = entry.extents.value_or(std::vector<Extent>{{0, entry.size}});
      item.content = std::make_unique<FileContent>(std::move(file), std::move(parts));
    }
  } else {
    BRAID_TRY_VALUE(item.status, item.folder->look(item.name));
    if (entry_type(item.status.st_mode) != entry.type) {
      return Error{.code = Errc::io, .message = "became another kind of file", .entry = entry.path};
    }
    if (entry.type == EntryType::symlink) {
      BRAID_TRY_VALUE(entry.link_target, item.folder->read_link(item.name));
    }
  }
  fill(item);
  return {};
}

// By what the system said of the file when it was opened.
bool DiskFeed::in_range(const Item& item) const {
  return selection_.wants_file(static_cast<std::uint64_t>(item.status.st_size),
                               timestamp(item.status.st_mtim));
}

// What the file has when it is read is its content, however its size changed since it was asked.
Result<void> DiskFeed::read_small(Item& item, io::File& file) const {
  if (item.entry.size == 0) return {};
  Buffer bytes(static_cast<std::size_t>(item.entry.size));
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    BRAID_TRY_VALUE(const std::size_t count, file.read(bytes.writable().subspan(filled)));
    if (count == 0) break;
    filled += count;
  }
  bytes.resize(filled);
  item.entry.size = filled;
  item.content = std::make_unique<HeldContent>(std::move(bytes));
  return {};
}

void DiskFeed::fill(Item& item) const {
  Entry& entry = item.entry;
  const struct stat& status = item.status;
  entry.mode = status.st_mode & 07777;
  entry.modified = timestamp(status.st_mtim);
  if (options_.owners) {
    entry.user_id = status.st_uid;
    entry.group_id = status.st_gid;
  }
  if (entry.type == EntryType::character_device || entry.type == EntryType::block_device) {
    entry.device_major = major(status.st_rdev);
    entry.device_minor = minor(status.st_rdev);
  }
  if (!options_.reproducible) return;
  entry.mode = plain_mode(entry.type, entry.mode);
  entry.modified = Timestamp{options_.reproducible_time, 0};
  entry.user_id = entry.group_id = 0;
}

Result<void> DiskFeed::read_attributes(Item& item, int descriptor) const {
  std::string names(64 << 10, '\0');  // XATTR_LIST_MAX: the kernel has no longer list
  const ssize_t length = ::flistxattr(descriptor, names.data(), names.size());
  if (length < 0 && errno == ENOTSUP) return {};
  if (length < 0) return io::system_error("list the attributes of", item.entry.path, errno);
  std::string_view rest(names.data(), static_cast<std::size_t>(length));
  std::string value(64 << 10, '\0');  // XATTR_SIZE_MAX
  while (!rest.empty()) {
    const std::string name(rest.substr(0, rest.find('\0')));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    const ssize_t size = ::fgetxattr(descriptor, name.c_str(), value.data(), value.size());
    if (size < 0) continue;  // gone, or not ours to read
    item.entry.attributes.push_back({name, value.substr(0, static_cast<std::size_t>(size))});
  }
  std::ranges::sort(item.entry.attributes, {}, &Attribute::name);
  return {};
}

Result<bool> DiskFeed::settle(Item& item, Result<void> opened) {
  if (!opened) {
    BRAID_TRY(problem(item.entry.path, std::move(opened).error()));
    return false;
  }
  if (item.entry.type == EntryType::file && !in_range(item)) {
    ++summary_.skipped;
    return false;
  }
  const bool itself = left_out_ && item.status.st_dev == left_out_->st_dev &&
                      item.status.st_ino == left_out_->st_ino;
  if (itself) {
    ++summary_.skipped;
    return false;
  }
  if (options_.owners && !options_.reproducible) {
    item.entry.user = user_name(item.status.st_uid);
    item.entry.group = group_name(item.status.st_gid);
  }
  if (format_.keeps_hard_links && item.status.st_nlink > 1 &&
      item.entry.type != EntryType::directory)
    link_again(item);
  return true;
}

bool DiskFeed::link_again(Item& item) {
  const auto [first, is_new] =
      first_names_.try_emplace({item.status.st_dev, item.status.st_ino}, item.entry.path);
  if (is_new) return false;
  item.entry.type = EntryType::hardlink;
  item.entry.link_target = first->second;
  item.entry.size = 0;
  item.entry.extents.reset();
  item.content.reset();
  return true;
}

const std::string& DiskFeed::user_name(uid_t id) {
  const auto [found, is_new] = users_.try_emplace(id);
  if (is_new) {
    passwd entry{};
    passwd* result = nullptr;
    std::vector<char> room(16 << 10);
    if (::getpwuid_r(id, &entry, room.data(), room.size(), &result) == 0 && result != nullptr) {
      found->second = result->pw_name;
    }
  }
  return found->second;
}

const std::string& DiskFeed::group_name(gid_t id) {
  const auto [found, is_new] = groups_.try_emplace(id);
  if (is_new) {
    group entry{};
    group* result = nullptr;
    std::vector<char> room(64 << 10);
    if (::getgrgid_r(id, &entry, room.data(), room.size(), &result) == 0 && result != nullptr) {
      found->second = result->gr_name;
    }
  }
  return found->second;
}

Result<void> DiskFeed::shrank(const Item& item) {
  Error error{.code = Errc::io,
              .message = "became shorter while it was read; the rest was filled with zeros",
              .entry = item.entry.path};
  if (!options_.on_problem || !options_.on_problem(item.entry.path, error)) return error;
  return {};
}

void DiskFeed::written(const Item& item) {
  ++summary_.entries;
  if (item.entry.type == EntryType::file) summary_.bytes += item.entry.size;
  if (options_.on_entry) options_.on_entry(item.entry);
}

}  // namespace braid::archive
