#pragma once

#include <braid/bytes.hpp>

#include <cstdint>
#include <vector>

// What verifies the front of a unit that is not decoded to its end, where its own checksum stands.
namespace braid::engine {

// Plain bytes that one sum is of. A front is some of these.
inline constexpr std::size_t front_piece = 256 << 10;

// How many sums a unit of so many plain bytes has: one for each piece that does not end it.
[[nodiscard]] constexpr std::uint64_t front_sum_count(std::uint64_t plain_size) noexcept {
  return plain_size == 0 ? 0 : (plain_size - 1) / front_piece;
}

// CRC-32 of each of them. Throws std::bad_alloc.
[[nodiscard]] std::vector<std::uint32_t> front_sums(ByteView plain);

// Whether `front`, some whole pieces, is what the sums are of.
[[nodiscard]] bool front_matches(const std::vector<std::uint32_t>& sums, ByteView front) noexcept;

}  // namespace braid::engine
