#pragma once

#include "codec/codec.hpp"
#include "codec/lz4/magic.hpp"

// The outside of lz4 frames: "LZ4 Frame Format Description" 1.6.x.
namespace braid::codec::lz4 {

inline constexpr std::size_t min_header_size = 7;   // magic, FLG, BD, header checksum
inline constexpr std::size_t max_header_size = 19;  // and content size, dictionary id
inline constexpr std::size_t sum_size = 4;
inline constexpr std::size_t block_header_size = 4;
inline constexpr std::uint32_t stored_block = 0x80000000U;  // in a block's size: not compressed
inline constexpr std::size_t history_size = 64 << 10;       // how far matches reach back
inline constexpr std::uint32_t legacy_block_size = 8 << 20;

// The largest compressed form of a legacy block (LZ4_COMPRESSBOUND); more is no block size.
inline constexpr std::uint32_t max_legacy_stored = legacy_block_size + legacy_block_size / 255 + 16;

// The most plain bytes that `stored` bytes of compressed block hold: a length grows by at most 255
// a byte.
[[nodiscard]] constexpr std::uint64_t most_plain(std::uint64_t stored) noexcept {
  return stored * 255;
}

struct FrameHeader {
  std::uint32_t block_size = 4 << 20;  // most plain bytes of a block
  bool linked = false;
  bool block_checksum = false;
  bool checksum = false;
  bool legacy = false;
  std::optional<std::uint64_t> content_size{};
  std::optional<std::uint32_t> dictionary_id{};
};

// The header's size, told from its first six bytes.
[[nodiscard]] std::size_t header_size(ByteView first_six) noexcept;

// Reads a header of exactly header_size() bytes. Errors: unsupported_feature for another version or
// reserved bits, corrupt, checksum_mismatch; offsets count from the magic.
[[nodiscard]] Result<FrameHeader> parse_header(ByteView bytes);

inline constexpr std::size_t small_frame = 2 << 10;

// Whether a whole frame of at most one block begins here that takes no more than that: it is
// decoded in less time than another thread takes to be told of it. Damage is for whoever reads it.
[[nodiscard]] bool is_small_frame(ByteView ahead) noexcept;

void append_header(Buffer& out, const FrameHeader& header);

// Which of the format's block sizes it is: 4 to 7. Nothing for any other size.
[[nodiscard]] std::optional<unsigned> block_size_code(std::uint64_t block_size) noexcept;

// Errors: memory_limit when one block is more than allowed; unsupported_feature when a dictionary
// is needed and there is none.
[[nodiscard]] Result<void> check_header(const FrameHeader& header, const DecoderSettings& settings);

// Check and content size, as the header tells them.
void describe_header(const FrameHeader& header, StreamInfo& info);

}  // namespace braid::codec::lz4
