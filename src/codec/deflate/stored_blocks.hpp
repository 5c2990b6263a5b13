#pragma once

#include <braid/bytes.hpp>

#include <cstddef>

// Stored blocks, RFC 1951 section 3.2.4, that begin at a byte edge.
namespace braid::codec::deflate {

inline constexpr std::size_t longest_stored_block = 65535;  // LEN has 16 bits
inline constexpr std::size_t stored_block_header = 5;

// Bytes that `plain_size` take as stored blocks.
[[nodiscard]] constexpr std::size_t stored_size(std::size_t plain_size) noexcept {
  const std::size_t blocks = (plain_size + longest_stored_block - 1) / longest_stored_block;
  return plain_size + (blocks == 0 ? 1 : blocks) * stored_block_header;
}

// Appends `plain` as stored blocks, at least one; `final` marks the last one.
void append_stored(ByteView plain, bool final, Buffer& out);

}  // namespace braid::codec::deflate
