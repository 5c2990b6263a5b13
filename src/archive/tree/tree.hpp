#pragma once

#include <braid/archive.hpp>

#include <memory>
#include <string>
#include <vector>

#include "archive/tree/folders.hpp"
#include "archive/tree/metadata.hpp"
#include "archive/tree/new_file.hpp"
#include "archive/tree/new_name.hpp"

namespace braid::archive {

// How entries become files. The defaults are for archives from strangers.
struct TreeOptions {
  Existing existing = Existing::refuse;

  // Owners, and permissions exactly as stored; run by root also set-id and sticky bits. Otherwise
  // the files belong to whoever extracts them, and neither the umask's bits nor writing for group
  // and others are given.
  bool preserve = false;

  bool times = true;
  bool attributes = false;      // set extended attributes and access control lists
  bool escaping_links = false;  // make symbolic links wherever they lead
  bool special_files = false;   // make devices and named pipes
  bool hard_links = true;       // note each file made (40 bytes), for hard links to lead to

  io::Walk walk = io::best_walk();
};

// Puts entries of an archive below one folder, and nothing anywhere else: no name leads out of it,
// no link is followed while it is filled, and unless asked for no link that leads out is made.
// The process's folder and umask stay alone.
//
// place() and create() may be called from any thread, for different entries at once. Entries are
// borrowed for the call, or for the life of the file. Errors carry the entry's path; what was
// refused is unsafe_path, and leaves the tree as it was but for folders above the entry.
class Tree {
 public:
  // `folder` is made if it is missing, not what is above it. It may be a link to a folder.
  // Errors: not_found, io.
  [[nodiscard]] static Result<std::unique_ptr<Tree>> open(const std::string& folder,
                                                          const TreeOptions& options);

  // A folder, symbolic link, hard link, device or pipe. A folder that is there already is taken as
  // it is; one that is made gets permissions and times in finish(). A hard link leads to a file
  // that this tree made before, and nowhere else. Errors: unsafe_path, already_exists, io.
  // `again`: an entry of this name may have come before; what that made is replaced.
  [[nodiscard]] Result<Placed> place(const Entry& entry, bool again = false);

  // A file to be written. Null: it is to be left alone, under Existing::skip.
  // Errors: unsafe_path, already_exists, io.
  [[nodiscard]] Result<std::unique_ptr<NewFile>> create(const Entry& entry, bool again = false);

  // Makes the links that had to wait, and gives folders their permissions and times. Call it last,
  // from one thread, also when the run has failed. Errors: the first of them; it goes on all the
  // same.
  [[nodiscard]] Result<void> finish();

 private:
  struct LateFolder {
    std::string path;
    Entry entry;  // without what folders do not need
  };

  struct LateLink {
    std::string path;
    Entry entry;
  };

  Tree(io::File top, const TreeOptions& options);

  Result<NewName> new_name(const std::string& clean, const Entry& entry, bool again);
  Result<Placed> place_folder(const std::string& clean, const Entry& entry);
  Result<Placed> place_link(const std::string& clean, const Entry& entry, bool again);
  Result<Placed> make_link(const std::string& clean, const Entry& entry, bool again);
  Result<Placed> place_hard_link(const std::string& clean, const Entry& entry, bool again);
  Result<Placed> place_special(const std::string& clean, const Entry& entry, bool again);
  void note_made(const io::File& folder, const std::string& name);
  Result<void> finish_link(const LateLink& link);
  Result<void> finish_folder(const LateFolder& folder);
  bool leads_through_folders(const std::string& clean, const std::string& target);

  TreeOptions options_;
  Keep keep_;
  Folders folders_;
  MadeFiles made_files_;  // files, links and special files
  base::Mutex mutex_;
  std::vector<LateFolder> late_folders_ BRAID_GUARDED_BY(mutex_);
  std::vector<LateLink> late_links_ BRAID_GUARDED_BY(mutex_);
};

}  // namespace braid::archive
