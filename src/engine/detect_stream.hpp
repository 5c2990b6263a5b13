#pragma once

#include <braid/algorithm.hpp>

namespace braid::engine {

// Bytes that detection wants to see: enough for every signature, however its header varies.
inline constexpr std::size_t detection_bytes = 512;

// detect(), with an error for what nothing recognises. Errors: truncated (no bytes at all),
// unknown_format.
[[nodiscard]] inline Result<Algorithm> detect_stream(ByteView prefix) {
  if (prefix.empty()) {
    return Error{.code = Errc::truncated, .message = "the input is empty", .offset = 0};
  }
  if (const auto found = detect(prefix)) return found->algorithm;
  return Error{
      .code = Errc::unknown_format, .message = "the data begins like no known format", .offset = 0};
}

}  // namespace braid::engine
