#include <braid/archive.hpp>

#include <new>

#include "archive/disk_feed.hpp"
#include "archive/format.hpp"
#include "base/no_memory.hpp"
#include "base/try.hpp"

namespace braid {

namespace {

Result<ArchiveSummary> create(Engine& engine, Sink& sink, const std::vector<std::string>& paths,
                              const CreateOptions& options,
                              std::optional<struct stat> left_out) try {
  const archive::Format& format = archive::format(options.format);
  ArchiveSummary summary;
  archive::DiskFeed feed(paths, options, format, left_out, summary);
  BRAID_TRY_VALUE(summary.transfer,
                  format.write({engine, sink, options.compression, options.run}, feed));
  summary.unmet = feed.unmet();
  return summary;
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to write the archive");
}

}  // namespace

Result<ArchiveSummary> create_archive(Engine& engine, Sink& sink,
                                      const std::vector<std::string>& paths,
                                      const CreateOptions& options) {
  return create(engine, sink, paths, options, std::nullopt);
}

Result<ArchiveSummary> create_archive(Engine& engine, const std::filesystem::path& archive,
                                      const std::vector<std::string>& paths,
                                      const CreateOptions& options, Overwrite overwrite) {
  BRAID_TRY_VALUE(FileSink sink, FileSink::create(archive, {.overwrite = overwrite}));
  std::optional<struct stat> left_out;

  struct stat status {};

  if (::lstat(archive.c_str(), &status) == 0) left_out = status;
  BRAID_TRY_VALUE(ArchiveSummary summary, create(engine, sink, paths, options, left_out));
  BRAID_TRY(sink.commit());
  return summary;
}

}  // namespace braid
