#pragma once

#include "codec/zstd/context.hpp"
#include "codec/zstd/frame.hpp"

// One verdict on a frame, however it is decoded. The library has two ways, all at once and in
// steps, which check different things in a different order; here the steps, zstd's own program's
// way, have the last word.
namespace braid::codec::zstd {

// In steps the library does not compare the sizes when the last block is empty. Errors: corrupt.
[[nodiscard]] Result<void> check_size(const FrameHeader& header, std::uint64_t plain);

// At once it does not hold small windows against the blocks of a frame, here of one that it took.
// Costs nothing unless the window is smaller than a block. Errors: corrupt.
[[nodiscard]] Result<void> check_blocks(ByteView frame, const FrameHeader& header);

// Begins the frame anew, after a failure at once, in a way that the library must go on in steps.
// Takes header.size bytes. Errors: the library's.
[[nodiscard]] Result<void> begin_in_steps(Decompressor& context, ByteView frame,
                                          const FrameHeader& header);

}  // namespace braid::codec::zstd
