#pragma once

#include <braid/bytes.hpp>

#include <cstdint>

namespace braid::codec::bzip2 {

// bzip2's CRC-32: the polynomial of gzip, but bits taken from the top, so that no common library
// computes it. `crc` is the value so far, 0 to begin with. About 2 GB/s.
[[nodiscard]] std::uint32_t crc32(std::uint32_t crc, ByteView bytes) noexcept;

// The stream's CRC after one more block.
[[nodiscard]] constexpr std::uint32_t combine_crc(std::uint32_t stream,
                                                  std::uint32_t block) noexcept {
  return ((stream << 1) | (stream >> 31)) ^ block;
}

}  // namespace braid::codec::bzip2
