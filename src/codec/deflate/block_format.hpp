#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

// The fixed numbers of RFC 1951.
namespace braid::codec::deflate {

// Farthest that a match may reach back, section 3.2.5, and its logarithm.
inline constexpr std::size_t max_distance = 32768;
inline constexpr int max_window_log = 15;

inline constexpr unsigned type_bits = 3;  // of a block: BFINAL and BTYPE

inline constexpr unsigned most_literals = 286;  // section 3.2.7: HLIT + 257
inline constexpr unsigned most_distances = 30;  // 30 and 31 never occur, section 3.2.6
inline constexpr unsigned end_of_block = 256;

// The code of the code lengths, and the order in which a header states its own lengths, section
// 3.2.7.
inline constexpr unsigned precode_symbols = 19;
inline constexpr std::array<std::uint8_t, precode_symbols> precode_order = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

}  // namespace braid::codec::deflate
