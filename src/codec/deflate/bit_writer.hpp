#pragma once

#include <cstddef>
#include <cstdint>

#include "base/byte_order.hpp"

namespace braid::codec::deflate {

// Writes the bit string of RFC 1951, the first bit lowest, to memory that the caller has made large
// enough, with `slack` bytes to spare.
class BitWriter {
 public:
  static constexpr std::size_t slack = 8;

  explicit BitWriter(std::byte* out) noexcept : out_(out) {}

  // The low `count` bits of `bits`; the bits above must be zero. Between two calls of flush() there
  // is room for 56 bits.
  void add(std::uint64_t bits, unsigned count) noexcept {
    pending_ |= bits << pending_bits_;
    pending_bits_ += count;
  }

  // Writes what is pending, but for up to seven bits.
  void flush() noexcept {
    base::store_le(out_, pending_);
    out_ += pending_bits_ / 8;
    pending_ >>= pending_bits_ & ~7U;
    pending_bits_ &= 7;
  }

  // Adds zeros up to a byte edge and writes everything. Returns the end of what is written.
  std::byte* align() noexcept {
    pending_bits_ = (pending_bits_ + 7) & ~7U;
    flush();
    return out_;
  }

  // Bits added since the writer stood at `begin`.
  [[nodiscard]] std::uint64_t count_from(const std::byte* begin) const noexcept {
    return std::uint64_t{8} * static_cast<std::size_t>(out_ - begin) + pending_bits_;
  }

  // Goes on at `out`. Nothing may be pending.
  void move_to(std::byte* out) noexcept { out_ = out; }

 private:
  std::byte* out_;
  std::uint64_t pending_ = 0;
  unsigned pending_bits_ = 0;
};

}  // namespace braid::codec::deflate
