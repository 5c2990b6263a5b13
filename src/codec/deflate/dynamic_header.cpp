#include "codec/deflate/dynamic_header.hpp"

#include <algorithm>
#include <span>

namespace braid::codec::deflate {

namespace {

// How much of the code space lengths use, as a fraction of 1 << 15.
std::uint32_t used_space(std::span<const std::uint8_t> lengths) noexcept {
  std::uint32_t used = 0;
  for (const std::uint8_t length : lengths) {
    if (length != 0) used += (1U << longest_code) >> length;
  }
  return used;
}

constexpr std::uint32_t full_space = 1U << longest_code;

// The precode as a table over its next seven bits: symbol and length in one byte each.
struct Precode {
  struct Entry {
    std::uint8_t symbol;
    std::uint8_t length;
  };

  std::array<Entry, 1U << longest_precode> entries;
};

// `lengths` fill the code space exactly. Codes are kept mirrored, first bit lowest, so that
// counting up carries from the top bit downwards.
void build(const std::array<std::uint8_t, precode_symbols>& lengths, Precode& table) noexcept {
  unsigned code = 0;
  unsigned present = 0;  // which lengths occur, as bits
  for (const std::uint8_t length : lengths) present |= 1U << length;
  for (unsigned length = 1; length <= longest_precode; ++length) {
    if ((present >> length & 1U) == 0) continue;
    for (unsigned symbol = 0; symbol < precode_symbols; ++symbol) {
      if (lengths[symbol] != length) continue;
      for (unsigned at = code; at < table.entries.size(); at += 1U << length) {
        table.entries[at] = {static_cast<std::uint8_t>(symbol), static_cast<std::uint8_t>(length)};
      }
      unsigned carry = 1U << (length - 1);
      while ((code & carry) != 0) {
        code ^= carry;
        carry >>= 1;
      }
      code |= carry;
    }
  }
}

// Expands the run-length coded lengths; returns the bit behind them, or 0 when a run has nothing to
// repeat or goes too far.
std::uint64_t read_lengths(const BitView& bits, std::uint64_t at, const Precode& table,
                           std::span<std::uint8_t> lengths) noexcept {
  std::size_t count = 0;
  while (count < lengths.size()) {
    const std::uint64_t word = bits.peek(at);
    const Precode::Entry entry = table.entries[word & (table.entries.size() - 1)];
    const auto extra = static_cast<unsigned>(word >> entry.length);
    at += entry.length;
    if (entry.symbol < 16) {
      lengths[count++] = entry.symbol;
      continue;
    }
    std::size_t run = 0;
    std::uint8_t value = 0;
    if (entry.symbol == 16) {
      if (count == 0) return 0;
      value = lengths[count - 1];
      run = 3 + (extra & 3U);
      at += 2;
    } else if (entry.symbol == 17) {
      run = 3 + (extra & 7U);
      at += 3;
    } else {
      run = 11 + (extra & 127U);
      at += 7;
    }
    if (run > lengths.size() - count) return 0;
    std::fill_n(lengths.begin() + static_cast<std::ptrdiff_t>(count), run, value);
    count += run;
  }
  return at;
}

}  // namespace

std::uint64_t read_dynamic_header(const BitView& bits, std::uint64_t at,
                                  CodeLengths& lengths) noexcept {
  const std::uint64_t head = bits.peek(at);
  const unsigned literals = static_cast<unsigned>(head & 31U) + 257;
  const unsigned distances = static_cast<unsigned>((head >> 5) & 31U) + 1;
  const unsigned stored = static_cast<unsigned>((head >> 10) & 15U) + 4;
  if (literals > most_literals || distances > most_distances) return 0;

  std::array<std::uint8_t, precode_symbols> precode{};
  const std::uint64_t word = bits.peek(at + 14);  // 57 bits: exactly nineteen lengths
  for (unsigned i = 0; i < stored; ++i) {
    precode[precode_order[i]] = static_cast<std::uint8_t>((word >> (3 * i)) & 7U);
  }
  if (used_space(precode) != full_space) return 0;
  at += 14 + 3 * stored;

  Precode table;
  build(precode, table);
  std::array<std::uint8_t, most_literals + most_distances> both;
  at = read_lengths(bits, at, table, std::span(both).first(literals + distances));
  if (at == 0 || at > bits.size()) return 0;

  const auto literal_part = std::span<const std::uint8_t>(both).first(literals);
  const auto distance_part = std::span<const std::uint8_t>(both).subspan(literals, distances);
  if (both[end_of_block] == 0 || used_space(literal_part) != full_space) {
    // The one exception is an end of block alone, written as a code of one bit.
    if (both[end_of_block] != 1 || used_space(literal_part) != full_space / 2) return 0;
  }
  const std::uint32_t distance_space = used_space(distance_part);
  // RFC 1951 section 3.2.7: one distance code of one bit, or none at all.
  if (distance_space != full_space && distance_space != full_space / 2 && distance_space != 0) {
    return 0;
  }
  if (distance_space == full_space / 2 && std::ranges::count(distance_part, std::uint8_t{1}) != 1) {
    return 0;
  }
  lengths = {};
  std::ranges::copy(literal_part, lengths.literals.begin());
  std::ranges::copy(distance_part, lengths.distances.begin());
  return at;
}

CodeLengths fixed_lengths() noexcept {
  CodeLengths lengths;
  for (std::size_t i = 0; i < lengths.literals.size(); ++i) {
    lengths.literals[i] = static_cast<std::uint8_t>(i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8);
  }
  lengths.distances.fill(5);
  return lengths;
}

}  // namespace braid::codec::deflate
