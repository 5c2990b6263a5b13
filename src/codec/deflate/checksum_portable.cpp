#include <array>

#include "codec/deflate/checksum.hpp"

// For builds without deflate and its libraries: zip archives carry CRC-32 whatever their entries
// are compressed with. A byte at a time.
namespace braid::codec::deflate {

namespace {

constexpr std::uint32_t polynomial = 0xedb88320;  // RFC 1952 section 8, the lowest bit first

// The sum moved past one byte that is zero.
constexpr std::uint32_t move_byte(std::uint32_t sum) noexcept {
  for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1) ^ ((sum & 1) != 0 ? polynomial : 0);
  return sum;
}

constexpr auto table = [] {
  std::array<std::uint32_t, 256> sums{};
  for (std::uint32_t byte = 0; byte < sums.size(); ++byte) sums[byte] = move_byte(byte);
  return sums;
}();

// The product of two polynomials modulo that of the sum; the highest bit is the power 0.
constexpr std::uint32_t multiply(std::uint32_t left, std::uint32_t right) noexcept {
  std::uint32_t product = 0;
  for (std::uint32_t bit = 1U << 31; bit != 0; bit >>= 1) {
    if ((left & bit) != 0) product ^= right;
    right = (right >> 1) ^ ((right & 1) != 0 ? polynomial : 0);
  }
  return product;
}

}  // namespace

std::uint32_t crc32(std::uint32_t sum, ByteView bytes) noexcept {
  sum = ~sum;
  for (const std::byte byte : bytes) {
    sum = table[(sum ^ std::to_integer<std::uint32_t>(byte)) & 0xff] ^ (sum >> 8);
  }
  return ~sum;
}

std::uint32_t combine_crc32(std::uint32_t first, std::uint32_t second,
                            std::uint64_t second_size) noexcept {
  // x^(8 n) for n = second_size, by squaring x^8.
  std::uint32_t moved = first;
  for (std::uint32_t power = 1U << 23; second_size != 0; second_size >>= 1) {
    if ((second_size & 1) != 0) moved = multiply(moved, power);
    power = multiply(power, power);
  }
  return moved ^ second;
}

}  // namespace braid::codec::deflate
