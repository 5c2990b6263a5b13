#include "archive/file_content.hpp"

#include <algorithm>

#include <unistd.h>

#include "base/try.hpp"

namespace braid::archive {

Result<std::size_t> FileContent::read(MutableBytes out) {
  while (part_ < parts_.size() && done_ == parts_[part_].size) {
    ++part_;
    done_ = 0;
  }
  if (part_ == parts_.size()) return std::size_t{0};
  const Extent& part = parts_[part_];
  const std::size_t room =
      static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), part.size - done_));
  BRAID_TRY_VALUE(const std::size_t count, file_.read_at(out.first(room), part.offset + done_));
  done_ += count;
  return count;
}

std::optional<std::vector<Extent>> find_extents(const io::File& file, std::uint64_t size,
                                                std::size_t most) {
  std::vector<Extent> extents;
  const auto end = static_cast<off_t>(size);
  off_t at = 0;
  while (at < end) {
    const off_t data = ::lseek(file.descriptor(), at, SEEK_DATA);
    if (data < 0 && errno != ENXIO) return std::nullopt;
    if (data < 0 || data >= end) break;  // a hole up to the end
    off_t hole = ::lseek(file.descriptor(), data, SEEK_HOLE);
    if (hole < 0 || hole > end) hole = end;
    if (hole <= data || extents.size() == most) return std::nullopt;
    extents.push_back({static_cast<std::uint64_t>(data), static_cast<std::uint64_t>(hole - data)});
    at = hole;
  }
  const bool whole = extents.size() == 1 && extents[0].offset == 0 && extents[0].size == size;
  if (whole || size == 0) return std::nullopt;
  return extents;
}

}  // namespace braid::archive
