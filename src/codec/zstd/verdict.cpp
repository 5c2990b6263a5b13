#include "codec/zstd/verdict.hpp"

#include <string>

namespace braid::codec::zstd {

Result<void> check_size(const FrameHeader& header, std::uint64_t plain) {
  if (header.content_size == Unit::unknown || header.content_size == plain) return {};
  return Error{.code = Errc::corrupt,
               .message = "the frame holds " + std::to_string(plain) + " bytes instead of " +
                          std::to_string(header.content_size),
               .offset = 0};
}

// No block may be larger than the window (RFC 8878, 3.1.1.2.4).
Result<void> check_blocks(ByteView frame, const FrameHeader& header) {
  if (header.window >= max_block_size) return {};
  FrameWalk walk;
  ViewOutlook blocks(frame, true);
  const bool whole = walk.advance(blocks) == FrameWalk::State::whole;
  if (!whole || walk.largest_block() <= header.window) return {};
  return Error{.code = Errc::corrupt, .message = "a block is larger than the window", .offset = 0};
}

// Shown the header alone, it cannot know that the rest is there.
Result<void> begin_in_steps(Decompressor& context, ByteView frame, const FrameHeader& header) {
  ZSTD_DCtx_reset(context.get(), ZSTD_reset_session_only);
  ZSTD_inBuffer input{frame.data(), header.size, 0};
  ZSTD_outBuffer nothing{nullptr, 0, 0};
  const std::size_t left = ZSTD_decompressStream(context.get(), &nothing, &input);
  if (ZSTD_isError(left) != 0) return decode_error(left);
  return {};
}

}  // namespace braid::codec::zstd
