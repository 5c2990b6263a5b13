#pragma once

#include <array>
#include <cstdint>

#include "codec/deflate/bit_view.hpp"
#include "codec/deflate/dynamic_header.hpp"

namespace braid::codec::deflate {

// One literal, match or end of block.
struct Symbol {
  std::uint16_t length = 0;    // plain bytes: 0 at the end of a block, 1 for a literal
  std::uint16_t distance = 0;  // 0 for a literal; at most 32768
  std::uint8_t literal = 0;
  std::uint8_t bits = 0;  // 0: no valid code stands here
};

// Reads symbols at any bit of a block whose code lengths are known. Keeps no output and no
// position: it is there to look at streams that are already known to be sound, not to restore them.
class SymbolDecoder {
 public:
  // Lengths as read_dynamic_header() and fixed_lengths() give them. Cost: a few microseconds.
  void load(const CodeLengths& lengths) noexcept;

  // Bits behind the end of `bits` read as zero: callers compare positions with its size.
  [[nodiscard]] Symbol read(const BitView& bits, std::uint64_t at) const noexcept;

 private:
  // Marks of the bases of the literal code: literals are their own value, lengths are below both.
  static constexpr std::uint16_t literal_mark = 0x8000;
  static constexpr std::uint16_t end_mark = 0x4000;

  static constexpr unsigned low_bits(std::uint64_t word, unsigned count) noexcept {
    return static_cast<unsigned>(word & ((std::uint64_t{1} << count) - 1));
  }

  static constexpr unsigned short_code_bits =
      11;  // nearly all codes, in a table the nearest cache holds

  // What a code means, with its own and its extra bits; `bits` 0: no such code.
  struct Entry {
    std::uint16_t base;
    std::uint8_t bits;
    std::uint8_t extra_bits;
  };

  // Codes longer than short_code_bits stand in `all`, whose other entries are never read: a code
  // with long members has no gaps.
  struct Table {
    std::array<Entry, 1U << short_code_bits> first;
    std::array<Entry, 1U << longest_code> all;
    bool has_long = false;

    [[nodiscard]] Entry find(std::uint64_t word) const noexcept {
      const Entry entry = first[word & (first.size() - 1)];
      if (entry.bits != 0 || !has_long) [[likely]]
        return entry;
      return all[word & (all.size() - 1)];
    }
  };

  template <typename Meaning>
  static void build(const std::uint8_t* lengths, unsigned count, Table& table,
                    Meaning meaning) noexcept;

  Table literals_;
  Table distances_;
};

// Inline: the loops around it keep the symbol in registers.
inline Symbol SymbolDecoder::read(const BitView& bits, std::uint64_t at) const noexcept {
  std::uint64_t word = bits.peek(at);  // 57 bits; the longest symbol has 15 + 5 + 15 + 13
  const Entry first = literals_.find(word);
  Symbol symbol;
  symbol.bits = first.bits;
  if ((first.base & literal_mark) != 0) {
    symbol.length = 1;
    symbol.literal = static_cast<std::uint8_t>(first.base);
    return symbol;
  }
  if (first.bits == 0 || first.base == end_mark) return symbol;
  word >>= first.bits;
  symbol.length = static_cast<std::uint16_t>(first.base + low_bits(word, first.extra_bits));
  word >>= first.extra_bits;
  const Entry second = distances_.find(word);
  if (second.bits == 0) return {};
  word >>= second.bits;
  symbol.distance = static_cast<std::uint16_t>(second.base + low_bits(word, second.extra_bits));
  symbol.bits =
      static_cast<std::uint8_t>(first.bits + first.extra_bits + second.bits + second.extra_bits);
  return symbol;
}

}  // namespace braid::codec::deflate
