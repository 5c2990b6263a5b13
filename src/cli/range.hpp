#pragma once

#include <braid/result.hpp>

#include <cstdint>
#include <string_view>

namespace braid::cli {

// Bytes of a content: from `begin`, `length` of them or as many as there are.
struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t length = UINT64_MAX;
};

// "10M:20M" ends before its second number, "10G:+1M" has so many bytes, "10M:" goes to the end.
// Numbers as parse_size() takes them. Errors: invalid_argument.
[[nodiscard]] Result<ByteRange> parse_range(std::string_view text);

}  // namespace braid::cli
