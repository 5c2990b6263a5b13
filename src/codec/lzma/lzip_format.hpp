#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/byte_order.hpp"
#include "codec/codec.hpp"

// The outside of lzip members (lzip manual, "File format"): a header of six bytes, an LZMA stream
// with lc 3, lp 0, pb 2 and an end marker, a trailer of twenty.
namespace braid::codec::lzma::lzip {

inline constexpr std::size_t header_size = 6;
inline constexpr std::size_t trailer_size = 20;
inline constexpr std::size_t least_member = header_size + 10 + trailer_size;  // ten: an end marker
inline constexpr std::array<unsigned char, 4> magic = {'L', 'Z', 'I', 'P'};
inline constexpr unsigned version = 1;
inline constexpr std::uint32_t min_dictionary = 4 << 10;
inline constexpr std::uint32_t max_dictionary = 512U << 20;

// Bits 0 to 4: the logarithm of a size; bits 5 to 7: how many sixteenths of it to take away.
[[nodiscard]] constexpr std::optional<std::uint32_t> dictionary_of(unsigned code) noexcept {
  const unsigned log = code & 31;
  if (log < 12 || log > 29) return std::nullopt;
  const std::uint32_t base = std::uint32_t{1} << log;
  const std::uint32_t size = base - base / 16 * (code >> 5);
  if (size < min_dictionary) return std::nullopt;
  return size;
}

// The code of the smallest dictionary that holds `size` bytes, at most max_dictionary.
[[nodiscard]] constexpr unsigned code_of(std::uint32_t size) noexcept {
  unsigned log = 12;
  while (log < 29 && (std::uint32_t{1} << log) < size) ++log;
  const std::uint32_t base = std::uint32_t{1} << log;
  unsigned less = 0;
  while (less < 7 && base - base / 16 * (less + 1) >= size &&
         base - base / 16 * (less + 1) >= min_dictionary) {
    ++less;
  }
  return log | (less << 5);
}

struct Trailer {
  std::uint32_t crc = 0;     // CRC-32 of the plain bytes
  std::uint64_t plain = 0;   // bytes
  std::uint64_t member = 0;  // bytes of the whole member
};

// `bytes` are trailer_size.
[[nodiscard]] inline Trailer read_trailer(ByteView bytes) noexcept {
  return {base::load_le<std::uint32_t>(bytes.data()),
          base::load_le<std::uint64_t>(bytes.data() + 4),
          base::load_le<std::uint64_t>(bytes.data() + 12)};
}

// Whether a member's header stands at the front of `bytes`, which are at least header_size.
[[nodiscard]] inline bool is_header(ByteView bytes) noexcept {
  for (std::size_t i = 0; i < magic.size(); ++i) {
    if (bytes.at(i) != magic[i]) return false;
  }
  return bytes.at(4) == version && dictionary_of(bytes.at(5)).has_value();
}

}  // namespace braid::codec::lzma::lzip
