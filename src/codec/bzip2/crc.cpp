#include "codec/bzip2/crc.hpp"

#include <array>

#include "base/byte_order.hpp"

namespace braid::codec::bzip2 {

namespace {

constexpr std::uint32_t polynomial = 0x04c11db7;
constexpr std::size_t slices = 16;
using Tables = std::array<std::array<std::uint32_t, 256>, slices>;

// tables[k][b]: the CRC of byte b followed by k zero bytes.
consteval Tables make_tables() {
  Tables tables{};
  for (std::uint32_t b = 0; b < 256; ++b) {
    std::uint32_t crc = b << 24;
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1) ^ ((crc >> 31) != 0 ? polynomial : 0);
    tables[0][b] = crc;
  }
  for (std::size_t k = 1; k < slices; ++k) {
    for (std::size_t b = 0; b < 256; ++b) {
      const std::uint32_t crc = tables[k - 1][b];
      tables[k][b] = (crc << 8) ^ tables[0][crc >> 24];
    }
  }
  return tables;
}

constexpr Tables tables = make_tables();

// The part of four bytes, the first of which has `k` bytes behind it.
inline std::uint32_t word(std::uint32_t w, std::size_t k) noexcept {
  return tables[k][w >> 24] ^ tables[k - 1][(w >> 16) & 0xff] ^ tables[k - 2][(w >> 8) & 0xff] ^
         tables[k - 3][w & 0xff];
}

}  // namespace

std::uint32_t crc32(std::uint32_t crc, ByteView bytes) noexcept {
  crc = ~crc;
  const std::byte* p = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= slices; left -= slices, p += slices) {
    crc = word(crc ^ base::load_be<std::uint32_t>(p), 15) ^
          word(base::load_be<std::uint32_t>(p + 4), 11) ^
          word(base::load_be<std::uint32_t>(p + 8), 7) ^
          word(base::load_be<std::uint32_t>(p + 12), 3);
  }
  for (; left != 0; --left, ++p) {
    crc = (crc << 8) ^ tables[0][(crc >> 24) ^ std::to_integer<std::uint32_t>(*p)];
  }
  return ~crc;
}

}  // namespace braid::codec::bzip2
