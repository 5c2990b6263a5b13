#pragma once

#include "codec/codec.hpp"

// What lz4 streams begin with.
namespace braid::codec::lz4 {

inline constexpr std::uint32_t frame_magic = 0x184D2204;
inline constexpr std::uint32_t legacy_magic = 0x184C2102;
inline constexpr std::size_t magic_size = 4;
inline constexpr std::size_t skippable_header_size = 8;  // magic and size

[[nodiscard]] constexpr bool is_skippable(std::uint32_t magic) noexcept {
  return (magic & 0xFFFFFFF0U) == 0x184D2A50U;
}

[[nodiscard]] constexpr bool is_magic(std::uint32_t value) noexcept {
  return value == frame_magic || value == legacy_magic || is_skippable(value);
}

// Whether `bytes`, fewer than four, begin a magic number of this format.
[[nodiscard]] bool may_begin_magic(ByteView bytes) noexcept;

}  // namespace braid::codec::lz4
