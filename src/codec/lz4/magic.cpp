#include "codec/lz4/magic.hpp"

#include "base/byte_order.hpp"
#include "codec/lz4/lz4.hpp"

namespace braid::codec::lz4 {

int detect(ByteView prefix) {
  if (prefix.size() < magic_size) return 0;
  const auto magic = base::load_le<std::uint32_t>(prefix.data());
  return magic == frame_magic || magic == legacy_magic ? Detection::certain : 0;
}

bool may_begin_magic(ByteView bytes) noexcept {
  const auto begins = [bytes](std::uint32_t magic, std::uint32_t mask) {
    for (std::size_t i = 0; i < bytes.size() && i < magic_size; ++i) {
      if ((bytes.at(i) & mask >> (8 * i) & 0xFF) != (magic >> (8 * i) & 0xFF)) return false;
    }
    return true;
  };
  return begins(frame_magic, 0xFFFFFFFF) || begins(legacy_magic, 0xFFFFFFFF) ||
         begins(0x184D2A50, 0xFFFFFFF0);
}

}  // namespace braid::codec::lz4
