#pragma once

#include <braid/bytes.hpp>

#include <array>
#include <cstdint>
#include <optional>

// The layout of the files we write. A stream of several parts is
//
//   window bits | note | part | note | part | ... | note | last part
//
// A part is what an encoder makes of one chunk without any history; all but the last end on a byte
// boundary, by a flush. A note is a metadata block (RFC 7932, section 9.2), which every reader
// skips; it tells how long the part behind it is, so that ours can decode parts side by side.
namespace braid::codec::brotli {

// The bits a stream begins with (RFC 7932, section 9.1; 25 to 30 are the "large window" extension).
struct Window {
  unsigned log = 0;   // 10 to 30
  unsigned bits = 0;  // how many bits say so: 1 to 14
};

// Nothing when the bits are reserved, or too few to tell.
[[nodiscard]] std::optional<Window> read_window(ByteView bytes) noexcept;

// How far back a stream with this window may refer (section 9.1).
[[nodiscard]] constexpr std::uint64_t reach(unsigned window_log) noexcept {
  return (std::uint64_t{1} << window_log) - 16;
}

// A note's content: 21 bytes, little-endian.
struct Note {
  static constexpr std::size_t size = 21;

  bool last = false;           // this part ends the stream
  std::uint32_t packed = 0;    // compressed bytes of the part, which follow the note
  std::uint32_t plain = 0;     // plain bytes of the part
  std::uint64_t checksum = 0;  // XXH3-64 of the plain bytes
};

// The content of a metadata block.
[[nodiscard]] std::array<std::byte, Note::size> write(const Note& note) noexcept;

// A whole metadata block that begins on a byte boundary: between parts.
inline constexpr std::size_t block_size = 2 + Note::size;
[[nodiscard]] std::array<std::byte, block_size> write_block(const Note& note) noexcept;

// What a note was found to be.
struct NoteBlock {
  Note note;
  std::size_t size = 0;  // with the bits before it
};

// The most bytes a first note takes, window bits included.
inline constexpr std::size_t largest_block = 4 + Note::size;

// The note that begins at bit `bits` of `bytes`: behind the window bits in front of the first part,
// 0 elsewhere. Nothing when there is none; whether bytes are missing is for the caller to see
// (fewer than note_end(bits)).
[[nodiscard]] std::optional<NoteBlock> read_block(ByteView bytes, unsigned bits) noexcept;

// Whether bytes that are too few for a note agree with one so far.
[[nodiscard]] bool may_begin_block(ByteView bytes, unsigned bits) noexcept;

[[nodiscard]] constexpr std::size_t note_end(unsigned bits) noexcept {
  constexpr unsigned header_bits = 14;  // not last, metadata, reserved, one length byte, length
  return (bits + header_bits + 7) / 8 + Note::size;
}

}  // namespace braid::codec::brotli
