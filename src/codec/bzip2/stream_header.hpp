#pragma once

#include <braid/bytes.hpp>

#include "codec/bzip2/constants.hpp"

namespace braid::codec::bzip2 {

// The level that the stream header "BZh1" to "BZh9" names; 0 when `bytes` does not begin with one.
[[nodiscard]] inline int parse_header(ByteView bytes) noexcept {
  if (bytes.size() < header_bytes || bytes.first(3).text() != "BZh") return 0;
  const unsigned digit = bytes.at(3);
  return digit >= '1' && digit <= '9' ? static_cast<int>(digit - '0') : 0;
}

}  // namespace braid::codec::bzip2
