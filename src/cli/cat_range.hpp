#pragma once

#include "cli/archive_job.hpp"

namespace braid::cli {

// Writes the range of settings.range of a compressed file to `sink`: by the index of --index, by
// one that lies beside the file (FILE.idx, FILE.gzi), by the file's own sizes, or else by restoring
// what comes before. Errors: those of SeekIndex::load() and of restoring.
[[nodiscard]] Result<Outcome> cat_range(ArchiveJob& job, const std::string& name, Sink& sink);

}  // namespace braid::cli
