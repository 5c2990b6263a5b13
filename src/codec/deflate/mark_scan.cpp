#include "codec/deflate/mark_scan.hpp"

#include <algorithm>
#include <cstring>

#include "base/byte_order.hpp"
#include "codec/deflate/gzip_fields.hpp"

namespace braid::codec::deflate {

namespace {

constexpr std::size_t stored_overhead = 5;  // type and padding, LEN, NLEN: RFC 1951 section 3.2.4

bool is_mark(const std::byte* at) noexcept {
  return std::memcmp(at, chunk_mark.data(), chunk_mark.size()) == 0;
}

}  // namespace

std::size_t find_mark(ByteView bytes) noexcept {
  if (bytes.empty()) return 0;
  const void* const found =
      memmem(bytes.data(), bytes.size(), chunk_mark.data(), chunk_mark.size());
  if (found == nullptr) return bytes.size();
  return static_cast<std::size_t>(static_cast<const std::byte*>(found) - bytes.data());
}

std::optional<std::size_t> MarkScan::part_end(ByteView ahead) noexcept {
  while (hopping_) {
    if (position_ >= ahead.size()) return std::nullopt;
    const unsigned header = ahead.at(position_) & 7;
    if (header > 1) {  // another type of block
      hopping_ = false;
      break;
    }
    // One empty block and its neighbour make the mark.
    if (position_ + 1 + chunk_mark.size() > ahead.size()) return std::nullopt;
    const std::byte* const lengths = ahead.data() + position_ + 1;
    if (header == 0 && is_mark(lengths)) return position_ + 1 + chunk_mark.size();
    const unsigned length = base::load_le<std::uint16_t>(lengths);
    if ((length ^ base::load_le<std::uint16_t>(lengths + 2)) != 0xffff) {
      hopping_ = false;
      break;
    }
    position_ += stored_overhead + length;
    hopping_ = header == 0;  // none follows the last block
  }
  if (position_ >= ahead.size()) return std::nullopt;
  const std::size_t found = find_mark(ahead.drop(position_));
  if (position_ + found < ahead.size()) return position_ + found + chunk_mark.size();
  // A mark may have begun in the last bytes.
  if (ahead.size() >= chunk_mark.size()) {
    position_ = std::max(position_, ahead.size() - (chunk_mark.size() - 1));
  }
  return std::nullopt;
}

}  // namespace braid::codec::deflate
