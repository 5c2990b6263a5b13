#pragma once

#include "cli/archive_job.hpp"
#include "cli/input.hpp"
#include "cli/outcome.hpp"

namespace braid::cli {

// A file to be read that may be an archive or a plain compressed stream; "-" is standard input.
class ReadFile {
 public:
  // Errors: not_found, io, cancelled.
  [[nodiscard]] static Result<ReadFile> open(ArchiveJob& job, const std::string& name);

  // By -F, else by the name and content. What is neither is left to fail as an archive.
  [[nodiscard]] bool is_archive() const noexcept { return is_archive_; }

  // For commands that streams are nothing for. Errors: unknown_format.
  [[nodiscard]] Result<void> require_archive() const;

  // Whether the archive is best opened again by its name, since a file can be read at any place;
  // else input() is to be read, what was looked at included.
  [[nodiscard]] bool has_places() const noexcept { return input_.is_regular() && name_ != "-"; }

  [[nodiscard]] Input& input() noexcept { return input_; }

  // Of a stream, no entries can be asked for. Errors: invalid_argument.
  [[nodiscard]] Result<void> no_entries(const std::vector<std::string>& entries) const;

  // Leads the visitor through it.
  [[nodiscard]] Result<ArchiveSummary> visit(EntryVisitor& visitor,
                                             const ArchiveReadOptions& options);

  // Restores the stream.
  [[nodiscard]] Result<Outcome> restore(Sink& sink, Action action);

 private:
  ReadFile(ArchiveJob& job, std::string name, Input input)
      : job_(job), name_(std::move(name)), input_(std::move(input)) {}

  Result<bool> look();

  ArchiveJob& job_;
  std::string name_;
  Input input_;
  bool is_archive_ = true;
};

}  // namespace braid::cli
