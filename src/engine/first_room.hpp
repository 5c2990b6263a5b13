#pragma once

#include <algorithm>

#include "codec/format.hpp"

namespace braid::engine {

// First room for a result nobody can foretell: most files grow by less than four times.
[[nodiscard]] inline std::size_t first_room(const codec::Format& format, ByteView input,
                                            std::uint64_t limit) {
  // A stored size is believed as far as deflate, the tightest of the bounded formats, could go;
  // beyond, the buffer grows as data arrives.
  constexpr std::uint64_t plausible_ratio = 1032;
  const std::uint64_t most = static_cast<std::uint64_t>(input.size()) * plausible_ratio;
  std::uint64_t guess = format.plain_size_hint == nullptr ? 0 : format.plain_size_hint(input);
  if (guess == 0) guess = static_cast<std::uint64_t>(input.size()) * 4;
  return static_cast<std::size_t>(std::min({guess, most, limit})) + 1;
}

}  // namespace braid::engine
