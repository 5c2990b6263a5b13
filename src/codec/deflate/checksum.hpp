#pragma once

#include <braid/bytes.hpp>

#include <cstdint>

// The sums of RFC 1952 (CRC-32) and RFC 1950 (Adler-32), and how the sums of two neighbouring runs
// of bytes make the sum of both. Pure functions: safe from any thread.
namespace braid::codec::deflate {

inline constexpr std::uint32_t crc32_of_nothing = 0;
inline constexpr std::uint32_t adler32_of_nothing = 1;

// The sum of everything that gave `sum` so far followed by `bytes`. Many bytes a cycle.
[[nodiscard]] std::uint32_t crc32(std::uint32_t sum, ByteView bytes) noexcept;
[[nodiscard]] std::uint32_t adler32(std::uint32_t sum, ByteView bytes) noexcept;

// The sum of two runs of bytes from the sum of each and the length of the second, which may be of
// any size. Logarithmic in that length.
[[nodiscard]] std::uint32_t combine_crc32(std::uint32_t first, std::uint32_t second,
                                          std::uint64_t second_size) noexcept;
[[nodiscard]] std::uint32_t combine_adler32(std::uint32_t first, std::uint32_t second,
                                            std::uint64_t second_size) noexcept;

}  // namespace braid::codec::deflate
