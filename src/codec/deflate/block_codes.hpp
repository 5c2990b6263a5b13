#pragma once

#include <array>
#include <cstdint>

#include "codec/deflate/bit_writer.hpp"
#include "codec/deflate/dynamic_header.hpp"
#include "codec/deflate/sequences.hpp"

namespace braid::codec::deflate {

// Lengths that make the symbols of a block smallest. Both trees are complete, with two codes at
// least, as old readers want.
[[nodiscard]] CodeLengths optimal_lengths(const SymbolCounts& counts) noexcept;

// Bits of the symbols, extra bits included, in codes of these lengths.
[[nodiscard]] std::uint64_t symbol_bits(const SymbolCounts& counts,
                                        const CodeLengths& lengths) noexcept;

// The header of a dynamic block behind its three type bits, section 3.2.7: the lengths as runs, in
// a code of their own.
class DynamicHeader {
 public:
  explicit DynamicHeader(const CodeLengths& lengths) noexcept;

  [[nodiscard]] std::uint64_t bits() const noexcept { return bits_; }

  void write(BitWriter& out) const noexcept;

 private:
  struct Run {
    std::uint8_t symbol;
    std::uint8_t extra;
  };

  void add_runs(std::uint8_t length, unsigned count) noexcept;

  unsigned literals_;
  unsigned distances_;
  unsigned stated_;  // lengths of the precode that are written
  std::array<Run, most_literals + most_distances> runs_;
  unsigned run_count_ = 0;
  std::array<std::uint8_t, precode_symbols> lengths_{};
  std::uint64_t bits_ = 0;
};

// A codeword as it is written, first bit lowest, with the extra bits that are always the same.
struct Codeword {
  std::uint32_t bits = 0;
  std::uint32_t count = 0;
};

// The codewords of a block, by what they mean.
struct Codewords {
  explicit Codewords(const CodeLengths& lengths) noexcept;

  std::array<Codeword, 256> literals;
  std::array<Codeword, longest_match + 1> matches;  // by length, with extra bits
  std::array<Codeword, most_distances> distances;   // without
  Codeword end;
};

}  // namespace braid::codec::deflate
