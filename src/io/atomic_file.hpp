#pragma once

#include <braid/file.hpp>

#include <filesystem>
#include <string>

#include "io/file.hpp"

namespace braid::io {

// A new file that appears under its name complete or not at all.
//
// It is written without a name (O_TMPFILE), readable by its owner only; commit() gives it metadata,
// waits for the disk and puts it in place. Where the file system has no nameless files it has a
// temporary name in the same folder meanwhile, ".<start of the name>.braid-<random>", which a
// killed process leaves behind; the destructor removes it. The folder is held open: renaming it
// does not lead the file elsewhere.
// One thread at a time, but for the const members of file(). No global state: a program that is to
// remove the temporary on SIGINT asks its work to stop and lets the destructor run.
class AtomicFile {
 public:
  // Whether to try for a nameless file first.
  enum class Backing : std::uint8_t { nameless, named };

  struct Finish {
    Overwrite overwrite = Overwrite::refuse;
    const FileInfo* metadata = nullptr;  // what to give the file; nullptr: default permissions
    bool sync = true;                    // wait for the disk, folder included
  };

  // Looks whether `target` may be written at all, before any work is done: under Overwrite::refuse
  // nothing may be there, under replace no more than a regular file or a link (which is itself
  // replaced, never followed).
  // Errors: already_exists, invalid_argument (a folder or device is in the way, or `target` ends in
  // no name), not_found (no such folder), io (such as a read-only folder, which is then named).
  [[nodiscard]] static Result<AtomicFile> create(const std::filesystem::path& target,
                                                 Overwrite overwrite,
                                                 Backing backing = Backing::nameless);

  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;
  ~AtomicFile();

  // Errors of this file name the target.
  [[nodiscard]] File& file() noexcept { return file_; }

  // The temporary name within the folder that exists now; empty for a nameless file.
  [[nodiscard]] const std::string& temporary() const noexcept { return temporary_; }

  // Puts the file in place and closes it. Under Overwrite::refuse a file that came up meanwhile
  // stays as it is. A file is replaced only after its successor is on the disk, `sync` or not.
  // After an error nothing is left, except that when only waiting for the folder or closing fails
  // the complete file is in place. Call it once.
  // Errors: already_exists, io.
  [[nodiscard]] Result<void> commit(const Finish& finish);

 private:
  AtomicFile(File folder, File file, std::string name, std::string temporary) noexcept;

  [[nodiscard]] Result<void> place(Overwrite overwrite);
  [[nodiscard]] Result<void> give_name();
  [[nodiscard]] Result<void> sync_folder() const;
  void remove_temporary() noexcept;

  File folder_;
  File file_;
  std::string name_;  // within the folder
  std::string temporary_;
};

}  // namespace braid::io
