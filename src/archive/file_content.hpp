#pragma once

#include <braid/archive.hpp>

#include "io/file.hpp"

namespace braid::archive {

// Content that was read whole.
class HeldContent final : public Source {
 public:
  explicit HeldContent(Buffer bytes) noexcept : bytes_(std::move(bytes)), rest_(bytes_.view()) {}

  [[nodiscard]] Result<std::size_t> read(MutableBytes out) override { return rest_.read(out); }

  [[nodiscard]] std::optional<std::uint64_t> size() const override { return rest_.size(); }

  [[nodiscard]] std::optional<ByteView> view() const override { return rest_.view(); }

 private:
  Buffer bytes_;
  MemorySource rest_;
};

// The parts of an open file that are no holes, one after the other.
class FileContent final : public Source {
 public:
  FileContent(io::File file, std::vector<Extent> parts) noexcept
      : file_(std::move(file)), parts_(std::move(parts)) {}

  [[nodiscard]] Result<std::size_t> read(MutableBytes out) override;

 private:
  io::File file_;
  std::vector<Extent> parts_;
  std::size_t part_ = 0;
  std::uint64_t done_ = 0;  // of that part
};

// Where a file of `size` bytes has data, by SEEK_DATA and SEEK_HOLE; one part for all of it where
// the file system does not tell or has more than `most` parts. Nothing when it has no holes.
[[nodiscard]] std::optional<std::vector<Extent>> find_extents(const io::File& file,
                                                              std::uint64_t size, std::size_t most);

}  // namespace braid::archive
