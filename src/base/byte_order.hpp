#pragma once

#include <braid/bytes.hpp>

#include <array>
#include <bit>
#include <concepts>
#include <cstring>

// Integers in files. Every format braid knows is little-endian but for zlib's and bzip2's fields.
namespace braid::base {

template <std::unsigned_integral T>
[[nodiscard]] constexpr T swap_bytes(T value) noexcept {
  T swapped = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    swapped = static_cast<T>((swapped << 8) | ((value >> (8 * i)) & 0xff));
  }
  return swapped;
}

// Reads the integer that begins at `p`, which need not be aligned.
template <std::unsigned_integral T>
[[nodiscard]] inline T load_le(const std::byte* p) noexcept {
  T value;
  std::memcpy(&value, p, sizeof(T));
  if constexpr (std::endian::native == std::endian::big) value = swap_bytes(value);
  return value;
}

template <std::unsigned_integral T>
[[nodiscard]] inline T load_be(const std::byte* p) noexcept {
  return swap_bytes(load_le<T>(p));
}

template <std::unsigned_integral T>
inline void store_le(std::byte* p, T value) noexcept {
  if constexpr (std::endian::native == std::endian::big) value = swap_bytes(value);
  std::memcpy(p, &value, sizeof(T));
}

template <std::unsigned_integral T>
inline void append_le(Buffer& out, T value) {
  std::array<std::byte, sizeof(T)> bytes;
  store_le(bytes.data(), value);
  out.append(bytes);
}

template <std::unsigned_integral T>
inline void append_be(Buffer& out, T value) {
  append_le(out, swap_bytes(value));
}

inline void append_byte(Buffer& out, unsigned value) {
  const std::byte byte{static_cast<unsigned char>(value)};
  out.append({&byte, 1});
}

}  // namespace braid::base
