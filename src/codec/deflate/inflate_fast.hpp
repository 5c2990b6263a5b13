#pragma once

#include "codec/deflate/inflate.hpp"
#include "codec/deflate/symbol_loop.hpp"

namespace braid::codec::deflate {

// The inner loop of Inflate for the common case: plenty of input and plenty of room.
struct InflateFast {
  static constexpr std::ptrdiff_t input = loop_input;
  static constexpr std::ptrdiff_t room = loop_output + 32;  // copies write up to 31 bytes too many

  // Decodes symbols of the current block.
  static LoopEnd run(Inflate& inflate, InflateView& view) noexcept;

 private:
  template <int Unused>
  static LoopEnd loop(Inflate& inflate, InflateView& view) noexcept;
  static LoopEnd run_bmi2(Inflate& inflate, InflateView& view) noexcept;
};

}  // namespace braid::codec::deflate
