#include "codec/deflate/detect.hpp"

#include <braid/algorithm.hpp>

#include "codec/deflate/dynamic_header.hpp"

namespace braid::codec::deflate {

namespace {

// Whether deflate data may begin like this; false for too few bytes to tell.
bool plausible_block(ByteView data) noexcept {
  if (data.size() < 2) return false;
  switch (static_cast<BlockType>((data.at(0) >> 1) & 3U)) {
    case BlockType::stored:
      return data.size() >= 5 && (data.at(1) ^ data.at(3)) == 0xff &&
             (data.at(2) ^ data.at(4)) == 0xff;
    case BlockType::fixed:
      return true;
    case BlockType::dynamic: {
      CodeLengths lengths;
      return read_dynamic_header(BitView(data), 3, lengths) != 0;
    }
    case BlockType::reserved:
      return false;
  }
  return false;
}

}  // namespace

int detect_gzip(ByteView prefix) {
  constexpr std::size_t fixed_part = 10;
  constexpr unsigned reserved_flags = 0xe0;
  if (prefix.size() < fixed_part) return 0;
  const bool ours = prefix.at(0) == 0x1f && prefix.at(1) == 0x8b && prefix.at(2) == 8 &&
                    (prefix.at(3) & reserved_flags) == 0;
  return ours ? Detection::certain : 0;
}

int detect_zlib(ByteView prefix) {
  if (prefix.size() < 2) return 0;
  const unsigned cmf = prefix.at(0);
  const unsigned flg = prefix.at(1);
  if ((cmf & 15U) != 8 || (cmf >> 4) > 7 || (cmf * 256 + flg) % 31 != 0) return 0;
  const bool dictionary = (flg & 0x20U) != 0;
  return plausible_block(prefix.drop(dictionary ? 6 : 2)) ? Detection::likely : 0;
}

int detect_raw(ByteView prefix) {
  // Any bytes can be a block of the fixed code: its three bits of header say nothing.
  if (prefix.size() < 2) return 0;
  if (static_cast<BlockType>((prefix.at(0) >> 1) & 3U) == BlockType::fixed) return 0;
  return plausible_block(prefix) ? Detection::guess : 0;
}

}  // namespace braid::codec::deflate
