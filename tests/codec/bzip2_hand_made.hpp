#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "codec/bzip2/bits.hpp"
#include "codec/bzip2/constants.hpp"
#include "codec/bzip2/crc.hpp"

namespace braid::codec::bzip2::testing {

// A stream of blocks that hold one 'a' each, with any field as a test wants it.
struct HandMade {
  std::uint32_t origin = 0;
  std::uint32_t tables = 6;
  std::uint32_t alphabet_map = 0x0200;    // the row of the sixteen values around "a"
  std::uint64_t extra_selector_bits = 0;  // unary codes behind the first selector, 48 bits at most
  std::uint32_t extra_selector_width = 0;
  std::uint32_t selectors = 1;       // how many codes those are, the first one included
  std::uint32_t zero_selectors = 0;  // behind them
  std::uint32_t symbols = 0b011;     // RUNA is 0, RUNB 10, end of block 11
  std::uint32_t symbol_bits = 3;
  std::uint32_t blocks = 1;
  std::vector<std::uint32_t> lengths = {1, 2, 2};
  std::string plain = "a";  // what each block means

  [[nodiscard]] std::string stream() const {
    std::string bytes(256 + 8 * (zero_selectors + 64) * blocks, '\0');
    BitWriter out(reinterpret_cast<std::byte*>(bytes.data()));
    out.put(0x425a6839, 32);
    std::uint32_t crc = 0;
    for (std::uint32_t i = 0; i < blocks; ++i) {
      write_block(out);
      crc = combine_crc(crc, crc32(0, plain));
    }
    out.put(end_magic >> 24, 24);
    out.put(end_magic & 0xffffff, 24);
    out.put(crc, 32);
    bytes.resize((out.finish() + 7) / 8);
    return bytes;
  }

 private:
  void write_block(BitWriter& out) const {
    out.put(block_magic >> 24, 24);
    out.put(block_magic & 0xffffff, 24);
    out.put(crc32(0, plain), 32);
    out.put(0, 1);
    out.put(origin, 24);
    out.put(alphabet_map, 16);
    if (alphabet_map != 0) out.put(0x4000, 16);
    out.put(tables, 3);
    out.put(selectors + zero_selectors, 15);
    out.put(0, 1);
    if (extra_selector_width > 24) out.put(extra_selector_bits >> 24, extra_selector_width - 24);
    out.put(extra_selector_bits & 0xffffff, extra_selector_width < 24 ? extra_selector_width : 24);
    for (std::uint32_t i = 0; i < zero_selectors; ++i) out.put(0, 1);
    for (std::uint32_t t = 0; t < tables; ++t) {
      std::uint32_t current = lengths[0];
      out.put(current, 5);
      for (const std::uint32_t length : lengths) {
        for (; current < length; ++current) out.put(0b10, 2);
        for (; current > length; --current) out.put(0b11, 2);
        out.put(0, 1);
      }
    }
    out.put(symbols, symbol_bits);
  }
};

// A valid block in which `magic` stands where none begins: among selectors that nothing uses. Its
// ones come in groups of three at most, so that it reads as selectors of four tables or more.
[[nodiscard]] inline HandMade with_false_magic(std::uint64_t magic) {
  HandMade made;
  made.extra_selector_bits = magic;
  made.extra_selector_width = magic_bits;
  for (unsigned i = 0; i < magic_bits; ++i) made.selectors += (magic >> i & 1) == 0 ? 1 : 0;
  made.zero_selectors = 1;  // ends the last code, should the number end with a one
  return made;
}

}  // namespace braid::codec::bzip2::testing
