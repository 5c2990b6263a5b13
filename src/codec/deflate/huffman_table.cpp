#include "codec/deflate/huffman_table.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace braid::codec::deflate {

namespace {

using Counts = std::array<std::uint16_t, longest_code + 1>;
using Sorted = std::array<std::uint16_t, litlen_symbols>;

// What symbols mean, before the bits of their codewords are added.
using Meanings = std::array<Entry, litlen_symbols>;

constexpr Meanings litlen_meanings() {
  Meanings meanings{};
  for (unsigned i = 0; i < 256; ++i) meanings[i] = entry_literal | (i << 16);
  meanings[256] = entry_special | entry_end;
  for (unsigned i = 0; i < length_ranges.size(); ++i) {
    meanings[first_length_symbol + i] =
        (Entry{length_ranges[i].base} << 16) | length_ranges[i].extra_bits;
  }
  meanings[286] = meanings[287] = entry_special;  // in the fixed code, but never used
  return meanings;
}

constexpr Meanings distance_meanings() {
  Meanings meanings{};
  for (unsigned i = 0; i < distance_ranges.size(); ++i) {
    meanings[i] = (Entry{distance_ranges[i].base} << 16) | distance_ranges[i].extra_bits;
  }
  meanings[30] = meanings[31] = entry_special;
  return meanings;
}

constexpr Meanings precode_meanings() {
  Meanings meanings{};
  for (unsigned i = 0; i < precode_symbols; ++i) meanings[i] = i << 16;
  return meanings;
}

constexpr Meanings meanings_of_litlen = litlen_meanings();
constexpr Meanings meanings_of_distance = distance_meanings();
constexpr Meanings meanings_of_precode = precode_meanings();

const Meanings& meanings_of(Alphabet alphabet) {
  switch (alphabet) {
    case Alphabet::precode:
      return meanings_of_precode;
    case Alphabet::litlen:
      return meanings_of_litlen;
    case Alphabet::distance:
      break;
  }
  return meanings_of_distance;
}

unsigned limit_of(Alphabet alphabet) {
  switch (alphabet) {
    case Alphabet::precode:
      return precode_table_bits;
    case Alphabet::litlen:
      return litlen_table_bits;
    case Alphabet::distance:
      break;
  }
  return distance_table_bits;
}

Entry with_code_bits(Entry meaning, unsigned bits) {
  return meaning + bits + (bits << 8);
}

// The codeword after `code` of `length` bits in canonical order, both with their bits reversed: the
// carry runs from the highest bit down. `code` is not the last, all ones.
unsigned next_code(unsigned code, unsigned length) {
  const unsigned zeros = code ^ ((1U << length) - 1);
  const unsigned carry = std::bit_floor(zeros);
  return (code & (carry - 1)) | carry;
}

// Symbols in the order of their codewords: by length, then by number.
void sort_symbols(std::span<const std::uint8_t> lengths, const Counts& counts, Sorted& sorted) {
  Counts place{};
  for (unsigned length = 1; length < longest_code; ++length) {
    place[length + 1] = static_cast<std::uint16_t>(place[length] + counts[length]);
  }
  for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
    if (lengths[symbol] != 0) sorted[place[lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);
  }
}

// Fills tables for a complete code.
class Filler {
 public:
  Filler(const Meanings& meanings, const Sorted& sorted, Counts counts, std::span<Entry> table,
         unsigned index_bits)
      : meanings_(meanings),
        sorted_(sorted),
        counts_(counts),
        table_(table),
        index_bits_(index_bits) {}

  void fill() {
    while (counts_[length_] == 0) ++length_;
    if (!fill_main()) fill_subtables();
  }

 private:
  // Takes the next symbol; false after the last one.
  bool advance() {
    ++symbol_;
    --counts_[length_];
    if (code_ == (1U << length_) - 1) return false;
    code_ = next_code(code_, length_);
    return true;
  }

