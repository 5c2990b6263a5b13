#include "codec/bzip2/magic_scan.hpp"

#include <algorithm>
#include <array>

#include "base/byte_order.hpp"
#include "codec/bzip2/constants.hpp"

namespace braid::codec::bzip2 {

namespace {

// Wherever a magic number begins, it fills five whole bytes, and so four pairs of neighbouring
// bytes. It is enough to look at every fourth pair, and at more only where that pair occurs in a
// magic number: 64 of 65536 do.
constexpr std::size_t stride = 4;

// One bit for each value of a pair.
consteval std::array<std::uint64_t, 1024> make_pairs() {
  std::array<std::uint64_t, 1024> pairs{};
  for (const std::uint64_t magic : {block_magic, end_magic}) {
    for (unsigned lead = 0; lead < 8; ++lead) {  // bits before the first whole byte
      for (unsigned skip = 0; skip < stride; ++skip) {
        const auto pair = static_cast<std::size_t>(magic >> (32 - lead - 8 * skip)) & 0xffff;
        pairs[pair / 64] |= 1ULL << (pair % 64);
      }
    }
  }
  return pairs;
}

constexpr auto pairs = make_pairs();

// The 48 bits from `bit` on; there must be seven bytes from its byte on, or six if bit % 8 is 0.
std::uint64_t bits_at(ByteView bytes, std::uint64_t bit) noexcept {
  const std::byte* const p = bytes.data() + bit / 8;
  std::uint64_t value = 0;
  const std::size_t count = bit % 8 == 0 ? 6 : 7;
  for (std::size_t i = 0; i < count; ++i)
    value = (value << 8) | std::to_integer<std::uint64_t>(p[i]);
  return (value >> (count * 8 - magic_bits - bit % 8)) & ((1ULL << magic_bits) - 1);
}

std::optional<MagicHit> find_between(ByteView bytes, std::uint64_t from,
                                     std::uint64_t to) noexcept {
  for (std::uint64_t bit = from; bit < to; ++bit) {
    const std::uint64_t value = bits_at(bytes, bit);
    if (value == block_magic || value == end_magic) return MagicHit{bit, value == end_magic};
  }
  return std::nullopt;
}

}  // namespace

std::optional<MagicHit> find_magic(ByteView bytes, std::uint64_t from_bit) noexcept {
  const std::uint64_t bits = std::uint64_t{bytes.size()} * 8;
  if (bits < magic_bits) return std::nullopt;
  const std::uint64_t end = bits - magic_bits + 1;  // one past the last place
  // A number that begins at bit b fills the bytes from (b + 7) / 8 on. The pair seen at `at` is in
  // a number that begins up to seven bits and three bytes before it.
  std::size_t at = static_cast<std::size_t>((from_bit + 7) / 8) + stride - 1;
  std::uint64_t done = from_bit;  // everything before has been looked at
  for (; at + 2 <= bytes.size(); at += stride) {
    const std::size_t pair = (bytes.at(at) << 8) | bytes.at(at + 1);
    if ((pairs[pair / 64] >> (pair % 64) & 1) == 0) [[likely]]
      continue;
    const std::uint64_t first = (at - (stride - 1)) * std::uint64_t{8};
    const std::uint64_t from = std::max(done, first < 7 ? 0 : first - 7);
    const std::uint64_t to = std::min(end, at * std::uint64_t{8} + 1);
    if (const auto hit = find_between(bytes, from, to)) return hit;
    done = std::max(done, to);
  }
  return std::nullopt;
}

}  // namespace braid::codec::bzip2
