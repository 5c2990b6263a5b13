#include "io/sparse_writer.hpp"

#include <algorithm>
#include <cstring>

#include "base/try.hpp"

namespace braid::io {

namespace {

// The block of nearly every file system; smaller holes save nothing.
constexpr std::size_t block_size = 4096;

}  // namespace

bool all_zero(ByteView bytes) noexcept {
  std::uint64_t first = 0;
  if (bytes.size() <= sizeof first) {
    if (!bytes.empty()) std::memcpy(&first, bytes.data(), bytes.size());
    return first == 0;
  }
  std::memcpy(&first, bytes.data(), sizeof first);
  if (first != 0) return false;
  // Each byte equals the one a word before it, and the first word is zero.
  return std::memcmp(bytes.data(), bytes.data() + sizeof first, bytes.size() - sizeof first) == 0;
}

Result<void> SparseWriter::write(ByteView bytes) {
  while (!bytes.empty()) {
    // Blocks are those of the file, so that splitting the data otherwise leaves the same holes
    // whenever a block comes whole. Zeros left out of a block written in parts read as zeros too.
    std::size_t data = 0;
    std::size_t zeros = 0;
    while (data < bytes.size()) {
      const auto into = static_cast<std::size_t>((position_ + data) % block_size);
      const ByteView block = bytes.slice(data, block_size - into);
      if (all_zero(block)) {
        zeros = block.size();
        break;
      }
      data += block.size();
    }
    if (data != 0) {
      BRAID_TRY(file_->write_at(bytes.first(data), position_));
      written_ = position_ + data;
    }
    position_ += data + zeros;
    bytes = bytes.drop(data + zeros);
  }
  return {};
}

Result<void> SparseWriter::finish() {
  if (written_ == position_) return {};
  BRAID_TRY(file_->truncate(position_));
  written_ = position_;
  return {};
}

}  // namespace braid::io
