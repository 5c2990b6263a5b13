#pragma once

#include "codec/zstd/context.hpp"
#include "codec/zstd/frame.hpp"

// One verdict on a frame, however it is decoded. The library has two ways: all at once, and in
// steps. They check different things in a different order; here the steps have the last word.
namespace braid::codec::zstd {

// In steps the library does not compare the sizes when the last block is empty. Errors: corrupt.
[[nodiscard]] Result<void> check_size(const FrameHeader& header, std::uint64_t plain);

// What decoding in steps says of the frame that `bytes` begin with, given that decoding it at once
// said `verdict`. A success costs nothing unless the window is smaller than a block; a failure is
// decoded again, without its output.
[[nodiscard]] Result<void> judge_whole(Decompressor& context, ByteView bytes,
                                       const FrameHeader& header, Result<void> verdict);

}  // namespace braid::codec::zstd
