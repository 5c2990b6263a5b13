#include "codec/bzip2/code_lengths.hpp"

#include <algorithm>
#include <array>

#include "codec/bzip2/constants.hpp"

namespace braid::codec::bzip2 {

namespace {

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
void limit_depths(std::span<std::uint32_t> depths) noexcept {
  if (depths[0] <= writer_code_bits) return;
  std::array<std::uint32_t, writer_code_bits + 1> count{};
  std::uint32_t sum = 0;  // of 2^-length, in units of the longest code
  for (const std::uint32_t depth : depths) {
    const std::uint32_t length = std::min(depth, writer_code_bits);
    ++count[length];
    sum += 1U << (writer_code_bits - length);
  }
  for (; sum > 1U << writer_code_bits; --sum) {  // one leaf moves below another that was higher up
    --count[writer_code_bits];
    std::size_t length = writer_code_bits - 1;
    while (count[length] == 0) --length;
    --count[length];
    count[length + 1] += 2;
  }
  std::size_t at = 0;
  for (std::uint32_t length = writer_code_bits; length != 0; --length) {
    for (std::uint32_t i = 0; i < count[length]; ++i) depths[at++] = length;
  }
}

}  // namespace

void make_code_lengths(std::span<const std::uint32_t> frequencies,
                       std::span<std::uint8_t> lengths) noexcept {
  constexpr unsigned symbol_bits = 9;
  const std::size_t n = frequencies.size();
  std::array<std::uint32_t, max_alphabet> order;
  std::array<std::uint32_t, max_alphabet> weights{};
  for (std::size_t i = 0; i < n; ++i) {
    order[i] = (std::max(frequencies[i], 1U) << symbol_bits) | static_cast<std::uint32_t>(i);
  }
  std::sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(n));
  for (std::size_t i = 0; i < n; ++i) weights[i] = order[i] >> symbol_bits;
  const std::span<std::uint32_t> depths(weights.data(), n);
  minimum_redundancy(depths);
  limit_depths(depths);
  for (std::size_t i = 0; i < n; ++i) {
    lengths[order[i] & ((1U << symbol_bits) - 1)] = static_cast<std::uint8_t>(depths[i]);
  }
}

void assign_codes(std::span<const std::uint8_t> lengths, std::span<std::uint32_t> codes) noexcept {
  std::array<std::uint32_t, max_code_bits + 2> next{};
  for (const std::uint8_t length : lengths) ++next[length + 1U];
  std::uint32_t code = 0;  // next[l] becomes the first code of length l
  for (std::size_t length = 1; length <= max_code_bits; ++length) {
    code = (code + next[length]) << 1;
    next[length] = code;
  }
  for (std::size_t i = 0; i < lengths.size(); ++i) codes[i] = next[lengths[i]]++;
}

}  // namespace braid::codec::bzip2
