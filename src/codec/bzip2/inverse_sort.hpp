#pragma once

#include <braid/bytes.hpp>

#include <array>
#include <cstdint>

namespace braid::codec::bzip2 {

// Undoes the Burrows-Wheeler transform. Every step waits for memory, so the block is restored from
// both ends at once: one walk follows the rows forwards, the other backwards.
class InverseSort {
 public:
  // Bytes it holds for each byte of a block.
  static constexpr std::size_t bytes_per_byte = 8;

  // Replaces `sorted` by the block that stands in row `origin` (below sorted.size()). `counts`: how
  // often each byte value occurs in it. Any content is safe; at most max_block bytes.
  void run(MutableBytes sorted, std::uint32_t origin, const std::array<std::uint32_t, 256>& counts);

 private:
  Buffer links_;
};

}  // namespace braid::codec::bzip2
