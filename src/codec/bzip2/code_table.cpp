#include "codec/bzip2/code_table.hpp"

#include <algorithm>

namespace braid::codec::bzip2 {

void CodeTable::build(std::span<const std::uint8_t> lengths) noexcept {
  std::array<std::uint32_t, max_code_bits + 1> count{};
  for (const std::uint8_t length : lengths) ++count[length];
  std::array<std::uint32_t, max_code_bits + 1> place{};
  std::uint32_t before = 0;  // symbols of shorter codes
  std::uint32_t code = 0;    // at most 258 * 2^20: no overflow, however many codes there are
  for (std::size_t length = 1; length <= max_code_bits; ++length) {
    place[length] = before;
    offset_[length] = static_cast<std::int32_t>(before) - static_cast<std::int32_t>(code);
    before += count[length];
    code += count[length];
    last_[length] = static_cast<std::int32_t>(code) - 1;
    code <<= 1;
  }
  for (std::size_t s = 0; s < lengths.size(); ++s) {
    order_[place[lengths[s]]++] = static_cast<std::uint16_t>(s);
  }

  fast_.fill(0);
  std::size_t at = 0;
  for (unsigned length = 1; length <= fast_bits; ++length) {
    const unsigned spare = fast_bits - length;
    const std::size_t end =
        std::min((static_cast<std::size_t>(last_[length] + 1)) << spare, fast_.size());
    for (; at < end; ++at) {
      const std::int32_t index = static_cast<std::int32_t>(at >> spare) + offset_[length];
      const std::uint32_t symbol = order_[static_cast<std::size_t>(index)];
      fast_[at] = static_cast<std::uint16_t>((symbol << length_bits) | length);
    }
  }
}

CodeHit CodeTable::find_long(std::uint32_t bits) const noexcept {
  for (unsigned length = fast_bits + 1; length <= max_code_bits; ++length) {
    const auto code = static_cast<std::int32_t>(bits >> (max_code_bits - length));
    if (code <= last_[length]) {
      return {order_[static_cast<std::size_t>(code + offset_[length])], length};
    }
  }
  return {};
}

}  // namespace braid::codec::bzip2
