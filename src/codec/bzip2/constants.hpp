#pragma once

#include <cstddef>
#include <cstdint>

// The numbers of the bzip2 format. It has no standard; the reference is bzip2 1.0.8.
namespace braid::codec::bzip2 {

inline constexpr std::uint64_t block_magic = 0x314159265359;  // 48 bits before every block
inline constexpr std::uint64_t end_magic = 0x177245385090;    // 48 bits before the stream's CRC
inline constexpr unsigned magic_bits = 48;
inline constexpr std::size_t header_bytes = 4;  // "BZh" and the level's digit

inline constexpr std::size_t level_step = 100'000;  // block bytes a level, after run coding
inline constexpr std::size_t max_block = 9 * level_step;

inline constexpr std::size_t group_size = 50;  // symbols coded with one selector
inline constexpr std::size_t max_tables = 6;
inline constexpr std::size_t max_alphabet = 258;  // RUNA, RUNB, 255 ranks, end of block
inline constexpr unsigned max_code_bits = 20;

// Selectors that a block can need. Old encoders write up to seven more, and readers skip any
// excess.
inline constexpr std::size_t max_selectors = max_block / group_size + 2;

// A run of four equal bytes is followed by a byte that counts up to this many more.
inline constexpr std::size_t run_trigger = 4;
inline constexpr std::size_t max_repeat = 255;  // what a reader must accept; writers stop at 251

}  // namespace braid::codec::bzip2
