#pragma once

#include <braid/bytes.hpp>

#include <cstdint>
#include <cstring>

#include "base/byte_order.hpp"

namespace braid::codec::deflate {

// Bytes seen as the bit string of RFC 1951: bit i is bit i % 8 of byte i / 8. Bits behind the end
// read as zero.
class BitView {
 public:
  explicit BitView(ByteView bytes) noexcept : bytes_(bytes) {}

  [[nodiscard]] std::uint64_t size() const noexcept { return std::uint64_t{bytes_.size()} * 8; }

  [[nodiscard]] ByteView bytes() const noexcept { return bytes_; }

  // The bits from `at` on, the first one lowest; the lowest 57 are valid.
  [[nodiscard]] std::uint64_t peek(std::uint64_t at) const noexcept {
    const auto byte = static_cast<std::size_t>(at / 8);
    if (byte + 8 <= bytes_.size()) [[likely]] {
      return base::load_le<std::uint64_t>(bytes_.data() + byte) >> (at % 8);
    }
    std::uint64_t word = 0;
    for (std::size_t i = byte; i < bytes_.size(); ++i) {
      word |= std::uint64_t{bytes_.at(i)} << (8 * (i - byte));
    }
    return word >> (at % 8);
  }

 private:
  ByteView bytes_;
};

}  // namespace braid::codec::deflate
