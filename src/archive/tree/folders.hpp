#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "base/mutex.hpp"
#include "io/below.hpp"

namespace braid::archive {

// The folders below one folder, made where they are missing, with handles kept for the next file.
// Links are never followed. Every member may be called from any thread.
class Folders {
 public:
  using Handle = std::shared_ptr<const io::File>;

  Folders(io::File top, io::Walk walk);

  // The folder `path` (clean; "" is the top), made with all above it where missing, with
  // permissions for its owner at the least; they take the umask. Errors: unsafe_path (a link or a
  // file is in the way), io.
  [[nodiscard]] Result<Handle> reach(const std::string& path);

  // The same without making anything. Errors: also not_found.
  [[nodiscard]] Result<Handle> find(const std::string& path);

  // Open for changing its permissions and times. Errors: as find().
  [[nodiscard]] Result<io::File> open_readable(const std::string& path) const;

  // Whether reach() made it, rather than found it.
  [[nodiscard]] bool made(const std::string& path) const BRAID_EXCLUDES(mutex_);

 private:
  // Folders come one after another, and few are at work at once; files need descriptors too.
  static constexpr std::size_t most_open = 128;

  [[nodiscard]] Handle lookup(const std::string& path) const BRAID_EXCLUDES(mutex_);
  Handle keep(const std::string& path, io::File file) BRAID_EXCLUDES(mutex_);
  Result<void> make_in(const io::File& parent, const std::string& path, const std::string& name)
      BRAID_EXCLUDES(mutex_);

  Handle top_;
  io::Walk walk_;
  mutable base::Mutex mutex_;
  std::unordered_map<std::string, Handle> open_ BRAID_GUARDED_BY(mutex_);
  std::unordered_set<std::string> made_ BRAID_GUARDED_BY(mutex_);
};

}  // namespace braid::archive
