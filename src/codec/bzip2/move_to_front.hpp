#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace braid::codec::bzip2 {

// A list of byte values, the last used one in front, packed eight to a word: finding a value and
// moving it to the front are a few word operations for each eight places in front of it.
class MoveToFront {
 public:
  // The values 0 to 255 in order.
  void reset() noexcept {
    for (std::size_t w = 0; w < words_.size(); ++w) {
      words_[w] = 0x0706050403020100ULL + w * 8 * ones;
    }
  }

  // The list begins with these values.
  void set(std::size_t place, std::uint8_t value) noexcept {
    const unsigned shift = 8 * (place % 8);
    std::uint64_t& word = words_[place / 8];
    word = (word & ~(0xffULL << shift)) | (std::uint64_t{value} << shift);
  }

  [[nodiscard]] std::uint8_t front() const noexcept {
    return static_cast<std::uint8_t>(words_[0] & 0xff);
  }

  // The place of `value`, which moves to the front. The list must hold all 256 values.
  unsigned encode(std::uint8_t value) noexcept {
    const std::uint64_t pattern = value * ones;
    std::uint64_t carry = value;
    for (std::size_t w = 0;; ++w) {
      const std::uint64_t word = words_[w];
      const std::uint64_t differs = word ^ pattern;
      const std::uint64_t zero = (differs - ones) & ~differs & (ones << 7);
      const std::uint64_t moved = (word << 8) | carry;
      if (zero != 0) {  // the lowest set bit is the top bit of the byte that was found
        const auto bit = static_cast<unsigned>(std::countr_zero(zero));
        const std::uint64_t mask = (2ULL << bit) - 1;
        words_[w] = (word & ~mask) | (moved & mask);
        return static_cast<unsigned>(w * 8) + bit / 8;
      }
      carry = word >> 56;
      words_[w] = moved;
    }
  }

  // The value at `place` (0 to 255), which moves to the front.
  std::uint8_t decode(unsigned place) noexcept {
    const unsigned shift = 8 * (place % 8);
    const std::size_t last = place / 8;
    const std::uint64_t found = (words_[last] >> shift) & 0xff;
    std::uint64_t carry = found;
    for (std::size_t w = 0; w < last; ++w) {
      const std::uint64_t word = words_[w];
      words_[w] = (word << 8) | carry;
      carry = word >> 56;
    }
    const std::uint64_t word = words_[last];
    const std::uint64_t mask = (0x100ULL << shift) - 1;
    words_[last] = (word & ~mask) | (((word << 8) | carry) & mask);
    return static_cast<std::uint8_t>(found);
  }

 private:
  static constexpr std::uint64_t ones = 0x0101010101010101ULL;
  std::array<std::uint64_t, 32> words_{};
};

}  // namespace braid::codec::bzip2
