#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "codec/codec.hpp"

namespace braid::codec::lzma {

// Puts together a header or trailer that may come in any number of parts; at most `Most` bytes.
template <std::size_t Most>
class Gather {
 public:
  // Takes from the front of `in`; true once `size` bytes are there. The next call begins anew.
  [[nodiscard]] bool take(ByteView in, std::size_t size, Step& step) noexcept {
    const ByteView taken = in.first(size - held_);
    std::copy(taken.begin(), taken.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(held_));
    held_ += taken.size();
    step.consumed += taken.size();
    if (held_ < size) return false;
    held_ = 0;
    return true;
  }

  void reset() noexcept { held_ = 0; }

  // Nothing was taken of what comes next.
  [[nodiscard]] bool empty() const noexcept { return held_ == 0; }

  // Whether what was taken and `in` agree with a magic number, as far as they go: compared as it
  // comes, so that a foreign file is told apart from a cut one however short it is.
  [[nodiscard]] bool agrees(ByteView in, std::span<const unsigned char> magic) const noexcept {
    for (std::size_t i = held_; i < magic.size() && i - held_ < in.size(); ++i) {
      if (in.at(i - held_) != magic[i]) return false;
    }
    return true;
  }

  // What take() put together.
  [[nodiscard]] const std::byte* data() const noexcept { return bytes_.data(); }

  [[nodiscard]] std::byte operator[](std::size_t i) const noexcept { return bytes_[i]; }

 private:
  std::array<std::byte, Most> bytes_{};
  std::size_t held_ = 0;
};

}  // namespace braid::codec::lzma
