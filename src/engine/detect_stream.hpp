#pragma once

#include <braid/algorithm.hpp>

#include <array>

#include "base/try.hpp"

namespace braid::engine {

// Bytes that detection wants to see: enough for every signature, however its header varies.
inline constexpr std::size_t detection_bytes = 512;

// What a file is whose skippable frames were passed over: zstd, unless what follows is lz4.
[[nodiscard]] inline Algorithm detect_behind_skippable(ByteView prefix) {
  const auto found = detect(prefix);
  return found && found->algorithm == Algorithm::lz4 ? Algorithm::lz4 : Algorithm::zstd;
}

// The skippable frame that was being passed over at the end of the input does not end.
[[nodiscard]] inline Error skippable_frame_truncated(std::uint64_t offset) {
  return {.code = Errc::truncated,
          .message = "the skippable frame does not end",
          .algorithm = Algorithm::zstd,
          .offset = offset};
}

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

// The same of a file that can be read at any place: what has a read_at(). Errors: also io.
template <typename File>
[[nodiscard]] Result<Algorithm> detect_stream_in(const File& file) {
  std::array<std::byte, detection_bytes> prefix;
  BRAID_TRY_VALUE(const std::size_t count, file.read_at(prefix, 0));
  return detect_stream(ByteView(prefix).first(count));
}

}  // namespace braid::engine
