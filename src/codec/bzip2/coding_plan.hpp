#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "codec/bzip2/constants.hpp"

namespace braid::codec::bzip2 {

// Which code each group of fifty symbols is written with. bzip2 allows two to six codes a block;
// good ones are found as in k-means: begin somewhere, give each group the code that writes it
// shortest, make each code the best one for its groups, and again.
class CodingPlan {
 public:
  CodingPlan() { selectors_.reserve(max_selectors); }

  // `frequencies`: how often each symbol of the alphabet occurs in `symbols`.
  void make(std::span<const std::uint16_t> symbols, std::span<const std::uint32_t> frequencies);

  [[nodiscard]] std::size_t tables() const noexcept { return tables_; }

  // Of table `t`, one for each symbol of the alphabet.
  [[nodiscard]] std::span<const std::uint8_t> lengths(std::size_t t) const noexcept {
    return {lengths_[t].data(), alphabet_};
  }

  // The table of each group.
  [[nodiscard]] std::span<const std::uint8_t> selectors() const noexcept { return selectors_; }

  // Bits that all symbols take.
  [[nodiscard]] std::uint64_t symbol_bits() const noexcept { return symbol_bits_; }

 private:
  void guess(std::size_t symbols, std::span<const std::uint32_t> frequencies);
  std::uint64_t assign(std::span<const std::uint16_t> symbols);

  std::size_t alphabet_ = 0;
  std::size_t tables_ = 0;
  std::uint64_t symbol_bits_ = 0;
  std::array<std::array<std::uint8_t, max_alphabet>, max_tables> lengths_{};
  std::array<std::array<std::uint32_t, max_alphabet>, max_tables> counts_{};
  std::vector<std::uint8_t> selectors_;
};

}  // namespace braid::codec::bzip2
