#include "codec/code_lengths.hpp"

#include <algorithm>
#include <array>

namespace braid::codec {

namespace {

constexpr std::size_t most_symbols = 288;
constexpr unsigned most_bits = 20;

// Moffat and Katajainen, "In-place calculation of minimum-redundancy codes" (1995): `a` holds
// ascending weights and receives the depth of each leaf.
void minimum_redundancy(std::span<std::uint32_t> a) noexcept {
  const std::size_t n = a.size();
  a[0] += a[1];
  std::size_t root = 0;
  std::size_t leaf = 2;
  for (std::size_t next = 1; next < n - 1; ++next) {  // weights of inner nodes, then parents
    const auto smaller = [&]() -> std::uint32_t {
      if (leaf >= n || (root < next && a[root] < a[leaf])) {
        const std::uint32_t weight = a[root];
        a[root++] = static_cast<std::uint32_t>(next);
        return weight;
      }
      return a[leaf++];
    };
    const std::uint32_t first = smaller();
    a[next] = first + smaller();
  }
  a[n - 2] = 0;  // depths of inner nodes
  for (std::size_t next = n - 2; next-- > 0;) a[next] = a[a[next]] + 1;

  std::size_t available = 1;  // depths of leaves
  std::uint32_t depth = 0;
  auto inner = static_cast<std::ptrdiff_t>(n) - 2;
  auto out = static_cast<std::ptrdiff_t>(n) - 1;
  while (available > 0) {
    std::size_t used = 0;
    while (inner >= 0 && a[static_cast<std::size_t>(inner)] == depth) {
      ++used;
      --inner;
    }
    while (available > used) {
      a[static_cast<std::size_t>(out--)] = depth;
      --available;
    }
    available = 2 * used;
    ++depth;
  }
}

// Shortens codes beyond the limit and lengthens others until the code is complete again.
// `depths` descends, as the weights ascend.
void limit_depths(std::span<std::uint32_t> depths, unsigned longest) noexcept {
  if (depths[0] <= longest) return;
  std::array<std::uint32_t, most_bits + 1> count{};
  std::uint32_t sum = 0;  // of 2^-length, in units of the longest code
  for (const std::uint32_t depth : depths) {
    const std::uint32_t length = std::min(depth, longest);
    ++count[length];
    sum += 1U << (longest - length);
  }
  for (; sum > 1U << longest; --sum) {  // one leaf moves below another that was higher up
    --count[longest];
    std::size_t length = longest - 1;
    while (count[length] == 0) --length;
    --count[length];
    count[length + 1] += 2;
  }
  std::size_t at = 0;
  for (std::uint32_t length = longest; length != 0; --length) {
    for (std::uint32_t i = 0; i < count[length]; ++i) depths[at++] = length;
  }
}

}  // namespace

void make_code_lengths(std::span<const std::uint32_t> frequencies, unsigned longest,
                       std::span<std::uint8_t> lengths) noexcept {
  // Sorted by frequency, then by number, both in one word.
  constexpr unsigned symbol_bits = 9;
  static_assert(most_symbols <= 1U << symbol_bits);
  std::array<std::uint64_t, most_symbols> order;
  std::size_t used = 0;
  for (std::size_t symbol = 0; symbol < frequencies.size(); ++symbol) {
    lengths[symbol] = 0;
    if (frequencies[symbol] == 0) continue;
    order[used++] = (std::uint64_t{frequencies[symbol]} << symbol_bits) | symbol;
  }
  const auto symbol_of = [&](std::size_t i) { return order[i] & ((1U << symbol_bits) - 1); };
  if (used == 1) lengths[symbol_of(0)] = 1;
  if (used < 2) return;

  std::sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(used));
  std::array<std::uint32_t, most_symbols> weights;
  for (std::size_t i = 0; i < used; ++i) {
    weights[i] = static_cast<std::uint32_t>(order[i] >> symbol_bits);
  }
  const std::span<std::uint32_t> depths(weights.data(), used);
  minimum_redundancy(depths);
  limit_depths(depths, longest);
  for (std::size_t i = 0; i < used; ++i) {
    lengths[symbol_of(i)] = static_cast<std::uint8_t>(depths[i]);
  }
}

void assign_codes(std::span<const std::uint8_t> lengths, std::span<std::uint32_t> codes) noexcept {
  std::array<std::uint32_t, most_bits + 2> next{};
  for (const std::uint8_t length : lengths) {
    if (length != 0) ++next[length + 1U];
  }
  std::uint32_t code = 0;  // next[l] becomes the first code of length l
  for (std::size_t length = 1; length <= most_bits; ++length) {
    code = (code + next[length]) << 1;
    next[length] = code;
  }
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    codes[i] = lengths[i] == 0 ? 0 : next[lengths[i]]++;
  }
}

}  // namespace braid::codec
