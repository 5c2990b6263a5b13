#include "archive/compare.hpp"

#include <algorithm>
#include <cstring>

#include <dirent.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "archive/entry_type.hpp"
#include "archive/read.hpp"
#include "archive/tree/path.hpp"
#include "base/try.hpp"

namespace braid::archive {

namespace {

constexpr std::size_t compared_bytes = 64 << 10;

// An archive that stores whole seconds has no word on the rest, and zip stores 100 ns.
bool is_time(const Timestamp& stored, const timespec& time) noexcept {
  constexpr std::uint32_t zip_step = 100;
  const auto nanoseconds = static_cast<std::uint32_t>(time.tv_nsec);
  const bool coarse = stored.nanoseconds % zip_step == 0 &&
                      stored.nanoseconds == nanoseconds - nanoseconds % zip_step;
  return stored.seconds == time.tv_sec &&
         (stored.nanoseconds == 0 || stored.nanoseconds == nanoseconds || coarse);
}

}  // namespace

// The content of an entry beside that of the file. The first byte that differs ends it.
class Comparison::Content final : public EntrySink {
 public:
  Content(Comparison& comparison, std::string path, io::File file)
      : comparison_(comparison), path_(std::move(path)), file_(std::move(file)) {}

  Result<void> write(ByteView bytes) override {
    while (!bytes.empty()) {
      BRAID_TRY_VALUE(const ByteView there, read(bytes.size()));
      if (there.empty() || there != bytes.first(there.size())) return other();
      bytes = bytes.drop(there.size());
    }
    return {};
  }

  Result<void> skip(std::uint64_t count) override {
    // A hole up to there needs no reading.
    const off_t data = ::lseek(file_.descriptor(), static_cast<off_t>(position_), SEEK_DATA);
    if (data >= 0) {
      const std::uint64_t hole = static_cast<std::uint64_t>(data) - position_;
      position_ += std::min(hole, count);
      count -= std::min(hole, count);
    } else if (errno == ENXIO) {
      position_ += count;  // a hole up to the end; the size has been compared
      count = 0;
    }
    while (count != 0) {
      BRAID_TRY_VALUE(const ByteView there, read(count));
      const bool zeros = std::ranges::all_of(there, [](std::byte b) { return b == std::byte{0}; });
      if (there.empty() || !zeros) return other();
      count -= there.size();
    }
    return {};
  }

  Result<void> finish() override { return {}; }

 private:
  Result<ByteView> read(std::uint64_t most) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(most, compared_bytes));
    if (buffer_.size() < size) buffer_.resize(size);
    BRAID_TRY_VALUE(const std::size_t count,
                    file_.read_at(buffer_.writable().first(size), position_));
    position_ += count;
    return buffer_.view().first(count);
  }

  Error other() {
    const base::Lock lock(comparison_.mutex_);
    comparison_.other_content_.insert(path_);
    return Error{.code = Errc::internal, .message = "the content differs", .entry = path_};
  }

  Comparison& comparison_;
  std::string path_;
  io::File file_;
  std::uint64_t position_ = 0;
  Buffer buffer_;
};

Result<std::unique_ptr<Comparison>> Comparison::open(const std::string& folder,
                                                     const CompareOptions& options) {
  BRAID_TRY_VALUE(io::File top, io::open_top_folder(folder));
  BRAID_TRY_VALUE(FolderHandle top_folder, io::Folder::open(folder));
  return std::unique_ptr<Comparison>(
      new Comparison(std::move(top), std::move(top_folder), options));
}

Result<Visit> Comparison::enter(const Entry& entry) {
  BRAID_TRY_VALUE(const std::string clean, clean_path(entry.path));
  if (clean.empty()) return Visit::skip;
  // The folders above it, too, which may have no entry of their own.
  for (std::string path = clean; !path.empty() && met_.insert(path).second;) {
    path = split_path(path).folder;
  }
  const SplitPath split = split_path(clean);
  auto above = folder(split.folder);
  if (!above && above.error().code == Errc::io) return std::move(above).error();
  const auto status = above ? (*above)->look(split.name) : Result<struct stat>(above.error());
  if (!status) {
    differs(entry, Difference::missing);
    return Visit::skip;
  }
  return compare(entry, **above, split.name, *status);
}

Result<Visit> Comparison::compare(const Entry& entry, const io::Folder& folder,
                                  const std::string& name, const struct stat& status) {
  const bool other_device = is_device(entry.type) && (major(status.st_rdev) != entry.device_major ||
                                                      minor(status.st_rdev) != entry.device_minor);
  if ((status.st_mode & S_IFMT) != type_bits(entry.type) || other_device) {
    differs(entry, Difference::type);
    return Visit::skip;
  }
  if (entry.type == EntryType::symlink) {
    BRAID_TRY_VALUE(const std::string target, folder.read_link(name));
    if (target != entry.link_target) differs(entry, Difference::link);
  } else if ((status.st_mode & 07777U) != entry.mode) {
    differs(entry, Difference::mode);
  }
  if (entry.modified && !is_time(*entry.modified, status.st_mtim)) {
    differs(entry, Difference::time);
  }
  if (entry.type == EntryType::hardlink) BRAID_TRY(compare_hard_link(entry, status));
  if (entry.type != EntryType::file) return Visit::skip;
  if (entry.size == static_cast<std::uint64_t>(status.st_size)) return Visit::read;
  differs(entry, Difference::size);
  return Visit::skip;
}

