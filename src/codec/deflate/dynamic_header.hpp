#pragma once

#include <array>
#include <cstdint>

#include "codec/deflate/bit_view.hpp"
#include "codec/deflate/block_format.hpp"

// Block headers of RFC 1951, read strictly: the question is never "what does this mean" but "can
// this be a header". Needs no library.
namespace braid::codec::deflate {

enum class BlockType : std::uint8_t { stored, fixed, dynamic, reserved };

// The code lengths of one block.
struct CodeLengths {
  std::array<std::uint8_t, 288> literals{};  // 288: the fixed code has two unused symbols
  std::array<std::uint8_t, 32> distances{};
};

// Reads the header of a dynamic block whose three type bits end at `at`: HLIT, HDIST, HCLEN and
// both trees. Returns the bit at which the block's symbols begin, or 0 when this is no header that
// an encoder writes: every tree complete (but for a single distance code or none), and an end of
// block. Reads nothing outside `bits`.
[[nodiscard]] std::uint64_t read_dynamic_header(const BitView& bits, std::uint64_t at,
                                                CodeLengths& lengths) noexcept;

// The code of fixed blocks, section 3.2.6.
[[nodiscard]] CodeLengths fixed_lengths() noexcept;

}  // namespace braid::codec::deflate
