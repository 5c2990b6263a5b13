#include "codec/deflate/stored_blocks.hpp"

#include "base/byte_order.hpp"

namespace braid::codec::deflate {

void append_stored(ByteView plain, bool final, Buffer& out) {
  out.reserve(out.size() + stored_size(plain.size()));
  do {
    const ByteView block = plain.first(longest_stored_block);
    plain = plain.drop(block.size());
    const auto length = static_cast<std::uint16_t>(block.size());
    base::append_byte(out, final && plain.empty() ? 1 : 0);
    base::append_le(out, length);
    base::append_le(out, static_cast<std::uint16_t>(~length));
    out.append(block);
  } while (!plain.empty());
}

}  // namespace braid::codec::deflate