Result<void> Comparison::compare_hard_link(const Entry& entry, const struct stat& status) {
  BRAID_TRY_VALUE(const std::string target, clean_path(entry.link_target));
  const SplitPath split = split_path(target);
  const auto above = folder(split.folder);
  const auto first = above ? (*above)->look(split.name) : Result<struct stat>(above.error());
  if (!first || first->st_dev != status.st_dev || first->st_ino != status.st_ino) {
    differs(entry, Difference::link);
  }
  return {};
}

Result<std::unique_ptr<EntrySink>> Comparison::open(const Entry& entry) {
  BRAID_TRY_VALUE(const std::string clean, clean_path(entry.path));
  const SplitPath split = split_path(clean);
  BRAID_TRY_VALUE(const FolderHandle above, folder(split.folder));
  struct stat status {};
  BRAID_TRY_VALUE(io::File file, above->open_file(split.name, status));
  return std::unique_ptr<EntrySink>(std::make_unique<Content>(*this, entry.path, std::move(file)));
}

Result<Comparison::FolderHandle> Comparison::folder(const std::string& path) {
  if (path.empty()) return top_folder_;
  {
    const base::Lock lock(mutex_);
    if (const auto found = folders_.find(path); found != folders_.end()) return found->second;
  }
  BRAID_TRY_VALUE(io::File file, io::open_folder_below(top_, path, walk_, true));
  auto handle = std::make_shared<const io::Folder>(std::move(file));
  const base::Lock lock(mutex_);
  if (folders_.size() >= most_open) folders_.clear();
  folders_.insert_or_assign(path, handle);
  return handle;
}

bool Comparison::take_content(const std::string& path) {
  {
    const base::Lock lock(mutex_);
    if (other_content_.erase(path) == 0) return false;
  }
  if (options_.on_difference) options_.on_difference(path, Difference::content);
  return true;
}

void Comparison::differs(const Entry& entry, Difference what) const {
  if (options_.on_difference) options_.on_difference(entry.path, what);
}

Result<void> Comparison::find_extra() {
  Selection selection(options_.read.filter);
  std::vector<std::string> waiting = {""};  // folders; the next one last
  while (!waiting.empty()) {
    const std::string path = std::move(waiting.back());
    waiting.pop_back();
    BRAID_TRY_VALUE(const FolderHandle handle, folder(path));
    BRAID_TRY_VALUE(const auto names, handle->names());
    std::vector<std::string> below;
    for (const io::FolderName& name : names) {
      std::string full = path.empty() ? name.name : path + '/' + name.name;
      bool is_folder = name.type == DT_DIR;
      if (name.type == DT_UNKNOWN) {
        BRAID_TRY_VALUE(const struct stat status, handle->look(name.name));
        is_folder = S_ISDIR(status.st_mode);
      }
      const bool met = met_.contains(full);
      const bool wanted = selection.wants(full, is_folder);
      if (!met && wanted && options_.on_difference) {
        options_.on_difference(full, Difference::extra);
      }
      if (is_folder && (met || !wanted) && selection.enters(full)) below.push_back(std::move(full));
    }
    waiting.insert(waiting.end(), below.rbegin(), below.rend());
  }
  return {};
}

}  // namespace braid::archive

namespace braid {

namespace {

template <typename Read>
Result<ArchiveSummary> compare(const std::filesystem::path& folder, const CompareOptions& options,
                               const Read& read) {
  BRAID_TRY_VALUE(const auto comparison, archive::Comparison::open(folder.native(), options));
  ArchiveReadOptions reading = options.read;
  reading.on_problem = [&](const std::string& entry, const Error& error) {
    if (comparison->take_content(entry)) return true;
    return options.read.on_problem && options.read.on_problem(entry, error);
  };
  BRAID_TRY_VALUE(ArchiveSummary summary, read(*comparison, reading));
  BRAID_TRY(comparison->find_extra());
  return summary;
}

}  // namespace

Result<ArchiveSummary> compare_archive(Engine& engine, Source& source,
                                       const std::filesystem::path& folder,
                                       const CompareOptions& options) {
  return compare(folder, options, [&](EntryVisitor& visitor, const ArchiveReadOptions& reading) {
    return archive::read_archive(engine, source, nullptr, visitor, reading);
  });
}

Result<ArchiveSummary> compare_archive(Engine& engine, const std::filesystem::path& archive,
                                       const std::filesystem::path& folder,
                                       const CompareOptions& options) {
  return compare(folder, options, [&](EntryVisitor& visitor, const ArchiveReadOptions& reading) {
    return archive::read_archive_file(engine, archive, visitor, reading);
  });
}

}  // namespace braid
