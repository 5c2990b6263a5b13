#pragma once

#include <braid/bytes.hpp>

#include <cstdint>
#include <optional>

namespace braid::codec::bzip2 {

// A magic number found at some bit of a view.
struct MagicHit {
  std::uint64_t bit = 0;  // where it begins; bit 0 is the top bit of the first byte
  bool end = false;       // end_magic rather than block_magic
};

// The first of both magic numbers that begins at or behind `from_bit` and lies in `bytes` as a
// whole. Several GB/s. Chance alone makes one appear once in 2^47 bits.
[[nodiscard]] std::optional<MagicHit> find_magic(ByteView bytes, std::uint64_t from_bit) noexcept;

}  // namespace braid::codec::bzip2
