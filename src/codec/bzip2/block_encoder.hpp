#pragma once

#include <braid/bytes.hpp>
#include <braid/result.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "codec/bzip2/bits.hpp"
#include "codec/bzip2/block_sort.hpp"
#include "codec/bzip2/coding_plan.hpp"

namespace braid::codec::bzip2 {

// Turns plain bytes into one block. One thread at a time; its memory is used again.
//
// The format lets a block end at any bit. Ours fill whole bytes, by a few selectors that nothing
// uses (four bits a block on average): so blocks join without shifting, and a block that was
// written can be read at once, without the first bits of the next.
class BlockEncoder {
 public:
  // `plain`: what fill_block() said fits, at least one byte. `out` is overwritten. Returns the CRC
  // of the plain bytes. Errors: out_of_memory.
  [[nodiscard]] Result<std::uint32_t> encode(ByteView plain, Buffer& out);

 private:
  std::span<const std::uint16_t> rank(ByteView sorted);
  void write_header(BitWriter& out, std::uint32_t crc, std::uint32_t origin) const;
  void place_selectors();
  void pad_selectors(std::uint64_t other_bits);
  void write_selectors(BitWriter& out) const;
  void write_tables(BitWriter& out) const;
  void write_symbols(BitWriter& out, std::span<const std::uint16_t> symbols) const;

  Buffer block_;
  BlockSorter sorter_;
  CodingPlan plan_;
  std::vector<std::uint8_t> places_;  // of the selectors in a list of those used last
  std::array<bool, 256> used_{};
  std::array<std::uint32_t, max_alphabet> frequencies_{};
  std::size_t alphabet_ = 0;
};

}  // namespace braid::codec::bzip2
