#pragma once

#include "codec/codec.hpp"
#include "codec/outlook.hpp"

// The outside of zstd frames: headers and block sizes, without the library.
namespace braid::codec::zstd {

inline constexpr std::uint32_t frame_magic = 0xFD2FB528;
inline constexpr std::uint32_t seek_table_magic = 0x184D2A5E;
inline constexpr std::uint32_t seekable_footer_magic = 0x8F92EAB1;
inline constexpr std::size_t seekable_footer_size = 9;  // frames, descriptor, magic

inline constexpr std::size_t magic_size = 4;
inline constexpr std::size_t skippable_header_size = 8;  // magic and size
inline constexpr std::size_t max_header_size = 18;  // magic, descriptor, window, id 4, content 8
inline constexpr std::uint64_t max_block_size = 128 << 10;  // RFC 8878, 3.1.1.2.4

// Frames in a seek table: 32 MiB of memory; at the smallest default chunk enough for terabytes. The
// format's own limit is 0x8000000. Beyond it no table is written, and none is read.
inline constexpr std::size_t max_table_frames = std::size_t{1} << 22;

// Sixteen magic numbers mark frames to be skipped (RFC 8878, 3.1.2).
[[nodiscard]] constexpr bool is_skippable(std::uint32_t magic) noexcept {
  return (magic & 0xFFFFFFF0U) == 0x184D2A50U;
}

// Frames of zstd 0.1 to 0.7, before the format was settled.
[[nodiscard]] constexpr bool is_legacy(std::uint32_t magic) noexcept {
  return magic == 0xFD2FB51E || (magic >= 0xFD2FB522 && magic <= 0xFD2FB527);
}

// Whether `bytes`, fewer than four, begin a magic number this format knows.
[[nodiscard]] bool may_begin_magic(ByteView bytes) noexcept;

struct FrameHeader {
  std::size_t size = 0;      // bytes, magic included
  std::uint64_t window = 0;  // history the decoder must keep, bytes
  std::uint64_t content_size = Unit::unknown;
  std::uint32_t dictionary_id = 0;  // 0: none stored
  bool checksum = false;
  bool reserved = false;  // a bit that must be zero is set
};

// Reads the header that begins `bytes`, whose magic has been checked. Nothing when more is needed.
[[nodiscard]] std::optional<FrameHeader> parse_header(ByteView bytes) noexcept;

// Errors: memory_limit, with the size the frame asks for; unsupported_feature when the library
// could not read it whatever the limit, or a reserved bit is set.
[[nodiscard]] Result<void> check_header(const FrameHeader& header, std::uint64_t memory_limit);

// Check and content size, as the header tells them.
void describe_header(const FrameHeader& header, StreamInfo& info);

// Walks the blocks of one frame by their headers (RFC 8878, 3.1.1.2).
class FrameWalk {
 public:
  enum class State : std::uint8_t { need_input, whole, malformed, within };

  // `frame` begins with the frame and holds at least what earlier calls held, of which only headers
  // are looked at. Goes on where it stopped, so that the whole walk is linear. At most `max_blocks`
  // are passed, then `within`.
  State advance(Outlook& frame, std::size_t max_blocks = SIZE_MAX);

  // Bytes up to where the walk stands; the frame's size once it is whole.
  [[nodiscard]] std::uint64_t size() const noexcept { return position_; }

  [[nodiscard]] const FrameHeader& header() const noexcept { return header_; }

  // The largest block so far, as stored. Bytes.
  [[nodiscard]] std::uint64_t largest_block() const noexcept { return largest_block_; }

  // The most bytes the blocks so far can hold.
  [[nodiscard]] std::uint64_t plain_bound() const noexcept { return plain_bound_; }

 private:
  State pass_block(std::uint64_t block, std::uint64_t end_of_input) noexcept;

  FrameHeader header_;
  std::uint64_t position_ = 0;
  std::uint64_t plain_bound_ = 0;
  std::uint64_t largest_block_ = 0;
};

}  // namespace braid::codec::zstd
