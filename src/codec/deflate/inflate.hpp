#pragma once

#include <braid/bytes.hpp>

#include <array>
#include <string_view>
#include <utility>

#include "codec/deflate/block_format.hpp"
#include "codec/deflate/huffman_table.hpp"

// The decoder of deflate streams (RFC 1951), by our own hand because no library has all of this at
// once: the speed of the fastest, zlib's strictness about malformed codes, input and output cut
// anywhere, and knowledge of where blocks end. docs/formats/deflate-reading.md compares them.
namespace braid::codec::deflate {

// Where an Inflate reads and writes. It moves `in` and `next`.
struct InflateView {
  const std::byte* in = nullptr;
  const std::byte* in_end = nullptr;
  const std::byte* base = nullptr;  // plain bytes from here to `next` lie before what is written
  std::byte* next = nullptr;
  std::byte* end = nullptr;  // bytes between `next` and here may be overwritten in any way
  // Where to stop for a while with need_output although there is room, e.g. to sum what is still in
  // the cache: at the first symbol behind it. `end` for not at all; never `next`.
  std::byte* pause = nullptr;
  // Where to stop between two blocks, with at_block: at the first block whose header begins in this
  // byte of the input or behind it. Null for not at all. Going on needs another place.
  const std::byte* stop = nullptr;
};

class Inflate {
 public:
  enum class Status : std::uint8_t {
    need_input,   // all input is taken in
    need_output,  // the next symbol needs room; all whole bytes not needed so far were left
    at_block,     // a block begins at or behind view.stop: bits_held() bits before `in`
    finished,     // the last block ended; `in` points behind its last byte
    failed,       // message() says why; nothing can follow but reset()
  };

  Inflate() { reset(); }

  // Begins a new stream without history.
  void reset() noexcept;

  // Begins in the middle of a stream, without history: with the block whose header is the upper
  // `bits` (0 to 7) bits of `first` and the input behind that byte.
  void reset_within(std::byte first, unsigned bits) noexcept;

  // Decodes as far as input and room allow. Never throws or allocates.
  [[nodiscard]] Status run(InflateView& view) noexcept;

  // Keeps the end of what was written, up to max_distance bytes, for matches of later runs whose
  // base lies behind it. A caller that leaves its output in place and base alone need not do this.
  void remember(ByteView plain) noexcept;

  // What remember() kept, at most max_distance bytes.
  [[nodiscard]] ByteView history() const noexcept {
    const std::size_t size = history_size_ < max_distance ? history_size_ : max_distance;
    return {&history_[history_size_ - size], size};
  }

  // Between two blocks, on a byte's edge, with nothing of the next block read.
  [[nodiscard]] bool at_block_start() const noexcept {
    return state_ == State::block_header && count_ == 0;
  }

  // How the last block whose header was read is coded.
  enum class Form : std::uint8_t { stored, fixed, dynamic };
  [[nodiscard]] Form block_form() const noexcept { return form_; }

  // Whether a block began since the last call that a BlockFinder would find.
  [[nodiscard]] bool take_findable() noexcept { return std::exchange(findable_, false); }

  // Bits of the byte before `in` that belong to what comes next: 0 to 7 after at_block.
  [[nodiscard]] unsigned bits_held() const noexcept { return count_; }

  // The rule that the data broke.
  [[nodiscard]] std::string_view message() const noexcept { return message_; }

 private:
  friend struct InflateFast;

  enum class State : std::uint8_t {
    block_header,
    stored_length,
    stored_bytes,
    table_sizes,
    precode_lengths,
    code_lengths,
    symbol,
    distance,
    match,
    finished,
    failed,
  };

  // A symbol that is complete in the bits at hand.
  struct Symbol {
    Entry entry;
    unsigned index_bits;  // to be dropped first when the entry stands in a subtable, else 0
  };

  // What one stage tells the loop in run().
  enum class Stage : std::uint8_t { next, need_input, need_output };

  [[nodiscard]] Stage read_block_header(InflateView& view) noexcept;
  [[nodiscard]] Stage read_stored_length(InflateView& view) noexcept;
  [[nodiscard]] Stage copy_stored(InflateView& view) noexcept;
  [[nodiscard]] Stage read_table_sizes(InflateView& view) noexcept;
  [[nodiscard]] Stage read_precode_lengths(InflateView& view) noexcept;
  [[nodiscard]] Stage read_code_lengths(InflateView& view) noexcept;
  [[nodiscard]] Stage read_symbols(InflateView& view) noexcept;
  [[nodiscard]] Stage read_distance(InflateView& view) noexcept;
  [[nodiscard]] Stage copy_match(InflateView& view) noexcept;

  [[nodiscard]] bool need(InflateView& view, unsigned bits) noexcept;
  [[nodiscard]] bool pull_byte(InflateView& view) noexcept;
  [[nodiscard]] unsigned take(unsigned bits) noexcept;
  [[nodiscard]] bool peek_symbol(InflateView& view, const Entry* table, unsigned index_bits,
                                 Symbol& symbol) noexcept;
  [[nodiscard]] unsigned take_symbol(const Symbol& symbol) noexcept;
  void give_back(InflateView& view) noexcept;
  [[nodiscard]] bool must_stop(const InflateView& view) const noexcept;
  void end_block() noexcept;
  void use_fixed_tables() noexcept;
  Stage build_tables() noexcept;
  Stage fail(std::string_view message) noexcept;
  [[nodiscard]] bool reaches(const InflateView& view, std::size_t distance) const noexcept;
  void copy_bytes(InflateView& view, std::size_t distance, std::size_t count) noexcept;

  std::uint64_t bits_ = 0;  // input not used yet, the next bit lowest
  unsigned count_ = 0;      // valid bits of it
  State state_ = State::block_header;
  Form form_ = Form::stored;
  bool final_block_ = false;
  bool findable_ = false;
  bool fixed_tables_ = false;  // the tables hold the fixed code: no need to build it again
  unsigned litlen_bits_ = 0;
  unsigned distance_bits_ = 0;
  unsigned precode_bits_ = 0;
  unsigned litlen_count_ = 0;
  unsigned distance_count_ = 0;
  unsigned precode_count_ = 0;
  unsigned index_ = 0;        // lengths read so far
  std::size_t length_ = 0;    // left of a stored block or a match
  std::size_t distance_ = 0;  // of the match at hand
  std::string_view message_;

  std::size_t history_size_ = 0;  // valid bytes of history_, the newest last
  const std::byte* in_begin_ = nullptr;
  std::array<std::uint8_t, precode_symbols> precode_lengths_{};
  std::array<std::uint8_t, litlen_symbols + distance_symbols> lengths_{};
  std::array<Entry, litlen_table_size> litlen_{};
  std::array<Entry, distance_table_size> distances_{};
  std::array<Entry, precode_table_size> precode_{};
  // Twice what is needed, so that short outputs are appended and only now and then moved; copies
  // may read a word behind the end.
  static constexpr std::size_t history_capacity = 2 * max_distance;
  std::array<std::byte, history_capacity + 16> history_{};
};

}  // namespace braid::codec::deflate
