#pragma once

#include "codec/lzma/liblzma.hpp"

namespace braid::codec::lzma {

// The bytes of a block header that begins with `first`; 0 when `first` begins the index instead.
[[nodiscard]] constexpr std::size_t block_header_size(std::byte first) noexcept {
  return first == std::byte{0} ? 0
                               : lzma_block_header_size_decode(std::to_integer<unsigned>(first));
}

// Reads blocks of .xz, one after another, each with its check. Reuses its memory from block to
// block.
class BlockReader {
 public:
  explicit BlockReader(std::uint64_t memory_limit) : memory_limit_(memory_limit) {}

  // `header` is all of the block's header. Errors: corrupt, unsupported_feature, memory_limit
  // (before anything is allocated by a size that the header states), out_of_memory.
  [[nodiscard]] Result<void> begin(ByteView header, lzma_check check);

  // Decodes what follows the header; `finished` behind the check.
  // Errors: corrupt, checksum_mismatch, out_of_memory.
  [[nodiscard]] Result<Step> step(ByteView in, MutableBytes out);

  // What the index must say of a finished block.
  [[nodiscard]] lzma_vli unpadded_size() const noexcept {
    return lzma_block_unpadded_size(&block_);
  }

  [[nodiscard]] lzma_vli plain_size() const noexcept { return block_.uncompressed_size; }

 private:
  std::uint64_t memory_limit_;
  lzma_block block_{};  // liblzma's decoder writes to it until the block ends
  Coder coder_;
};

}  // namespace braid::codec::lzma
