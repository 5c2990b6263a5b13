#pragma once

#include <vector>

#include "archive/format.hpp"
#include "archive/zip/member.hpp"

namespace braid::archive::zip {

// The central directory, the one authority on what an archive holds. Reading it proves that every
// entry lies in a place of its own, before and apart from the directory.
class Directory {
 public:
  // Finds and checks it. Holds its bytes and 8 more for each entry; nothing is allocated by what
  // the archive claims. Errors: corrupt, truncated, unknown_format (no directory),
  // unsupported_feature (split sets), memory_limit, io.
  [[nodiscard]] static Result<Directory> read(const Positioned& file, std::uint64_t memory_limit);

  // The next entry, in the order of the directory; false at the end. Errors: none after read().
  [[nodiscard]] Result<bool> next(Member& member);

  // The header that next() took last, as it stands in the directory.
  [[nodiscard]] ByteView header() const noexcept {
    return bytes_.view().slice(header_at_, at_ - header_at_);
  }

  // Back to the first entry.
  void rewind() noexcept { at_ = 0; }

  // Where that which begins at `start` ends at the latest: at the next entry or the directory.
  [[nodiscard]] std::uint64_t bound(std::uint64_t start) const noexcept;

  [[nodiscard]] std::uint64_t entries() const noexcept { return starts_.size(); }

  // Where the directory begins.
  [[nodiscard]] std::uint64_t start() const noexcept { return start_; }

  // Bytes before the archive, a program that unpacks it for example; offsets count from behind it.
  [[nodiscard]] std::uint64_t prefix() const noexcept { return prefix_; }

  // Bytes behind the archive.
  [[nodiscard]] std::uint64_t trailing() const noexcept { return trailing_; }

 private:
  Result<void> prove(std::uint64_t entries);

  Buffer bytes_;
  std::size_t at_ = 0;
  std::size_t header_at_ = 0;
  std::uint64_t start_ = 0;
  std::uint64_t prefix_ = 0;
  std::uint64_t trailing_ = 0;
  std::vector<std::uint64_t> starts_;  // of all entries, in order
};

}  // namespace braid::archive::zip