  Entry entry(unsigned bits) const { return with_code_bits(meanings_[sorted_[symbol_]], bits); }

  void double_main(std::size_t size) { std::copy_n(table_.begin(), size, &table_[size]); }

  // Enters codewords that fit the index, in a table that doubles with their length: all entries of
  // shorter codewords are copied at once. True when there are no longer ones.
  bool fill_main() {
    while (length_ <= index_bits_) {
      bool more = true;
      while (more && counts_[length_] != 0) {
        table_[code_] = entry(length_);
        more = advance();
      }
      do {
        if (length_ < index_bits_) double_main(std::size_t{1} << length_);
        ++length_;
      } while (length_ <= index_bits_ && (!more || counts_[length_] == 0));
      if (!more) return true;
    }
    while (counts_[length_] == 0) ++length_;
    return false;
  }

  // Enters the longer codewords. A subtable is as large as its longest codeword needs: it grows
  // until the codewords that come next fill it.
  void fill_subtables() {
    const unsigned mask = (1U << index_bits_) - 1;
    unsigned prefix = ~0U;
    std::size_t start = 0;
    std::size_t end = std::size_t{1} << index_bits_;
    for (;;) {
      if ((code_ & mask) != prefix) {
        prefix = code_ & mask;
        start = end;
        const unsigned bits = subtable_bits();
        end = start + (std::size_t{1} << bits);
        table_[prefix] = entry_special | entry_link | (static_cast<Entry>(start) << 16) |
                         (bits << 8) | index_bits_;
      }
      const unsigned rest = length_ - index_bits_;
      const Entry value = entry(rest);
      for (std::size_t i = start + (code_ >> index_bits_); i < end; i += std::size_t{1} << rest) {
        table_[i] = value;
      }
      if (!advance()) return;
      while (counts_[length_] == 0) ++length_;
    }
  }

  [[nodiscard]] unsigned subtable_bits() const {
    unsigned bits = length_ - index_bits_;
    unsigned used = counts_[length_];
    while (used < (1U << bits)) {
      ++bits;
      used = used * 2 + counts_[index_bits_ + bits];
    }
    return bits;
  }

  const Meanings& meanings_;
  const Sorted& sorted_;
  Counts counts_;  // codewords still to come
  std::span<Entry> table_;
  unsigned index_bits_;
  unsigned length_ = 1;
  unsigned code_ = 0;
  unsigned symbol_ = 0;
};

}  // namespace

TableError build_table(Alphabet alphabet, std::span<const std::uint8_t> lengths,
                       std::span<Entry> table, unsigned& index_bits) noexcept {
  Counts counts{};
  for (const std::uint8_t length : lengths) ++counts[length];
  counts[0] = 0;
  unsigned longest = longest_code;
  while (longest > 0 && counts[longest] == 0) --longest;

  int left = 1;  // codewords of this length still free
  for (unsigned length = 1; length <= longest_code; ++length) {
    left = left * 2 - counts[length];
    if (left < 0) return TableError::oversubscribed;
  }
  Sorted sorted;
  sort_symbols(lengths, counts, sorted);
  if (left > 0) {
    if (alphabet == Alphabet::precode || longest > 1) return TableError::incomplete;
    const Entry open = with_code_bits(entry_special, 1);
    const Entry only = longest == 0 ? open : with_code_bits(meanings_of(alphabet)[sorted[0]], 1);
    index_bits = alphabet == Alphabet::distance ? distance_table_bits : 1;
    for (std::size_t i = 0; i < std::size_t{1} << index_bits; ++i) {
      table[i] = (i & 1) == 0 ? only : open;
    }
    return TableError::none;
  }
  index_bits =
      alphabet == Alphabet::distance ? distance_table_bits : std::min(longest, limit_of(alphabet));
  Filler(meanings_of(alphabet), sorted, counts, table, index_bits).fill();
  return TableError::none;
}

}  // namespace braid::codec::deflate
