#pragma once

#include <braid/bytes.hpp>

#include <algorithm>

namespace braid::base {

// How many zero bytes `bytes` begins with: padding between streams.
[[nodiscard]] inline std::size_t leading_zeros(ByteView bytes) noexcept {
  const auto* const end =
      std::find_if(bytes.begin(), bytes.end(), [](std::byte b) { return b != std::byte{0}; });
  return static_cast<std::size_t>(end - bytes.begin());
}

}  // namespace braid::base
