#include <braid/archive_edit.hpp>

#include <new>
#include <unordered_set>

#include <sys/stat.h>

#include "archive/disk_feed.hpp"
#include "archive/read.hpp"
#include "base/no_memory.hpp"
#include "base/try.hpp"

namespace braid {

namespace {

using archive::Kept;

class NoFeed final : public archive::Feed {
 public:
  Result<bool> next(archive::Item& /*item*/) override { return false; }

  Result<void> open(archive::Item& /*item*/) override { return {}; }

  Result<bool> settle(archive::Item& /*item*/, Result<void> /*opened*/) override { return false; }

  Result<void> shrank(const archive::Item& /*item*/) override { return {}; }

  void written(const archive::Item& /*item*/) override {}
};

// An archive that is to be changed.
struct Opened {
  FileSource source;
  std::uint64_t size;
  const archive::Format* format;
};

Result<Opened> open(const std::filesystem::path& path) {
  BRAID_TRY_VALUE(FileSource source, FileSource::open(path));
  const auto size = source.size();
  Buffer head(1024);
  std::size_t count = 0;
  if (size) {
    BRAID_TRY_VALUE(count, source.read_at(head.writable(), 0));
  }
  const archive::Format* format = archive::detect_format(head.view().first(count));
  if (!size || format == nullptr) {
    return Error{.code = Errc::unsupported_feature,
                 .message = "only plain tar and zip archives can be changed"};
  }
  return Opened{std::move(source), *size, format};
}

class OpenedFile final : public archive::Positioned {
 public:
  explicit OpenedFile(const Opened& opened) noexcept : opened_(opened) {}

  std::uint64_t size() const noexcept override { return opened_.size; }

  Result<std::size_t> read_at(MutableBytes out, std::uint64_t offset) const override {
    return opened_.source.read_at(out, offset);
  }

 private:
  const Opened& opened_;
};

// The paths of everything under `paths`, without opening any of it.
Result<std::unordered_set<std::string>> paths_of(const std::vector<std::string>& paths,
                                                 const CreateOptions& options,
                                                 const archive::Format& format) {
  std::unordered_set<std::string> names;
  CreateOptions quiet = options;
  quiet.on_problem = [](const std::string&, const Error&) { return true; };
  ArchiveSummary ignored;
  archive::DiskFeed feed(paths, quiet, format, std::nullopt, ignored);
  for (;;) {
    archive::Item item;
    BRAID_TRY_VALUE(const bool more, feed.next(item));
    if (!more) return names;
    names.insert(std::move(item.entry.path));
  }
}

// The new archive has the permissions of the old one, as far as the system permits.
void keep_mode(const std::filesystem::path& path, const struct stat& before) {
  [[maybe_unused]] const int done = ::chmod(path.c_str(), before.st_mode & 07777);
}

}  // namespace

Result<ArchiveSummary> append_archive(Engine& engine, const std::filesystem::path& archive,
                                      const std::vector<std::string>& paths,
                                      const CreateOptions& options) try {
  BRAID_TRY_VALUE(const Opened opened, open(archive));
  const OpenedFile file(opened);
  struct stat status {};

  const bool looked = ::lstat(archive.c_str(), &status) == 0;
  std::unordered_set<std::string> replaced;
  if (!opened.format->last_name_wins) {
    BRAID_TRY_VALUE(replaced, paths_of(paths, options, *opened.format));
  }
  BRAID_TRY_VALUE(FileSink sink, FileSink::create(archive, {.overwrite = Overwrite::replace}));
  BRAID_TRY_VALUE(const Kept kept,
                  opened.format->keep(file, sink, options.run, [&](const Entry& entry) {
                    return replaced.contains(std::string(archive::bare_path(entry.path)));
                  }));
  const CompressionConfig config =
      opened.format->is_stream ? CompressionConfig(Algorithm::none) : options.compression;
  ArchiveSummary summary;
  archive::DiskFeed feed(paths, options, *opened.format,
                         looked ? std::optional(status) : std::nullopt, summary);
  BRAID_TRY_VALUE(summary.transfer,
                  opened.format->write({engine, sink, config, options.run, &kept}, feed));
  BRAID_TRY(sink.commit());
  if (looked) keep_mode(archive, status);
  return summary;
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to change the archive");
}

Result<ArchiveSummary> delete_entries(Engine& engine, const std::filesystem::path& archive,
                                      const DeleteOptions& options) try {
  if (options.names.empty()) {
    return Error{.code = Errc::invalid_argument, .message = "no names of entries to take out"};
  }
  BRAID_TRY_VALUE(const Opened opened, open(archive));
  const OpenedFile file(opened);
  struct stat status {};

  const bool looked = ::lstat(archive.c_str(), &status) == 0;
  BRAID_TRY_VALUE(FileSink sink, FileSink::create(archive, {.overwrite = Overwrite::replace}));
  NameFilter filter;
  filter.names = options.names;
  archive::Selection selection(filter);
  ArchiveSummary summary;
  BRAID_TRY_VALUE(const Kept kept,
                  opened.format->keep(file, sink, options.run, [&](const Entry& entry) {
                    if (!selection.wants(entry.path, entry.type == EntryType::directory)) {
                      return false;
                    }
                    ++summary.entries;
                    if (options.on_entry) options.on_entry(entry);
                    return true;
                  }));
  summary.unmet = selection.unmet();
  if (!summary.unmet.empty()) {
    summary.entries = 0;
    return summary;
  }
  NoFeed nothing;
  const CompressionConfig config(opened.format->default_algorithm);
  BRAID_TRY_VALUE(summary.transfer,
                  opened.format->write({engine, sink, config, options.run, &kept}, nothing));
  BRAID_TRY(sink.commit());
  if (looked) keep_mode(archive, status);
  return summary;
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to change the archive");
}

}  // namespace braid
