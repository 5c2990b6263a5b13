#pragma once

#include "codec/codec.hpp"

// How the splitter tells the decoders of parts what it cut: Unit::tag and Unit::tag2.
namespace braid::codec::lz4 {

enum class UnitTag : std::uint64_t {
  header,
  legacy_header,
  first_blocks,  // of their frame
  blocks,
  end,
  skippable
};

// What it takes to decode a group of blocks apart from their frame's header.
struct BlockRules {
  std::uint32_t block_size = 0;
  bool block_checksum = false;
  bool legacy = false;
  bool checksum = false;  // over the content of the frame, at its end

  [[nodiscard]] std::uint64_t pack() const noexcept {
    return std::uint64_t{block_size} | std::uint64_t{block_checksum} << 32 |
           std::uint64_t{legacy} << 33 | std::uint64_t{checksum} << 34;
  }

  [[nodiscard]] static BlockRules unpack(std::uint64_t packed) noexcept {
    return {.block_size = static_cast<std::uint32_t>(packed),
            .block_checksum = (packed >> 32 & 1) != 0,
            .legacy = (packed >> 33 & 1) != 0,
            .checksum = (packed >> 34 & 1) != 0};
  }
};

}  // namespace braid::codec::lz4
