#pragma once

#include <cstdint>
#include <span>

// Prefix codes as deflate's and bzip2's writers make them.
namespace braid::codec {

// Lengths of a prefix code for symbols of these frequencies: the optimal ones, unless a code would
// be longer than `longest` bits. A symbol of frequency zero gets no code, length 0; a symbol that
// is the only one gets a code of one bit. Equal input makes equal codes.
// At most 288 symbols and 2^`longest`; the sum of frequencies is below 2^32, `longest` at most 20.
// Takes some microseconds and allocates nothing.
void make_code_lengths(std::span<const std::uint32_t> frequencies, unsigned longest,
                       std::span<std::uint8_t> lengths) noexcept;

// The codes that belong to the lengths, in the order of length, then of symbol; each stands in the
// low bits, its first bit highest. What has length 0 gets 0. Lengths are at most 20.
void assign_codes(std::span<const std::uint8_t> lengths, std::span<std::uint32_t> codes) noexcept;

}  // namespace braid::codec
