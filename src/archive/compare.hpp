#pragma once

#include <braid/archive.hpp>

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "archive/selection.hpp"
#include "base/mutex.hpp"
#include "io/below.hpp"
#include "io/folder.hpp"

namespace braid::archive {

// Holds the entries that it meets against what lies below a folder. Never follows a link.
class Comparison final : public EntryVisitor {
 public:
  // Errors: not_found, io.
  [[nodiscard]] static Result<std::unique_ptr<Comparison>> open(const std::string& folder,
                                                                const CompareOptions& options);

  Result<Visit> enter(const Entry& entry) override;
  Result<std::unique_ptr<EntrySink>> open(const Entry& entry) override;

  // Whether the entry failed because its content differs; then that is reported.
  [[nodiscard]] bool take_content(const std::string& path) BRAID_EXCLUDES(mutex_);

  // Reports what lies there and was not met.
  [[nodiscard]] Result<void> find_extra();

 private:
  // Folders come one after another, and few are at work at once.
  static constexpr std::size_t most_open = 64;

  using FolderHandle = std::shared_ptr<const io::Folder>;

  class Content;

  Comparison(io::File top, FolderHandle top_folder, const CompareOptions& options)
      : top_(std::move(top)), top_folder_(std::move(top_folder)), options_(options) {}

  Result<FolderHandle> folder(const std::string& path) BRAID_EXCLUDES(mutex_);
  Result<Visit> compare(const Entry& entry, const io::Folder& folder, const std::string& name,
                        const struct stat& status);
  Result<void> compare_hard_link(const Entry& entry, const struct stat& status);
  void differs(const Entry& entry, Difference what) const;

  io::File top_;
  FolderHandle top_folder_;
  const CompareOptions& options_;
  io::Walk walk_ = io::best_walk();
  std::unordered_set<std::string> met_;  // clean paths
  base::Mutex mutex_;
  std::unordered_map<std::string, FolderHandle> folders_ BRAID_GUARDED_BY(mutex_);
  std::unordered_set<std::string> other_content_ BRAID_GUARDED_BY(mutex_);
};

}  // namespace braid::archive
