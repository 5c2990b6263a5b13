#pragma once

#include <braid/archive.hpp>

#include <bit>

#include "archive/flat_set.hpp"
#include "archive/tree/metadata.hpp"
#include "archive/tree/new_name.hpp"

namespace braid::archive {

// The inodes of the files that a run made: what its hard links may lead to. Any thread.
class MadeFiles {
 public:
  void add(std::uint64_t device, std::uint64_t inode) BRAID_EXCLUDES(mutex_);

  [[nodiscard]] bool contains(std::uint64_t device, std::uint64_t inode) const
      BRAID_EXCLUDES(mutex_);

 private:
  struct Id {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;

    [[nodiscard]] friend bool operator==(const Id&, const Id&) = default;
  };

  struct Hash {
    std::uint64_t operator()(const Id& id) const noexcept {
      constexpr std::uint64_t factor = 0x9E3779B97F4A7C15;  // 2^64 divided by the golden ratio
      return (id.inode ^ std::rotl(id.device, 32)) * factor;
    }
  };

  mutable base::Mutex mutex_;
  FlatSet<Id, Hash> ids_ BRAID_GUARDED_BY(mutex_);
};

// A regular file on its way into a tree. A small one is written under its own name, which costs the
// least; a large one, and one that replaces another, under a temporary name in the same folder,
// from which finish() moves it. Destroyed without finish() it leaves nothing. One thread at a time.
class NewFile final : public EntrySink {
 public:
  // Up to this size a file is written in so few steps that a kill between them is unlikely.
  static constexpr std::uint64_t direct_limit = 256 << 10;

  // Null: the name is taken and to be left alone. `entry` is borrowed and outlives the file; `made`
  // may be null. Errors: already_exists, io.
  [[nodiscard]] static Result<std::unique_ptr<NewFile>> create(const Entry& entry, NewName name,
                                                               const Keep& keep, MadeFiles* made);

  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() override;

  // Behind what was written. Errors: io.
  [[nodiscard]] Result<void> write(ByteView bytes) override;

  // Leaves a hole of `count` bytes.
  [[nodiscard]] Result<void> skip(std::uint64_t count) override;

  // All is written: gives the file what the entry says of it, and puts it in its place. Call it
  // once. Errors: already_exists, io.
  [[nodiscard]] Result<void> finish() override;

  // After finish(): skipped when another program took the name meanwhile, under Existing::skip.
  [[nodiscard]] Placed placed() const noexcept { return placed_; }

 private:
  NewFile(const Entry& entry, NewName name, const Keep& keep, MadeFiles* made)
      : entry_(entry), name_(std::move(name)), keep_(keep), made_(made) {}

  Result<Placed> open_direct();
  Result<void> open_temporary();
  Result<void> complete();

  const Entry& entry_;
  NewName name_;
  Keep keep_;
  MadeFiles* made_;
  io::File file_;
  std::string at_;          // the name it has now; empty: none
  bool temporary_ = false;  // which is not yet its own
  std::uint64_t position_ = 0;
  bool hole_at_end_ = false;
  Placed placed_ = Placed::made;
};

}  // namespace braid::archive
