#pragma once

#include <braid/bytes.hpp>

#include <cstdint>
#include <optional>

// Where decoding may begin in the middle of deflate data. A guess: bits that look like the header
// of a block may be anything.
namespace braid::codec::deflate {

// A place where something may begin.
struct BlockGuess {
  bool member = false;  // a gzip member, else a block

  // The header begins at one of these bits; before a stored block, which lies on a byte's edge, the
  // last bits of the block before cannot be told from padding.
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

// Finds blocks that are not the last of their stream: dynamic ones by their codes, which must be
// complete, stored ones by their length and its complement; and gzip members, where asked for.
// Fixed blocks have nothing to know them by. Some 250 MB/s.
class BlockFinder {
 public:
  explicit BlockFinder(bool members) : members_(members) {}

  // The first guess with last >= `from` and first < `until`, both bits of `bytes`.
  [[nodiscard]] std::optional<BlockGuess> next(ByteView bytes, std::uint64_t from,
                                               std::uint64_t until) const;

 private:
  bool members_;
};

}  // namespace braid::codec::deflate
