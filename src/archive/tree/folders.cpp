#include "archive/tree/folders.hpp"

#include <cerrno>

#include <sys/stat.h>

#include "archive/tree/path.hpp"
#include "base/try.hpp"
#include "io/system_error.hpp"

namespace braid::archive {

Folders::Folders(io::File top, io::Walk walk)
    : top_(std::make_shared<const io::File>(std::move(top))), walk_(walk) {}

Folders::Handle Folders::lookup(const std::string& path) const {
  if (path.empty()) return top_;
  const base::Lock lock(mutex_);
  const auto found = open_.find(path);
  return found == open_.end() ? nullptr : found->second;
}

Folders::Handle Folders::keep(const std::string& path, io::File file) {
  auto handle = std::make_shared<const io::File>(std::move(file));
  const base::Lock lock(mutex_);
  // All at once: cheaper than an order of use, and each comes back for one system call.
  if (open_.size() >= most_open) open_.clear();
  open_[path] = handle;
  return handle;
}

bool Folders::made(const std::string& path) const {
  const base::Lock lock(mutex_);
  return made_.contains(path);
}

Result<Folders::Handle> Folders::find(const std::string& path) {
  if (Handle handle = lookup(path)) return handle;
  BRAID_TRY_VALUE(io::File file, io::open_folder_below(*top_, path, walk_));
  return keep(path, std::move(file));
}

Result<io::File> Folders::open_readable(const std::string& path) const {
  return io::open_folder_below(*top_, path.empty() ? "." : path, walk_, true);
}

Result<Folders::Handle> Folders::reach(const std::string& path) {
  auto found = find(path);
  if (found || found.error().code != Errc::not_found) return found;
  // From the first missing one down. What stands above exists and is no link, or find() would have
  // said so.
  Handle parent = top_;
  std::size_t end = 0;
  do {
    end = std::min(path.find('/', end + 1), path.size());
    const std::string above = path.substr(0, end);
    auto next = find(above);
    if (!next && next.error().code == Errc::not_found) {
      BRAID_TRY(make_in(*parent, above, split_path(above).name));
      next = find(above);
    }
    if (!next) return next;
    parent = *std::move(next);
  } while (end < path.size());
  return parent;
}

Result<void> Folders::make_in(const io::File& parent, const std::string& path,
                              const std::string& name) {
  if (::mkdirat(parent.descriptor(), name.c_str(), 0777) != 0) {
    if (errno == EEXIST) return {};  // another thread was faster, or another program
    return io::system_error("make the folder", path, errno);
  }
  const base::Lock lock(mutex_);
  made_.insert(path);
  return {};
}

}  // namespace braid::archive
