#pragma once

#include <cstdint>

#include "codec/brotli/part.hpp"
#include "codec/codec.hpp"

// A unit is a note with its part. Unit::tag is the part's offset in the plain bytes, Unit::tag2
// what the decoder has to know of the stream's beginning.
namespace braid::codec::brotli {

struct Tag2 {
  Window window;
  bool first = false;  // the unit begins with the window bits

  [[nodiscard]] std::uint64_t pack() const noexcept {
    return window.log | window.bits << 8 | std::uint64_t{first} << 16;
  }

  static Tag2 unpack(std::uint64_t tag) noexcept {
    return {.window = {static_cast<unsigned>(tag & 0xff), static_cast<unsigned>(tag >> 8 & 0xff)},
            .first = (tag >> 16 & 1) != 0};
  }

  // The bit at which the note begins.
  [[nodiscard]] unsigned note_bits() const noexcept { return first ? window.bits : 0; }
};

}  // namespace braid::codec::brotli
