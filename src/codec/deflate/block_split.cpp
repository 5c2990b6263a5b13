#include "codec/deflate/block_split.hpp"

#include <algorithm>

#include "codec/deflate/entropy.hpp"

namespace braid::codec::deflate {

namespace {

// What the header of a dynamic block takes: its fixed parts and the precode, and the length of each
// code. As measured.
constexpr std::uint64_t header_cost = 60U << cost_bits;
constexpr std::uint64_t length_cost = (7U << cost_bits) / 2;

std::uint64_t entropy(std::span<const std::uint32_t> counts) noexcept {
  const CountSum sum = sum_up(counts);
  const std::uint64_t all = count_log_count(sum.total);
  // Rounding may leave less than nothing where there is but one symbol.
  return (all > sum.products ? all - sum.products : 0) + sum.used * length_cost;
}

std::uint64_t cost_of(const SymbolCounts& counts) noexcept {
  return header_cost + entropy(counts.literals) + entropy(counts.distances);
}

SymbolCounts sum(const SymbolCounts& a, const SymbolCounts& b) noexcept {
  SymbolCounts both;
  for (std::size_t i = 0; i < both.literals.size(); ++i) {
    both.literals[i] = a.literals[i] + b.literals[i];
  }
  for (std::size_t i = 0; i < both.distances.size(); ++i) {
    both.distances[i] = a.distances[i] + b.distances[i];
  }
  both.literals[end_of_block] = 1;
  return both;
}

// What one block for both takes less than two.
std::int64_t gain_of(const Stretch& a, const Stretch& b) noexcept {
  return static_cast<std::int64_t>(a.cost + b.cost - cost_of(sum(a.counts, b.counts)));
}

}  // namespace

void join_stretches(std::vector<Stretch>& stretches) {
  for (Stretch& stretch : stretches) stretch.cost = cost_of(stretch.counts);
  std::vector<std::int64_t> gains;  // of each with the next one
  for (std::size_t i = 1; i < stretches.size(); ++i) {
    gains.push_back(gain_of(stretches[i - 1], stretches[i]));
  }
  while (!gains.empty()) {
    const auto best = std::max_element(gains.begin(), gains.end());
    if (*best <= 0) return;
    const auto i = static_cast<std::size_t>(best - gains.begin());
    const Stretch& next = stretches[i + 1];
    Stretch& joined = stretches[i];
    joined.counts = sum(joined.counts, next.counts);
    joined.cost = cost_of(joined.counts);
    joined.end = next.end;
    joined.plain_size += next.plain_size;
    stretches.erase(stretches.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    gains.erase(best);
    if (i < gains.size()) gains[i] = gain_of(stretches[i], stretches[i + 1]);
    if (i > 0) gains[i - 1] = gain_of(stretches[i - 1], stretches[i]);
  }
}

}  // namespace braid::codec::deflate
