#pragma once

#include <cstdint>

namespace braid::codec::deflate {

// Costs are in units of 1/4096 bit.
inline constexpr unsigned cost_bits = 12;

// n * log2(n), and 0 for 0: what a symbol that occurs n times takes of the entropy of all. Exact to
// a thousandth of a bit for each, and the same on every machine.
[[nodiscard]] std::uint64_t count_log_count(std::uint32_t n) noexcept;

}  // namespace braid::codec::deflate
