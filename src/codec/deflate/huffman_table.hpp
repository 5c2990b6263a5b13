#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "codec/deflate/block_format.hpp"

// Tables that turn the next bits of a deflate stream into a symbol (RFC 1951, 3.2).
//
// The main table is indexed by the next `bits` bits. Codewords that fit have one entry for every
// value of the bits behind them; longer ones lead to a subtable that stands behind the main table.
namespace braid::codec::deflate {

// What a codeword means, in one word so that one load tells all:
//   bits 0-7    how many bits to take: those of the codeword and its extra bits
//   bits 8-12   how many of them belong to the codeword; in a link, the subtable's index bits
//   bits 13-15  the flags below
//   bits 16-30  the literal; the base of a length or distance; in a link, where the subtable begins
//   bit 31      this is a literal
using Entry = std::uint32_t;

inline constexpr Entry entry_literal = 1U << 31;
inline constexpr Entry entry_special = 1U << 15;  // none of literal, length, distance
inline constexpr Entry entry_link = 1U << 14;     // with special: goes on in a subtable
inline constexpr Entry entry_end = 1U << 13;      // with special: end of block

// special alone: no symbol that may be used

[[nodiscard]] constexpr unsigned entry_bits(Entry entry) noexcept {
  return entry & 0xff;
}

[[nodiscard]] constexpr unsigned entry_code_bits(Entry entry) noexcept {
  return (entry >> 8) & 0x1f;
}

[[nodiscard]] constexpr unsigned entry_value(Entry entry) noexcept {
  return (entry >> 16) & 0x7fff;
}

inline constexpr unsigned litlen_symbols = 288;
inline constexpr unsigned distance_symbols = 32;

// Index bits of the main tables: small enough to stay in the first cache, large enough that almost
// no symbol of ordinary data needs a second lookup.
inline constexpr unsigned litlen_table_bits = 11;
inline constexpr unsigned distance_table_bits = 8;
inline constexpr unsigned precode_table_bits = 7;

// Most entries that any complete code needs (computed by zlib's examples/enough.c for these numbers
// of symbols and index bits, and 15 bits at most a codeword).
inline constexpr std::size_t litlen_table_size = 2342;
inline constexpr std::size_t distance_table_size = 402;
inline constexpr std::size_t precode_table_size = 128;

enum class Alphabet : std::uint8_t { precode, litlen, distance };

enum class TableError : std::uint8_t { none, oversubscribed, incomplete };

// Builds the table of the code whose codeword lengths are `lengths` (0: symbol unused, at most 15;
// one for each symbol of the alphabet or fewer). `index_bits`: how many bits index the main table;
// for distances always distance_table_bits.
//
// Incomplete codes are refused as zlib does, but for the two that real encoders write: one codeword
// of a single bit, and no distance code at all (RFC 1951, 3.2.7); what they leave open decodes to a
// special entry. Cost: proportional to the number of symbols and the table.
[[nodiscard]] TableError build_table(Alphabet alphabet, std::span<const std::uint8_t> lengths,
                                     std::span<Entry> table, unsigned& index_bits) noexcept;

}  // namespace braid::codec::deflate
