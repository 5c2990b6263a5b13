#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "codec/bzip2/constants.hpp"

namespace braid::codec::bzip2 {

// A symbol and the length of its code; length 0: no code begins like this.
struct CodeHit {
  unsigned symbol = 0;
  unsigned length = 0;
};

// Finds the symbol that a row of bits begins with: short codes in one look-up.
//
// The lengths need not make a complete code. As in the reference reader, the shortest code that
// fits wins where there are too many, and bits that fit none are an error only once they are met:
// some writers store tables that they never use.
class CodeTable {
 public:
  // Lengths of 1 to 20, for up to max_alphabet symbols.
  void build(std::span<const std::uint8_t> lengths) noexcept;

  // `bits`: the next twenty.
  [[nodiscard]] CodeHit find(std::uint32_t bits) const noexcept {
    const unsigned entry = fast_[bits >> (max_code_bits - fast_bits)];
    if (entry != 0) [[likely]]
      return {entry >> length_bits, entry & ((1U << length_bits) - 1)};
    return find_long(bits);
  }

 private:
  static constexpr unsigned fast_bits = 10;
  static constexpr unsigned length_bits = 5;

  [[nodiscard]] CodeHit find_long(std::uint32_t bits) const noexcept;

  std::array<std::uint16_t, 1U << fast_bits> fast_{};     // symbol, then length
  std::array<std::int32_t, max_code_bits + 1> last_{};    // the last code of each length
  std::array<std::int32_t, max_code_bits + 1> offset_{};  // from a code to its place in order_
  std::array<std::uint16_t, max_alphabet> order_{};       // symbols by length
};

}  // namespace braid::codec::bzip2
