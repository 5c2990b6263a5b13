#pragma once

#include <braid/archive.hpp>

#include "archive/format.hpp"
#include "archive/selection.hpp"

namespace braid::archive {

// Leads `visitor` through the archive in `source`, which `file`, when it is there, gives places to.
// Finds the format by content unless the options name it, and holds everything against the limits
// and filters of the options.
[[nodiscard]] Result<ArchiveSummary> read_archive(Engine& engine, Source& source,
                                                  const Positioned* file, EntryVisitor& visitor,
                                                  const ArchiveReadOptions& options);

struct FoundContents {
  ArchiveFormat format;
  std::unique_ptr<Contents> contents;
};

// Tells `visitor` of the entries by enter() alone; their contents can be read afterwards, for which
// `file` must live.
[[nodiscard]] Result<FoundContents> read_contents(Engine& engine, const Positioned& file,
                                                  EntryVisitor& visitor,
                                                  const ArchiveReadOptions& options);

// The same of a file.
[[nodiscard]] Result<ArchiveSummary> read_archive_file(Engine& engine,
                                                       const std::filesystem::path& archive,
                                                       EntryVisitor& visitor,
                                                       const ArchiveReadOptions& options);

}  // namespace braid::archive
