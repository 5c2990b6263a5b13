#include "codec/deflate/symbol_decoder.hpp"

#include <algorithm>

namespace braid::codec::deflate {

namespace {

constexpr std::uint8_t no_meaning = 0xff;  // symbols that never occur: 286, 287; distances 30, 31

}  // namespace

template <typename Meaning>
void SymbolDecoder::build(const std::uint8_t* lengths, unsigned count, Table& table,
                          Meaning meaning) noexcept {
  table.first.fill(Entry{0, 0, 0});
  table.has_long = false;
  // Codes count upwards within a length (section 3.2.2) and stand in the stream with their first
  // bit lowest: `code` is kept mirrored, so that counting carries from the top bit downwards.
  std::uint32_t code = 0;
  for (unsigned length = 1; length <= longest_code; ++length) {
    for (unsigned symbol = 0; symbol < count; ++symbol) {
      if (lengths[symbol] != length) continue;
      Entry entry = meaning(symbol);
      if (entry.extra_bits != no_meaning) {
        entry.bits = static_cast<std::uint8_t>(length);
        const bool is_long = length > short_code_bits;
        Entry* const entries = is_long ? table.all.data() : table.first.data();
        const std::size_t size = is_long ? table.all.size() : table.first.size();
        for (std::size_t at = code; at < size; at += std::size_t{1} << length) entries[at] = entry;
        table.has_long |= is_long;
      }
      std::uint32_t carry = 1U << (length - 1);
      while ((code & carry) != 0) {
        code ^= carry;
        carry >>= 1;
      }
      code |= carry;
    }
  }
}

void SymbolDecoder::load(const CodeLengths& lengths) noexcept {
  const auto literal_meaning = [](unsigned symbol) -> Entry {
    if (symbol < end_of_block) {
      return {static_cast<std::uint16_t>(literal_mark | symbol), 0, 0};
    }
    if (symbol == end_of_block) return {end_mark, 0, 0};
    const unsigned index = symbol - first_length_symbol;
    if (index >= length_ranges.size()) return {0, 0, no_meaning};
    return {length_ranges[index].base, 0, length_ranges[index].extra_bits};
  };
  const auto distance_meaning = [](unsigned symbol) -> Entry {
    if (symbol >= distance_ranges.size()) return {0, 0, no_meaning};
    return {distance_ranges[symbol].base, 0, distance_ranges[symbol].extra_bits};
  };
  build(lengths.literals.data(), static_cast<unsigned>(lengths.literals.size()), literals_,
        literal_meaning);
  build(lengths.distances.data(), static_cast<unsigned>(lengths.distances.size()), distances_,
        distance_meaning);
}

}  // namespace braid::codec::deflate
