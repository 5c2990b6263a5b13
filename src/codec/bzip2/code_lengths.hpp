#pragma once

#include <cstdint>
#include <span>

namespace braid::codec::bzip2 {

// The longest code the writer makes, as the reference writer; readers must take 20.
inline constexpr unsigned writer_code_bits = 17;

// Lengths of a prefix code for symbols of these frequencies: the optimal ones unless a code would
// be longer than writer_code_bits. Every symbol gets a code, also one of frequency zero.
// 3 to max_alphabet symbols, frequencies below 2^22.
void make_code_lengths(std::span<const std::uint32_t> frequencies,
                       std::span<std::uint8_t> lengths) noexcept;

}  // namespace braid::codec::bzip2
