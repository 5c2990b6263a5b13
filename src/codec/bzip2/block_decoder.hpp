#pragma once

#include <braid/bytes.hpp>
#include <braid/result.hpp>

#include <array>
#include <cstdint>

#include "codec/bzip2/bits.hpp"
#include "codec/bzip2/code_table.hpp"
#include "codec/bzip2/constants.hpp"
#include "codec/bzip2/inverse_sort.hpp"
#include "codec/bzip2/move_to_front.hpp"
#include "codec/bzip2/run_length.hpp"

namespace braid::codec::bzip2 {

// Decodes blocks: begin(), read() until it says true, write() until done().
// One thread at a time; its memory is used again for the next block.
class BlockDecoder {
 public:
  // Bytes it holds for blocks of this level.
  [[nodiscard]] static std::uint64_t memory(unsigned level) noexcept {
    const std::size_t block = level * level_step;
    return block + InverseSort::memory(block) + sizeof(BlockDecoder);
  }

  // A block of a stream of this level (1 to 9) follows; its magic has been read.
  // Throws std::bad_alloc.
  void begin(unsigned level);

  // Takes bits as far as they go. True: the block is complete, and `in` stands behind it. False:
  // more input is needed; all bits in hand then belong to the block. Errors: corrupt.
  [[nodiscard]] Result<bool> read(BitReader& in);

  // Writes plain bytes as far as there is room, and says how many.
  std::size_t write(MutableBytes out) noexcept;

  [[nodiscard]] bool done() const noexcept { return runs_.done(); }

  // Plain bytes still to be written are at least so many; 0 only when done.
  [[nodiscard]] std::size_t at_least() const noexcept { return runs_.at_least(); }

  // Once done: whether the bytes were those that were compressed. Errors: corrupt,
  // checksum_mismatch.
  [[nodiscard]] Result<void> check() const;

  // The CRC that the block states.
  [[nodiscard]] std::uint32_t crc() const noexcept { return stated_crc_; }

 private:
  enum class Stage : std::uint8_t {
    crc,
    mode,
    origin,
    rows,
    columns,
    table_count,
    selector_count,
    selectors,
    tables,
    symbols,
    done
  };
  enum class Group : std::uint8_t { done, need_input, end_of_block, no_such_code, too_long };

  Result<bool> read_fields(BitReader& in);
  Result<bool> read_columns(BitReader& in);
  Result<bool> read_selectors(BitReader& in);
  Result<bool> read_tables(BitReader& in);
  Result<bool> read_symbols(BitReader& in);
  Group read_group(BitReader& in) noexcept;
  Result<void> restore();

  Stage stage_ = Stage::crc;
  bool randomised_ = false;
  std::size_t limit_ = 0;  // bytes a block of this level may have
  std::uint32_t stated_crc_ = 0;
  std::uint32_t crc_ = 0;
  std::uint32_t origin_ = 0;

  std::uint32_t rows_ = 0;    // which columns are present
  std::size_t row_ = 0;       // the next of them
  std::size_t alphabet_ = 0;  // symbols; while the columns are read, byte values in use
  std::size_t table_count_ = 0;
  std::size_t selector_count_ = 0;
  std::size_t at_ = 0;                             // selector, then symbol, then group being read
  std::size_t table_ = 0;                          // table being read
  unsigned value_ = 0;                             // selector or length being read
  std::array<std::uint8_t, max_tables> recent_{};  // tables, the last selected first
  std::array<std::uint8_t, max_alphabet> lengths_{};

  std::size_t left_ = 0;   // symbols left of the group; 0 before the first
  std::size_t run_ = 0;    // repetitions of the front byte so far
  std::size_t digit_ = 1;  // what RUNA would add to run_
  std::size_t size_ = 0;   // bytes of the block so far
  MoveToFront list_;
  std::array<std::uint32_t, 256> counts_{};
  std::array<std::uint8_t, max_selectors> selectors_{};
  std::array<CodeTable, max_tables> tables_{};

  Buffer block_;
  InverseSort inverse_;
  RunDecoder runs_;
};

}  // namespace braid::codec::bzip2
