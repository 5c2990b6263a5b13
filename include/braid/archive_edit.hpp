#pragma once

#include <braid/archive.hpp>

// Changing what an archive holds: plain tar and zip. What is compressed as a whole must be written
// anew. The archive is copied beside itself with the change, and replaces itself in one step: it is
// complete before and after, whatever happens. Cost: the archive is read and written once, without
// decoding; memory as for reading its directory.
namespace braid {

// Adds what lies under `paths`, as create_archive() would write it; of `options`, `format` is the
// archive's own and `compression` is for the new entries of a zip archive. Entries of the same
// names are replaced in a zip archive; in a tar archive the new ones come behind them, which is
// what stays when it is unpacked. The summary counts the new entries.
// Errors: those of create_archive() and of reading the archive; unsupported_feature (compressed as
// a whole, or a zip archive with something before or behind it).
[[nodiscard]] BRAID_API Result<ArchiveSummary> append_archive(Engine& engine,
                                                              const std::filesystem::path& archive,
                                                              const std::vector<std::string>& paths,
                                                              const CreateOptions& options);

struct DeleteOptions {
  std::vector<std::string> names;                // as NameFilter::names; at least one
  std::function<void(const Entry&)> on_entry{};  // is taken out; from the calling thread
  RunOptions run{};
};

// Takes entries out. The summary counts them; where `unmet` is not empty, nothing was changed.
// Errors: those of reading the archive; invalid_argument (no names, or a file of which a hard link
// that stays is another name), unsupported_feature as above.
[[nodiscard]] BRAID_API Result<ArchiveSummary> delete_entries(Engine& engine,
                                                              const std::filesystem::path& archive,
                                                              const DeleteOptions& options);

}  // namespace braid
