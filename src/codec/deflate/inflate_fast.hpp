#pragma once

#include "codec/deflate/inflate.hpp"

namespace braid::codec::deflate {

// The inner loop of Inflate for the common case: plenty of input and plenty of room.
struct InflateFast {
  // Input and room that must be at hand. An iteration takes at most three refills of seven bytes
  // and reads eight at a time; it writes two literals and a match, and up to 31 bytes too many.
  static constexpr std::ptrdiff_t input = 32;
  static constexpr std::ptrdiff_t room = 2 + 258 + 32;

  enum class End : std::uint8_t {
    margin,  // input or room came close to its end
    block,   // the block ended
    bad_symbol,
    bad_distance,
    too_far,
  };

  // Decodes symbols of the current block.
  static End run(Inflate& inflate, InflateView& view) noexcept;

 private:
  template <int Unused>
  static End loop(Inflate& inflate, InflateView& view) noexcept;
  static End run_bmi2(Inflate& inflate, InflateView& view) noexcept;
};

}  // namespace braid::codec::deflate
