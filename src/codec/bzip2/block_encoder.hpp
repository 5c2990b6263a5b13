#pragma once

#include <braid/bytes.hpp>
#include <braid/result.hpp>

#include <array>
#include <cstdint>
#include <span>

#include "codec/bzip2/bits.hpp"
#include "codec/bzip2/block_sort.hpp"
#include "codec/bzip2/coding_plan.hpp"

namespace braid::codec::bzip2 {

// A block, ready to be shifted into a stream.
struct EncodedBlock {
  std::uint64_t bits = 0;
  std::uint32_t crc = 0;  // of the plain bytes
};

// Turns plain bytes into one block. One thread at a time; its memory is used again.
class BlockEncoder {
 public:
  // `plain`: what fill_block() said fits, at least one byte. `out` is overwritten; the bits in its
  // last byte behind the block are zero. Errors: out_of_memory.
  [[nodiscard]] Result<EncodedBlock> encode(ByteView plain, Buffer& out);

 private:
  std::span<const std::uint16_t> rank(ByteView sorted);
  void write_header(BitWriter& out, std::uint32_t crc, std::uint32_t origin) const;
  void write_selectors(BitWriter& out) const;
  void write_tables(BitWriter& out) const;
  void write_symbols(BitWriter& out, std::span<const std::uint16_t> symbols) const;

  Buffer block_;
  BlockSorter sorter_;
  CodingPlan plan_;
  std::array<bool, 256> used_{};
  std::array<std::uint32_t, max_alphabet> frequencies_{};
  std::size_t alphabet_ = 0;
};

}  // namespace braid::codec::bzip2
