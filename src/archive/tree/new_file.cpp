#include "archive/tree/new_file.hpp"

#include <cerrno>
#include <utility>

#include <sys/stat.h>

#include "base/try.hpp"
#include "io/system_error.hpp"
#include "io/temporary_name.hpp"

namespace braid::archive {

void MadeFiles::add(std::uint64_t device, std::uint64_t inode) {
  const base::Lock lock(mutex_);
  ids_.insert({device, inode});
}

bool MadeFiles::contains(std::uint64_t device, std::uint64_t inode) const {
  const base::Lock lock(mutex_);
  return ids_.contains({device, inode});
}

Result<std::unique_ptr<NewFile>> NewFile::create(const Entry& entry, NewName name, const Keep& keep,
                                                 MadeFiles* made) {
  std::unique_ptr<NewFile> file(new NewFile(entry, std::move(name), keep, made));
  if (entry.size <= direct_limit) {
    BRAID_TRY_VALUE(const Placed placed, file->open_direct());
    if (placed == Placed::skipped) return std::unique_ptr<NewFile>();
    return file;
  }
  const Existing existing = file->name_.existing();
  if (existing == Existing::refuse || existing == Existing::skip) {
    // Before the work rather than after it.
    if (file->name_.taken()) {
      if (existing == Existing::refuse) return file->name_.taken_error();
      return std::unique_ptr<NewFile>();
    }
  }
  BRAID_TRY(file->open_temporary());
  return file;
}

Result<Placed> NewFile::open_direct() {
  const auto create = [this](const io::File& folder, const std::string& name) {
    auto created = io::create_in(folder, name, creation_mode(entry_, keep_), name_.entry());
    if (!created) return created.error().os_error;
    file_ = *std::move(created);
    at_ = name;
    return 0;
  };
  if (name_.existing() != Existing::overwrite) return name_.make(create);
  const int code = create(name_.folder(), name_.name());
  if (code == EEXIST) {
    BRAID_TRY(open_temporary());  // complete, it takes the place of what is there
  } else if (code != 0) {
    return name_.error("create", code);
  }
  return Placed::made;
}

Result<void> NewFile::open_temporary() {
  for (int i = 0;; ++i) {
    std::string name = io::temporary_name(name_.name());
    auto created = io::create_in(name_.folder(), name, creation_mode(entry_, keep_), name_.entry());
    if (created) {
      file_ = *std::move(created);
      at_ = std::move(name);
      temporary_ = true;
      return {};
    }
    if (created.error().os_error != EEXIST || i == io::temporary_name_tries) {
      return std::move(created).error();
    }
  }
}

NewFile::~NewFile() {
  if (!at_.empty()) name_.remove(at_);
}

Result<void> NewFile::write(ByteView bytes) {
  if (bytes.empty()) return {};
  BRAID_TRY(file_.write_at(bytes, position_));
  position_ += bytes.size();
  hole_at_end_ = false;
  return {};
}

Result<void> NewFile::skip(std::uint64_t count) {
  if (count > UINT64_MAX / 2 - position_) {
    return Error{.code = Errc::corrupt, .message = "a hole is too large", .entry = entry_.path};
  }
  position_ += count;
  hole_at_end_ = hole_at_end_ || count != 0;
  return {};
}

Result<void> NewFile::complete() {
  if (hole_at_end_) BRAID_TRY(file_.truncate(position_));
  BRAID_TRY(give_metadata(file_.descriptor(), entry_, keep_, needs_mode(keep_)));
  if (made_ != nullptr) {
    struct stat status {};

    if (::fstat(file_.descriptor(), &status) != 0) return name_.error("look at", errno);
    made_->add(status.st_dev, status.st_ino);
  }
  return file_.close();
}

Result<void> NewFile::finish() {
  BRAID_TRY(complete());
  const std::string at = std::exchange(at_, {});
  if (!temporary_) return {};
  BRAID_TRY_VALUE(placed_, name_.move_here(at));
  return {};
}

}  // namespace braid::archive
