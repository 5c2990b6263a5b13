#include "codec/brotli/part.hpp"

#include <algorithm>
#include <cstring>

#include "base/byte_order.hpp"

namespace braid::codec::brotli {

namespace {

constexpr std::array<unsigned char, 4> magic = {0xb5, 'b', 'r', 'd'};

// ISLAST 0, MNIBBLES 11 (metadata), reserved 0, MSKIPBYTES 01, then MSKIPLEN - 1 in eight bits.
constexpr unsigned block_header = 0x16 | (Note::size - 1) << 6;

}  // namespace

std::optional<Window> read_window(ByteView bytes) noexcept {
  if (bytes.empty()) return std::nullopt;
  const unsigned first = bytes.at(0);
  if ((first & 1) == 0) return Window{16, 1};
  if (const unsigned n = first >> 1 & 7; n != 0) return Window{17 + n, 4};
  const unsigned m = first >> 4 & 7;
  if (m == 0) return Window{17, 7};
  if (m != 1) return Window{8 + m, 7};
  if ((first & 0x80) != 0 || bytes.size() < 2) return std::nullopt;
  const unsigned log = bytes.at(1) & 0x3f;
  if (log < 10 || log > 30) return std::nullopt;
  return Window{log, 14};
}

std::array<std::byte, Note::size> write(const Note& note) noexcept {
  std::array<std::byte, Note::size> bytes{};
  std::memcpy(bytes.data(), magic.data(), magic.size());
  bytes[4] = std::byte{note.last};
  base::store_le(bytes.data() + 5, note.packed);
  base::store_le(bytes.data() + 9, note.plain);
  base::store_le(bytes.data() + 13, note.checksum);
  return bytes;
}

std::array<std::byte, block_size> write_block(const Note& note) noexcept {
  std::array<std::byte, block_size> bytes{};
  base::store_le(bytes.data(), static_cast<std::uint16_t>(block_header));
  const auto content = write(note);
  std::copy(content.begin(), content.end(), bytes.begin() + 2);
  return bytes;
}

bool may_begin_block(ByteView bytes, unsigned bits) noexcept {
  const std::size_t start = note_end(bits) - Note::size;
  for (std::size_t i = 0; i < std::min(bytes.size(), start + magic.size()); ++i) {
    unsigned mask = 0xff;
    unsigned expected = 0;
    if (i >= start) {
      expected = magic[i - start];
    } else {
      // The window bits before the header are not the note's.
      expected = (block_header << bits) >> (8 * i) & 0xff;
      if (8 * i < bits) mask = (0xffU << std::min<std::size_t>(bits - 8 * i, 8)) & 0xff;
    }
    if ((bytes.at(i) & mask) != expected) return false;
  }
  return true;
}

std::optional<NoteBlock> read_block(ByteView bytes, unsigned bits) noexcept {
  const std::size_t end = note_end(bits);
  if (bytes.size() < end) return std::nullopt;
  if (!may_begin_block(bytes.first(end), bits)) return std::nullopt;
  const std::byte* content = bytes.data() + (end - Note::size);
  const unsigned last = std::to_integer<unsigned>(content[4]);
  if (last > 1) return std::nullopt;
  return NoteBlock{.note = {.last = last == 1,
                            .packed = base::load_le<std::uint32_t>(content + 5),
                            .plain = base::load_le<std::uint32_t>(content + 9),
                            .checksum = base::load_le<std::uint64_t>(content + 13)},
                   .size = end};
}

}  // namespace braid::codec::brotli
