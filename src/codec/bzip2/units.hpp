#pragma once

#include <cstdint>

#include "codec/codec.hpp"

// How a bzip2 file is cut into units.
//
// Blocks begin and end at any bit, units at bytes. The byte in which one block ends and the next
// begins belongs to the unit of the first; the bits of the second travel in its unit's tag. A
// stream's header is a `frame` unit of its own, and so is its trailer, which begins like a block.
namespace braid::codec::bzip2 {

enum class Part : std::uint8_t { block, header, trailer };

// What a unit's tag holds.
struct UnitTag {
  Part part = Part::block;
  unsigned level = 0;       // of the stream
  unsigned lead_bits = 0;   // how many bits of the byte before belong to the unit, 0 to 7
  unsigned lead_value = 0;  // those bits

  [[nodiscard]] constexpr std::uint64_t pack() const noexcept {
    return (static_cast<std::uint64_t>(part) << 24) | (std::uint64_t{level} << 16) |
           (std::uint64_t{lead_bits} << 8) | lead_value;
  }

  [[nodiscard]] static constexpr UnitTag unpack(std::uint64_t tag) noexcept {
    return {static_cast<Part>((tag >> 24) & 0xff), static_cast<unsigned>((tag >> 16) & 0xff),
            static_cast<unsigned>((tag >> 8) & 0xff), static_cast<unsigned>(tag & 0xff)};
  }
};

// How Decoded::tag tells where a block ended: the bits of the unit's last byte that follow it.
struct BlockEnd {
  unsigned spare_bits = 0;   // 0 to 7
  unsigned spare_value = 0;  // those bits

  [[nodiscard]] constexpr std::uint64_t pack() const noexcept {
    return (std::uint64_t{spare_bits} << 8) | spare_value;
  }

  [[nodiscard]] static constexpr BlockEnd unpack(std::uint64_t tag) noexcept {
    return {static_cast<unsigned>((tag >> 8) & 0xff), static_cast<unsigned>(tag & 0xff)};
  }
};

}  // namespace braid::codec::bzip2
