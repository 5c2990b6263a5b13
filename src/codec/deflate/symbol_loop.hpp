#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/byte_order.hpp"
#include "codec/deflate/huffman_table.hpp"

// The inner loop of decoding deflate, for the common case: plenty of input and plenty of room. What
// becomes of literals and matches is its caller's to say.
namespace braid::codec::deflate {

// How the loop ended.
enum class LoopEnd : std::uint8_t {
  margin,  // input or room came close to its end
  block,   // the block ended
  bad_symbol,
  bad_distance,
  too_far,
};

// The bit stream and the code of the block at hand.
struct LoopState {
  const std::byte* in;      // moved
  const std::byte* in_end;  // at least loop_input bytes behind `in`
  std::uint64_t bits;       // read and not used, the next bit lowest
  unsigned count;           // how many of them are valid
  const Entry* litlen;      // the two tables; that of distances has distance_table_bits
  const Entry* distances;
  unsigned litlen_bits;
};

// Input that must be at hand. An iteration takes at most three refills of seven bytes and reads
// eight at a time.
inline constexpr std::ptrdiff_t loop_input = 32;

// What an iteration puts out: two literals and a match.
inline constexpr std::ptrdiff_t loop_output = 2 + 258;

// The lowest bits of a word; how many, is told by the low six bits of `count`.
[[gnu::always_inline]] inline std::uint64_t low_bits(std::uint64_t word, unsigned count) noexcept {
  return word & ((std::uint64_t{1} << (count & 63)) - 1);
}

// Decodes symbols of the current block until it ends, or input or room may not do for another
// iteration. Output:
//   void literal(std::uint32_t value)                  only the low eight bits count
//   bool match(std::size_t distance, std::size_t length)   false: the distance reaches too far
//   bool full() const                                  no room for another loop_output
// Always inline, so that it is compiled for its caller's instructions.
template <typename Output>
[[gnu::always_inline]] inline LoopEnd decode_symbols(LoopState& state, Output& output) noexcept {
  Output out = output;
  const std::byte* in = state.in;
  const std::byte* const in_limit = state.in_end - loop_input;
  const Entry* const litlen = state.litlen;
  const Entry* const distances = state.distances;
  const std::uint64_t litlen_mask = (std::uint64_t{1} << state.litlen_bits) - 1;
  constexpr std::uint64_t distance_mask = (1U << distance_table_bits) - 1;
  std::uint64_t bits = state.bits;
  unsigned count = state.count;
  LoopEnd result = LoopEnd::margin;

  // Only the low eight bits of `count` count in here: whole entries are subtracted from it.
  const auto refill = [&]() __attribute__((always_inline)) {
    bits |= base::load_le<std::uint64_t>(in) << (count & 63);
    in += 7 - ((count >> 3) & 7);
    count |= 56;
  };
  const auto drop = [&](Entry entry) __attribute__((always_inline)) {
    bits >>= entry & 63;
    count -= entry;
  };
  // The value of an entry that was looked up in `from`, with its extra bits.
  const auto value_of = [](Entry entry, std::uint64_t from) __attribute__((always_inline)) {
    return (entry >> 16) + static_cast<std::size_t>(low_bits(from, entry) >> ((entry >> 8) & 63));
  };

  // After a refill there are 56 bits or more: two literals of the main table (22), a length (20
  // with its extra bits), and then 28 for a distance only after looking whether they are there.
  refill();
  Entry entry = litlen[bits & litlen_mask];
  do {
    if ((entry & entry_literal) != 0) {
      drop(entry);
      out.literal(entry >> 16);
      entry = litlen[bits & litlen_mask];
      if ((entry & entry_literal) != 0) {
        drop(entry);
        out.literal(entry >> 16);
        entry = litlen[bits & litlen_mask];
        if ((entry & entry_literal) != 0) {
          drop(entry);
          out.literal(entry >> 16);
          refill();
          entry = litlen[bits & litlen_mask];
          continue;
        }
      }
    }
    std::uint64_t from = bits;
    drop(entry);
    if ((entry & entry_special) != 0) [[unlikely]] {
      if ((entry & entry_link) != 0) {
        entry = litlen[entry_value(entry) + low_bits(bits, entry_code_bits(entry))];
        from = bits;
        drop(entry);
        if ((entry & entry_literal) != 0) {
          out.literal(entry >> 16);
          refill();
          entry = litlen[bits & litlen_mask];
          continue;
        }
      }
      if ((entry & entry_special) != 0) {
        result = (entry & entry_end) != 0 ? LoopEnd::block : LoopEnd::bad_symbol;
        break;
      }
    }
    const std::size_t length = value_of(entry, from);

    if ((count & 0xff) < 28) refill();
    entry = distances[bits & distance_mask];
    if ((entry & entry_special) != 0) [[unlikely]] {
      if ((entry & entry_link) == 0) {
        result = LoopEnd::bad_distance;
        break;
      }
      bits >>= distance_table_bits;
      count -= distance_table_bits;
      entry = distances[entry_value(entry) + low_bits(bits, entry_code_bits(entry))];
      if ((entry & entry_special) != 0) {
        result = LoopEnd::bad_distance;
        break;
      }
    }
    from = bits;
    drop(entry);
    const std::size_t distance = value_of(entry, from);
    refill();
    entry = litlen[bits & litlen_mask];
    if (!out.match(distance, length)) [[unlikely]] {
      result = LoopEnd::too_far;
      break;
    }
  } while (in < in_limit && !out.full());

  output = out;
  state.in = in;
  state.bits = bits;
  state.count = count & 0xff;
  return result;
}

}  // namespace braid::codec::deflate
