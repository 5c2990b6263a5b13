#include "engine/front_sums.hpp"

#include "codec/deflate/checksum.hpp"

namespace braid::engine {

namespace {

std::uint32_t sum_of(ByteView plain, std::size_t piece) noexcept {
  return codec::deflate::crc32(codec::deflate::crc32_of_nothing,
                               plain.slice(piece * front_piece, front_piece));
}

}  // namespace

std::vector<std::uint32_t> front_sums(ByteView plain) {
  std::vector<std::uint32_t> sums(static_cast<std::size_t>(front_sum_count(plain.size())));
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] = sum_of(plain, i);
  return sums;
}

bool front_matches(const std::vector<std::uint32_t>& sums, ByteView front) noexcept {
  const std::size_t pieces = front.size() / front_piece;
  for (std::size_t i = 0; i < pieces; ++i) {
    if (i >= sums.size() || sums[i] != sum_of(front, i)) return false;
  }
  return true;
}

}  // namespace braid::engine
