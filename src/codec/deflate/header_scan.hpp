#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/byte_order.hpp"

// Cheap tests, many bits at a time, of where the header of a dynamic block may stand (RFC 1951,
// 3.2.7). What passes is to be read by read_dynamic_header().
namespace braid::codec::deflate {

// Bits from the first bit of a header to its HCLEN field: BFINAL, BTYPE, HLIT, HDIST.
inline constexpr std::uint64_t precode_count_at = 13;

// How far behind the byte of its HCLEN field complete_precode() reads.
inline constexpr std::size_t precode_reach = 16;

// Of 64 neighbouring bits, those at which such a header may begin: BFINAL as asked, BTYPE = 10,
// HLIT and HDIST within bounds. `low` holds the bits themselves, `high` those that follow.
template <bool Final>
[[nodiscard]] constexpr std::uint64_t possible_headers(std::uint64_t low,
                                                       std::uint64_t high) noexcept {
  const auto bit = [low, high](unsigned k) { return (low >> k) | (high << (64 - k)); };
  const std::uint64_t dynamic = (Final ? low : ~low) & ~bit(1) & bit(2);
  const std::uint64_t many_literals = bit(4) & bit(5) & bit(6) & bit(7);      // HLIT 30 or 31
  const std::uint64_t many_distances = bit(9) & bit(10) & bit(11) & bit(12);  // HDIST 30 or 31
  return dynamic & ~many_literals & ~many_distances;
}

// Shares of the code space (in 128ths) of four lengths of the precode at once, three bits each.
inline constexpr auto precode_shares = [] {
  std::array<std::uint16_t, 4096> shares{};
  for (std::uint32_t word = 0; word < shares.size(); ++word) {
    unsigned sum = 0;
    for (unsigned i = 0; i < 12; i += 3) {
      const unsigned length = (word >> i) & 7U;
      if (length != 0) sum += 128U >> length;
    }
    shares[word] = static_cast<std::uint16_t>(sum);
  }
  return shares;
}();

// Whether the precode whose HCLEN field stands at bit `at` of `data` fills its code space: one of
// some hundred that do not begin a block does.
[[nodiscard]] inline bool complete_precode(const std::byte* data, std::uint64_t at) noexcept {
  const auto load = [data](std::uint64_t bit) {
    return base::load_le<std::uint64_t>(data + bit / 8) >> (bit % 8);
  };
  const unsigned count = static_cast<unsigned>(load(at) & 15U) + 4;
  const std::uint64_t lengths = load(at + 4) & ((std::uint64_t{1} << (3 * count)) - 1);
  const unsigned sum = precode_shares[lengths & 4095] + precode_shares[(lengths >> 12) & 4095] +
                       precode_shares[(lengths >> 24) & 4095] +
                       precode_shares[(lengths >> 36) & 4095] + precode_shares[lengths >> 48];
  return sum == 128;
}

}  // namespace braid::codec::deflate
