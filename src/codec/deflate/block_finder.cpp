#include "codec/deflate/block_finder.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "codec/deflate/block_format.hpp"
#include "codec/deflate/dynamic_header.hpp"
#include "codec/deflate/gzip_header.hpp"
#include "codec/deflate/header_scan.hpp"

namespace braid::codec::deflate {

namespace {

// How far one kind is looked for before the others are: what is far away of one kind would cost
// time when another is near.
constexpr std::size_t stride = 4096;

// The fast tests read so far behind the byte they look at.
constexpr std::size_t margin = 40;

constexpr unsigned most_padding = 7;

std::optional<BlockGuess> find_dynamic(ByteView bytes, std::uint64_t from, std::uint64_t until) {
  const std::byte* const data = bytes.data();
  for (std::size_t byte = static_cast<std::size_t>(from / 64) * 8; 8 * std::uint64_t{byte} < until;
       byte += 8) {
    if (byte + margin > bytes.size()) break;
    std::uint64_t mask = possible_headers<false>(base::load_le<std::uint64_t>(data + byte),
                                                 base::load_le<std::uint64_t>(data + byte + 8));
    if (8 * std::uint64_t{byte} < from) mask &= ~std::uint64_t{0} << (from % 64);
    for (; mask != 0; mask &= mask - 1) {
      const std::uint64_t at =
          8 * std::uint64_t{byte} + static_cast<std::uint64_t>(std::countr_zero(mask));
      if (at >= until) return std::nullopt;
      if (!complete_precode(data, at + precode_count_at)) [[likely]]
        continue;
      CodeLengths lengths;
      if (read_dynamic_header(BitView(bytes), at + type_bits, lengths) == 0) continue;
      return BlockGuess{.first = at, .last = at};
    }
  }
  return std::nullopt;
}

// The bits before the byte `at` that are zero, at most `most`.
unsigned zeros_before(const std::byte* data, std::size_t at, unsigned most) {
  const unsigned before =
      std::to_integer<unsigned>(data[at - 2]) << 8 | std::to_integer<unsigned>(data[at - 1]) << 16;
  return std::min(most, static_cast<unsigned>(std::countl_zero(before << 8)));
}

std::optional<BlockGuess> find_stored(ByteView bytes, std::uint64_t from, std::uint64_t until) {
  const std::byte* const data = bytes.data();
  // LEN stands at `at`: the header's last bit is before it.
  for (auto at = std::max<std::size_t>(2, static_cast<std::size_t>((from + type_bits) / 8));
       at + 4 <= bytes.size() && 8 * std::uint64_t{at} < until + type_bits + most_padding; ++at) {
    const auto lengths = base::load_le<std::uint32_t>(data + at);
    if (((lengths ^ (lengths >> 16)) & 0xffff) != 0xffff) [[likely]]
      continue;
    const unsigned zeros = zeros_before(data, at, type_bits + most_padding);
    if (zeros < type_bits) continue;
    const std::uint64_t last = 8 * std::uint64_t{at} - type_bits;
    const std::uint64_t first = 8 * std::uint64_t{at} - zeros;
    if (last < from || first >= until) continue;
    return BlockGuess{.first = first, .last = last};
  }
  return std::nullopt;
}

std::optional<BlockGuess> find_member(ByteView bytes, std::uint64_t from, std::uint64_t until) {
  constexpr char magic[] = {'\x1f', '\x8b', '\x08'};
  constexpr unsigned reserved_flags = 0xe0;
  ByteView rest = bytes.first(static_cast<std::size_t>((until + 7) / 8) + sizeof magic - 1)
                      .drop(static_cast<std::size_t>((from + 7) / 8));
  while (!rest.empty()) {
    const void* const found = memmem(rest.data(), rest.size(), magic, sizeof magic);
    if (found == nullptr) break;
    const auto at = static_cast<std::size_t>(static_cast<const std::byte*>(found) - bytes.data());
    if (at + gzip_fixed_size <= bytes.size() && (bytes.at(at + 3) & reserved_flags) == 0) {
      const std::uint64_t bit = 8 * std::uint64_t{at};
      return BlockGuess{.member = true, .first = bit, .last = bit};
    }
    rest = bytes.drop(at + 1).first(static_cast<std::size_t>(rest.end() - bytes.data()) - at - 1);
  }
  return std::nullopt;
}

}  // namespace

std::optional<BlockGuess> BlockFinder::next(ByteView bytes, std::uint64_t from,
                                            std::uint64_t until) const {
  while (from < until) {
    const std::uint64_t end = std::min<std::uint64_t>(until, from + 8 * stride);
    std::optional<BlockGuess> best = find_dynamic(bytes, from, end);
    const auto consider = [&](const std::optional<BlockGuess>& guess) {
      if (guess && (!best || guess->last < best->last)) best = guess;
    };
    consider(find_stored(bytes, from, best ? best->first : end));
    if (members_) consider(find_member(bytes, from, best ? best->first : end));
    if (best) return best;
    from = end;
  }
  return std::nullopt;
}

}  // namespace braid::codec::deflate
