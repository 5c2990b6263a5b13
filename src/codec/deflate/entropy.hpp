#pragma once

#include <cstdint>
#include <span>

namespace braid::codec::deflate {

// Costs are in units of 1/4096 bit.
inline constexpr unsigned cost_bits = 12;

// n * log2(n), and 0 for 0: what a symbol that occurs n times takes of the entropy of all. Exact to
// a thousandth of a bit for each, and the same on every machine.
[[nodiscard]] std::uint64_t count_log_count(std::uint32_t n) noexcept;

// Symbols that share a code.
struct CountSum {
  std::uint32_t total = 0;
  std::uint32_t used = 0;      // symbols that occur
  std::uint64_t products = 0;  // n * log2(n) of each
};

[[nodiscard]] CountSum sum_up(std::span<const std::uint32_t> counts) noexcept;

}  // namespace braid::codec::deflate
