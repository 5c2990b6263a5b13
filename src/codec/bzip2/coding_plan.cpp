#include "codec/bzip2/coding_plan.hpp"

#include <algorithm>

#include "codec/bzip2/code_lengths.hpp"

namespace braid::codec::bzip2 {

namespace {

// A code of one table costs about as much as it saves on this many symbols: the steps are the
// reference writer's.
std::size_t table_count(std::size_t symbols) noexcept {
  if (symbols < 200) return 2;
  if (symbols < 600) return 3;
  if (symbols < 1200) return 4;
  return symbols < 2400 ? 5 : 6;
}

// The costs of one symbol under all tables stand side by side in one word, so that a group is
// priced with one addition a symbol. Fifty codes of at most 17 bits stay below 2^10.
constexpr unsigned price_bits = 10;
static_assert(group_size * writer_code_bits < (1U << price_bits));
static_assert(max_tables * price_bits <= 64);

constexpr int most_rounds = 8;

}  // namespace

// To begin with, each table is made for a stretch of the alphabet; all stretches are about as
// frequent as one another.
void CodingPlan::guess(std::size_t symbols, std::span<const std::uint32_t> frequencies) {
  constexpr std::uint8_t outside = 15;
  std::size_t left = symbols;
  std::size_t from = 0;
  for (std::size_t t = 0; t < tables_; ++t) {
    const std::size_t goal = left / (tables_ - t);
    std::size_t to = from;
    std::size_t sum = 0;
    while (to < alphabet_ && (sum < goal || t + 1 == tables_)) sum += frequencies[to++];
    // Where the last symbol went too far, every second table leaves it to the next one.
    if (to > from + 1 && t % 2 == 1 && t + 1 != tables_) sum -= frequencies[--to];
    std::fill(lengths_[t].begin(), lengths_[t].end(), outside);
    for (std::size_t s = from; s < to; ++s) lengths_[t][s] = 0;
    left -= sum;
    from = to;
  }
}

// Gives every group its cheapest table and counts what each table is used for. Returns all costs.
std::uint64_t CodingPlan::assign(std::span<const std::uint16_t> symbols) {
  std::array<std::uint64_t, max_alphabet> prices{};
  for (std::size_t t = 0; t < tables_; ++t) {
    for (std::size_t s = 0; s < alphabet_; ++s) {
      prices[s] |= std::uint64_t{lengths_[t][s]} << (price_bits * t);
    }
    counts_[t].fill(0);
  }
  selectors_.clear();
  std::uint64_t total = 0;
  for (std::size_t at = 0; at < symbols.size(); at += group_size) {
    const auto group = symbols.subspan(at, std::min(group_size, symbols.size() - at));
    std::uint64_t sum = 0;
    for (const std::uint16_t s : group) sum += prices[s];
    std::uint64_t best = UINT64_MAX;
    std::size_t table = 0;
    for (std::size_t t = 0; t < tables_; ++t) {
      const std::uint64_t price = (sum >> (price_bits * t)) & ((1U << price_bits) - 1);
      if (price < best) {
        best = price;
        table = t;
      }
    }
    total += best;
    selectors_.push_back(static_cast<std::uint8_t>(table));
    auto& counts = counts_[table];
    for (const std::uint16_t s : group) ++counts[s];
  }
  return total;
}

void CodingPlan::make(std::span<const std::uint16_t> symbols,
                      std::span<const std::uint32_t> frequencies) {
  alphabet_ = frequencies.size();
  tables_ = table_count(symbols.size());
  guess(symbols.size(), frequencies);
  std::uint64_t before = UINT64_MAX;
  for (int round = 0; round < most_rounds; ++round) {
    const std::uint64_t cost = assign(symbols);
    // The first cost is that of the guess and says nothing.
    const bool settled = round > 1 && cost + cost / 1024 >= before;
    before = round == 0 ? UINT64_MAX : cost;
    for (std::size_t t = 0; t < tables_; ++t) {
      make_code_lengths({counts_[t].data(), alphabet_}, {lengths_[t].data(), alphabet_});
    }
    if (settled) break;
  }
  symbol_bits_ = 0;
  for (std::size_t t = 0; t < tables_; ++t) {
    for (std::size_t s = 0; s < alphabet_; ++s) {
      symbol_bits_ += std::uint64_t{counts_[t][s]} * lengths_[t][s];
    }
  }
}

}  // namespace braid::codec::bzip2
