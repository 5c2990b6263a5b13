#pragma once

#include <braid/bytes.hpp>

#include <array>
#include <span>

#include "codec/deflate/sequences.hpp"

namespace braid::codec::deflate {

// From how far away a match of a few bytes takes less than these bytes as literals: by length, for
// lengths up to the last one and, with that, for all above. Where literals take few bits, as
// digits and bases do, matches of four bytes and more often do not.
using Worth = std::array<unsigned, 17>;

// Before there are sequences, by how many different bytes the text begins with.
[[nodiscard]] Worth guess_worth(ByteView text) noexcept;

// After `sequences`, which begin with the text `plain` and are counted in `counts`; `before` where
// they tell too little. Some of them are looked at.
[[nodiscard]] Worth worth_after(const Worth& before, const SymbolCounts& counts,
                                std::span<const Sequence> sequences,
                                const std::byte* plain) noexcept;

}  // namespace braid::codec::deflate
