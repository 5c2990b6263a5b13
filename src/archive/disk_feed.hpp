#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "archive/format.hpp"
#include "archive/ignore_file.hpp"
#include "archive/selection.hpp"

namespace braid::archive {

// Files of at most this size are read whole when they are opened; larger ones as they are written.
inline constexpr std::uint64_t small_file_bytes = 128 << 10;

// Walks through files and folders on the disk, in a fixed order.
class DiskFeed final : public Feed {
 public:
  // Borrows all of it. `skipped`: the file that is being written or replaced, left out.
  DiskFeed(const std::vector<std::string>& paths, const CreateOptions& options,
           const Format& format, std::optional<struct stat> left_out, ArchiveSummary& summary);

  Result<bool> next(Item& item) override;
  Result<void> open(Item& item) override;
  Result<bool> settle(Item& item, Result<void> opened) override;
  Result<void> shrank(const Item& item) override;
  void written(const Item& item) override;

  [[nodiscard]] std::vector<std::string> unmet() const { return selection_.unmet(); }

 private:
  // A folder whose names are being gone through.
  struct Level {
    std::shared_ptr<const io::Folder> folder;
    std::string path;  // within the archive; empty at the top
    std::vector<io::FolderName> names;
    std::size_t at = 0;
    std::shared_ptr<const IgnoreRules> ignored{};  // null: nothing is
  };

  Result<bool> next_path(Item& item);
  Result<bool> meet(Item& item, const std::shared_ptr<const io::Folder>& folder, std::string path,
                    const io::FolderName& name, std::shared_ptr<const IgnoreRules> above,
                    bool is_given);
  Result<void> descend(std::shared_ptr<const io::Folder> folder, std::string path,
                       std::shared_ptr<const IgnoreRules> above);
  Result<std::shared_ptr<const IgnoreRules>> rules_above(const io::Folder& top,
                                                         std::string_view path) const;
  Result<void> problem(const std::string& path, Error error);
  void fill(Item& item) const;
  [[nodiscard]] bool in_range(const Item& item) const;
  Result<void> read_small(Item& item, io::File& file) const;
  Result<void> read_attributes(Item& item, int descriptor) const;
  const std::string& user_name(uid_t id);
  const std::string& group_name(gid_t id);
  bool link_again(Item& item);

  const std::vector<std::string>& paths_;
  const CreateOptions& options_;
  const Format& format_;
  bool sparse_;
  Selection selection_;
  std::optional<struct stat> left_out_;
  ArchiveSummary& summary_;
  std::shared_ptr<const io::Folder> top_;
  std::size_t path_at_ = 0;
  std::vector<Level> levels_;
  std::map<std::pair<dev_t, ino_t>, std::string> first_names_;  // of files with several
  std::unordered_map<uid_t, std::string> users_;
  std::unordered_map<gid_t, std::string> groups_;
};

}  // namespace braid::archive
