#include "codec/deflate/entropy.hpp"

#include <array>
#include <bit>

namespace braid::codec::deflate {

namespace {

constexpr std::uint32_t exact = 4096;

// The logarithm to base 2 by squaring, digit by digit: the same on every machine.
constexpr std::uint32_t logarithm(std::uint32_t n) noexcept {
  const auto whole = static_cast<unsigned>(std::bit_width(n)) - 1;
  std::uint64_t x = (std::uint64_t{n} << 31) >> whole;  // 1 to 2, with 31 bits behind the point
  std::uint32_t result = whole;
  for (unsigned i = 0; i < cost_bits; ++i) {
    x = (x * x) >> 31;
    result <<= 1;
    if ((x >> 32) != 0) {
      x >>= 1;
      result |= 1;
    }
  }
  return result;
}

// n * log2(n), for n below exact.
constexpr auto products = [] {
  std::array<std::uint32_t, exact> table{};
  for (std::uint32_t n = 1; n < table.size(); ++n) table[n] = n * logarithm(n);
  return table;
}();

}  // namespace

std::uint64_t count_log_count(std::uint32_t n) noexcept {
  if (n < exact) [[likely]]
    return products[n];
  const auto excess =
      static_cast<unsigned>(std::bit_width(n)) - static_cast<unsigned>(std::bit_width(exact - 1));
  const std::uint32_t top = n >> excess;
  return std::uint64_t{n} * (products[top] / top + (excess << cost_bits));
}

CountSum sum_up(std::span<const std::uint32_t> counts) noexcept {
  CountSum sum;
  for (const std::uint32_t count : counts) {
    sum.total += count;
    sum.used += count != 0 ? 1 : 0;
    sum.products += count_log_count(count);
  }
  return sum;
}

}  // namespace braid::codec::deflate
