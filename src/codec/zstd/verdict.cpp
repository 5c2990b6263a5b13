#include "codec/zstd/verdict.hpp"

#include <string>

namespace braid::codec::zstd {

namespace {

// No block may be larger than the window (RFC 8878, 3.1.1.2.4).
Result<void> check_blocks(ByteView bytes, const FrameHeader& header) {
  if (header.window >= max_block_size) return {};
  FrameWalk walk;
  const bool whole = walk.advance(bytes) == FrameWalk::State::whole;
  if (!whole || walk.largest_block() <= header.window) return {};
  return Error{.code = Errc::corrupt, .message = "a block is larger than the window", .offset = 0};
}

}  // namespace

Result<void> check_size(const FrameHeader& header, std::uint64_t plain) {
  if (header.content_size == Unit::unknown || header.content_size == plain) return {};
  return Error{.code = Errc::corrupt,
               .message = "the frame holds " + std::to_string(plain) + " bytes instead of " +
                          std::to_string(header.content_size),
               .offset = 0};
}

Result<void> judge_whole(Decompressor& context, ByteView bytes, const FrameHeader& header,
                         Result<void> verdict) {
  if (verdict) return check_blocks(bytes, header);
  Buffer room(ZSTD_DStreamOutSize());
  ZSTD_DCtx_reset(context.get(), ZSTD_reset_session_only);
  // Shown the header alone, the library cannot choose to decode at once.
  ZSTD_inBuffer input{bytes.data(), header.size, 0};
  std::uint64_t plain = 0;
  for (;;) {
    ZSTD_outBuffer output{room.data(), room.size(), 0};
    const std::size_t before = input.pos;
    const std::size_t left = ZSTD_decompressStream(context.get(), &output, &input);
    if (ZSTD_isError(left) != 0) return decode_error(left);
    plain += output.pos;
    if (left == 0) {
      Result<void> size = check_size(header, plain);
      return size ? verdict : size;
    }
    if (input.pos == before && output.pos == 0) return verdict;  // it ends too early
    input.size = bytes.size();
  }
}

}  // namespace braid::codec::zstd
