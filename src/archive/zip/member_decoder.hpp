#pragma once

#include <map>
#include <optional>

#include "archive/zip/member.hpp"
#include "engine/decode_driver.hpp"

namespace braid::archive::zip {

// Restores the content of members that lie in memory, with decoders kept from one to the next.
// One thread at a time.
class MemberDecoder {
 public:
  explicit MemberDecoder(std::uint64_t memory_limit) : config_{.memory_limit = memory_limit} {}

  // The content, held against size and sum; valid until the next call. Room is made for the bytes
  // that come out, up to the stated size. Errors: corrupt, truncated, checksum_mismatch,
  // unsupported_feature, memory_limit.
  [[nodiscard]] Result<ByteView> decode(ByteView packed, const Member& member);

 private:
  Result<engine::DecodeDriver*> driver(Algorithm algorithm);
  Result<void> step(engine::DecodeDriver& driver, ByteView in, Input input, std::uint64_t limit);

  DecompressionConfig config_;
  std::map<Algorithm, engine::DecodeDriver> drivers_;
  Buffer plain_;
  std::uint64_t produced_ = 0;
  bool finished_ = false;
};

// The header that .lzma files have, in place of the one in a zip member (APPNOTE 5.8.8), of which
// `lzma_header_bytes` are needed. Errors: corrupt, truncated.
inline constexpr std::size_t lzma_header_bytes = 9;
[[nodiscard]] Result<Buffer> lzma_file_header(ByteView packed, const Member& member);

}  // namespace braid::archive::zip
