#include <array>
#include <bit>
#include <cstring>

#include "base/byte_order.hpp"
#include "codec/lzma/lzip_format.hpp"
#include "codec/lzma/lzma.hpp"

namespace braid::codec::lzma {

namespace {

constexpr std::array<unsigned char, 6> xz_magic = {0xfd, '7', 'z', 'X', 'Z', 0x00};

// Dictionary sizes that encoders write: 2^n, 2^n + 2^(n-1), or all ones.
bool usual_dictionary(std::uint32_t size) {
  if (size == UINT32_MAX) return true;
  if (size == 0) return false;
  const std::uint32_t rest = size ^ std::bit_floor(size);
  return rest == 0 || rest == std::bit_floor(size) / 2;
}

}  // namespace

int detect_xz(ByteView prefix) {
  const bool match = prefix.size() >= xz_magic.size() &&
                     std::memcmp(prefix.data(), xz_magic.data(), xz_magic.size()) == 0;
  return match ? Detection::certain : 0;
}

int detect_lzip(ByteView prefix) {
  return prefix.size() >= lzip::header_size && lzip::is_header(prefix) ? Detection::certain : 0;
}

int detect_lzma(ByteView prefix) {
  constexpr std::size_t header_size = 13;  // properties, dictionary size, plain size
  if (prefix.size() <= header_size) return 0;
  const unsigned properties = prefix.at(0);
  if (properties >= 9 * 5 * 5) return 0;
  const unsigned literal_context = properties % 9;
  const unsigned literal_position = properties / 9 % 5;
  if (literal_context + literal_position > 4) return 0;  // more than LZMA Utils ever read
  if (!usual_dictionary(base::load_le<std::uint32_t>(prefix.data() + 1))) return 0;
  const auto plain_size = base::load_le<std::uint64_t>(prefix.data() + 5);
  constexpr std::uint64_t plausible = std::uint64_t{1} << 38;
  if (plain_size != UINT64_MAX && plain_size >= plausible) return 0;
  return prefix.at(header_size) == 0 ? Detection::likely : 0;
}

}  // namespace braid::codec::lzma
