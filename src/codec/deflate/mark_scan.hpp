#pragma once

#include <braid/bytes.hpp>

#include <optional>

// Finds where the parts of a stream end that braid wrote in independent parts.
namespace braid::codec::deflate {

// The first chunk_mark in `bytes`; bytes.size() when there is none. Looks at about every ninth
// byte.
[[nodiscard]] std::size_t find_mark(ByteView bytes) noexcept;

// Looks for the end of one part, in input that grows from call to call.
//
// Stored blocks at the beginning are hopped over by their lengths: what they hold is no deflate
// data, and may be such a stream itself. Behind another block a stored one cannot be seen: a mark
// inside it is found and lies.
class MarkScan {
 public:
  // The size of the part that begins where `ahead` does, mark included; nothing when its mark is
  // not in there. Each call gives at least the bytes of the call before; only new ones are looked
  // at.
  [[nodiscard]] std::optional<std::size_t> part_end(ByteView ahead) noexcept;

  // The next part begins.
  void reset() noexcept { *this = MarkScan(); }

 private:
  std::size_t position_ = 0;  // bytes before it hold no beginning of a mark
  bool hopping_ = true;
};

}  // namespace braid::codec::deflate
