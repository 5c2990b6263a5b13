#include "codec/deflate/block_codes.hpp"

#include <algorithm>
#include <span>

#include "codec/code_lengths.hpp"

namespace braid::codec::deflate {

namespace {

// Symbols of the precode that stand for runs, section 3.2.7.
constexpr unsigned repeat_previous = 16;  // 3 to 6 times
constexpr unsigned short_zeros = 17;      // 3 to 10
constexpr unsigned long_zeros = 18;       // 11 to 138

constexpr unsigned precode_extra_bits(unsigned symbol) noexcept {
  switch (symbol) {
    case repeat_previous:
      return 2;
    case short_zeros:
      return 3;
    case long_zeros:
      return 7;
    default:
      return 0;
  }
}

template <std::size_t symbols>
void complete_lengths(std::array<std::uint32_t, symbols> counts, unsigned longest,
                      std::span<std::uint8_t> lengths) noexcept {
  std::size_t used =
      symbols - static_cast<std::size_t>(std::count(counts.begin(), counts.end(), 0U));
  for (std::size_t i = 0; used < 2; ++i) {
    if (counts[i] != 0) continue;
    counts[i] = 1;
    ++used;
  }
  make_code_lengths(counts, longest, lengths.first(symbols));
}

// Codes are written from their first bit on.
void assign_words(std::span<const std::uint8_t> lengths, std::span<Codeword> words) noexcept {
  std::array<std::uint32_t, std::tuple_size_v<decltype(CodeLengths::literals)>> codes;
  assign_codes(lengths, codes);
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const unsigned length = lengths[i];
    words[i] = {0, length};
    for (unsigned bit = 0; bit < length; ++bit) {
      words[i].bits |= ((codes[i] >> bit) & 1) << (length - 1 - bit);
    }
  }
}

// How many of the lengths have to be stated.
unsigned stated(std::span<const std::uint8_t> lengths, unsigned least) noexcept {
  auto count = static_cast<unsigned>(lengths.size());
  while (count > least && lengths[count - 1] == 0) --count;
  return count;
}

}  // namespace

CodeLengths optimal_lengths(const SymbolCounts& counts) noexcept {
  CodeLengths lengths;
  complete_lengths(counts.literals, longest_code, lengths.literals);
  complete_lengths(counts.distances, longest_code, lengths.distances);
  return lengths;
}

std::uint64_t symbol_bits(const SymbolCounts& counts, const CodeLengths& lengths) noexcept {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < counts.literals.size(); ++i) {
    const unsigned extra =
        i < first_length_symbol ? 0 : length_ranges[i - first_length_symbol].extra_bits;
    bits += std::uint64_t{counts.literals[i]} * (lengths.literals[i] + extra);
  }
  for (std::size_t i = 0; i < counts.distances.size(); ++i) {
    bits += std::uint64_t{counts.distances[i]} *
            (lengths.distances[i] + unsigned{distance_ranges[i].extra_bits});
  }
  return bits;
}

DynamicHeader::DynamicHeader(const CodeLengths& lengths) noexcept
    : literals_(stated(std::span(lengths.literals).first(most_literals), first_length_symbol)),
      distances_(stated(std::span(lengths.distances).first(most_distances), 1)) {
  // Runs go on from one tree into the other.
  std::array<std::uint8_t, most_literals + most_distances> all;
  std::copy_n(lengths.literals.begin(), literals_, all.begin());
  std::copy_n(lengths.distances.begin(), distances_, all.begin() + literals_);
  const unsigned count = literals_ + distances_;
  for (unsigned i = 0; i < count;) {
    unsigned end = i + 1;
    while (end < count && all[end] == all[i]) ++end;
    add_runs(all[i], end - i);
    i = end;
  }

  std::array<std::uint32_t, precode_symbols> counts{};
  for (unsigned i = 0; i < run_count_; ++i) ++counts[runs_[i].symbol];
  complete_lengths(counts, longest_precode, lengths_);
  stated_ = precode_symbols;
  while (stated_ > 4 && lengths_[precode_order[stated_ - 1]] == 0) --stated_;
  bits_ = 5 + 5 + 4 + std::uint64_t{3} * stated_;
  for (unsigned symbol = 0; symbol < precode_symbols; ++symbol) {
    bits_ += std::uint64_t{counts[symbol]} * (lengths_[symbol] + precode_extra_bits(symbol));
  }
}

void DynamicHeader::add_runs(std::uint8_t length, unsigned count) noexcept {
  const auto add = [&](unsigned symbol, unsigned extra) {
    runs_[run_count_++] = {static_cast<std::uint8_t>(symbol), static_cast<std::uint8_t>(extra)};
  };
  if (length == 0) {
    for (; count >= 11; count -= std::min(count, 138U)) {
      add(long_zeros, std::min(count, 138U) - 11);
    }
    if (count >= 3) {
      add(short_zeros, count - 3);
      count = 0;
    }
  } else {
    add(length, 0);
    for (--count; count >= 3; count -= std::min(count, 6U)) {
      add(repeat_previous, std::min(count, 6U) - 3);
    }
  }
  for (; count > 0; --count) add(length, 0);
}

void DynamicHeader::write(BitWriter& out) const noexcept {
  out.add(literals_ - first_length_symbol, 5);
  out.add(distances_ - 1, 5);
  out.add(stated_ - 4, 4);
  out.flush();
  for (unsigned i = 0; i < stated_; ++i) {
    out.add(lengths_[precode_order[i]], 3);
    out.flush();
  }
  std::array<Codeword, precode_symbols> codes;
  assign_words(lengths_, codes);
  for (unsigned i = 0; i < run_count_; ++i) {
    const Codeword code = codes[runs_[i].symbol];
    out.add(code.bits, code.count);
    out.add(runs_[i].extra, precode_extra_bits(runs_[i].symbol));
    out.flush();
  }
}

Codewords::Codewords(const CodeLengths& lengths) noexcept {
  std::array<Codeword, std::tuple_size_v<decltype(lengths.literals)>> codes;
  assign_words(lengths.literals, codes);
  std::copy_n(codes.begin(), literals.size(), literals.begin());
  end = codes[end_of_block];
  for (unsigned length = shortest_match; length <= longest_match; ++length) {
    const unsigned symbol = length_symbols[length];
    const Codeword code = codes[symbol];
    const SymbolRange& range = length_ranges[symbol - first_length_symbol];
    matches[length] = {code.bits | ((length - range.base) << code.count),
                       code.count + range.extra_bits};
  }
  assign_words(std::span(lengths.distances).first(most_distances), distances);
}

}  // namespace braid::codec::deflate
