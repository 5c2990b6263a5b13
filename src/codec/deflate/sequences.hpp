#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "codec/deflate/block_format.hpp"

// What is written as blocks: literals and matches, RFC 1951 section 3.2.5, and how often each
// symbol occurs among them.
namespace braid::codec::deflate {

// `literals` bytes as they stand, and then `length` bytes that stood `distance` before as well.
struct Sequence {
  std::uint32_t literals = 0;
  std::uint16_t length = 0;  // 3 to 258, or 0: no match
  std::uint16_t distance = 0;
};

// The symbol of each length.
inline constexpr auto length_symbols = [] {
  std::array<std::uint16_t, longest_match + 1> symbols{};
  for (unsigned i = 0; i < length_ranges.size(); ++i) {
    const unsigned end = length_ranges[i].base + (1U << length_ranges[i].extra_bits);
    for (unsigned length = length_ranges[i].base; length < end && length < symbols.size();
         ++length) {
      symbols[length] = static_cast<std::uint16_t>(first_length_symbol + i);
    }
  }
  return symbols;
}();

// The symbol of a distance: two symbols for each power of two.
[[nodiscard]] constexpr unsigned distance_symbol(unsigned distance) noexcept {
  const unsigned offset = distance - 1;
  if (offset < 4) return offset;
  const unsigned power = static_cast<unsigned>(std::bit_width(offset)) - 1;
  return 2 * power + ((offset >> (power - 1)) & 1);
}

struct SymbolCounts {
  std::array<std::uint32_t, most_literals> literals{};
  std::array<std::uint32_t, most_distances> distances{};
};

// Sequences that follow each other: what may become a block.
struct Stretch {
  SymbolCounts counts;
  std::size_t end = 0;         // in the list of sequences, behind the last one
  std::size_t plain_size = 0;  // bytes
  std::uint64_t cost = 0;      // see block_split.hpp
};

// A part of a text, as sequences. `stretches` covers all of them.
struct Parsed {
  std::vector<Sequence> sequences;
  std::vector<Stretch> stretches;
};

}  // namespace braid::codec::deflate
