#pragma once

#include <braid/stream.hpp>

#include <cstdint>

#include "io/file.hpp"

namespace braid::io {

// Writes a new regular file and leaves out blocks of zeros, which the file system then stores as
// holes. The file must be empty and stays where it is; finish() makes it as long as what was given.
// One thread at a time.
// Cost: a block that begins with anything but zeros is looked at once, in its first word.
class SparseWriter final : public Sink {
 public:
  explicit SparseWriter(File& file) noexcept : file_(&file) {}

  // Errors: io.
  [[nodiscard]] Result<void> write(ByteView bytes) override;

  // Without it zeros at the end are missing. Errors: io.
  [[nodiscard]] Result<void> finish();

 private:
  File* file_;
  std::uint64_t position_ = 0;  // bytes given
  std::uint64_t written_ = 0;   // end of the last bytes that were not left out
};

// Whether all bytes are zero; true for none.
[[nodiscard]] bool all_zero(ByteView bytes) noexcept;

}  // namespace braid::io
