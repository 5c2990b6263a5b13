#pragma once

#include <braid/bytes.hpp>

#include <array>
#include <cstdint>

#include "codec/deflate/huffman_table.hpp"
#include "codec/deflate/inflate.hpp"

// Decoding without the history: the first stage of decoding ahead (the idea is that of M. Knespel
// and H. Brunst, "Rapidgzip", HPDC 2023).
//
// What is put out is symbols of sixteen bits: a plain byte, or a mark that stands for a byte of the
// unknown history. Matches copy marks as they copy bytes, so that nothing else is to be known until
// the history is.
namespace braid::codec::deflate {

using MarkedByte = std::uint16_t;

// marked_history + i stands for byte i of the max_distance bytes before the first symbol: directly
// behind the plain bytes, so that one table gives the value of any symbol.
inline constexpr MarkedByte marked_history = 256;

class MarkedInflate {
 public:
  enum class Status : std::uint8_t {
    block,         // the block ended; `bit` is behind it
    stream,        // so did the stream
    out_of_input,  // the rest of the block is not there
    out_of_room,
    failed,
  };

  struct View {
    ByteView bytes;
    std::uint64_t bit = 0;        // where the block's header begins in them
    MarkedByte* next = nullptr;   // max_distance symbols before it are there
    MarkedByte* limit = nullptr;  // at least `slack` symbols behind it may be written too
    std::uint64_t tried = 0;      // symbols of blocks that did not end well
  };

  // Written beyond the limit: an iteration and what copies write too much.
  static constexpr std::size_t slack = 2 + 258 + 32;

  // Decodes one block; moves `bit` and `next` when it ends well. Input that ends within some bytes
  // of the end of `bytes` counts as not there.
  [[nodiscard]] Status run_block(View& view) noexcept;

 private:
  [[nodiscard]] Status run_stored(View& view, std::uint64_t at, bool last) noexcept;
  [[nodiscard]] Status run_symbols(View& view, std::uint64_t at, bool last) noexcept;
  [[nodiscard]] bool load_fixed() noexcept;

  bool fixed_tables_ = false;  // the tables hold the fixed code
  unsigned litlen_bits_ = 0;
  std::array<Entry, litlen_table_size> litlen_{};
  std::array<Entry, distance_table_size> distances_{};
};

// The first symbol of `count` behind which no mark follows: 0 when there is none at all.
[[nodiscard]] std::size_t behind_last_mark(const MarkedByte* symbols, std::size_t count) noexcept;

}  // namespace braid::codec::deflate
