#pragma once

#include "codec/codec.hpp"
#include "codec/lz4/frame.hpp"

// What a configuration means where it leaves things open.
namespace braid::codec::lz4 {

// The header a configuration asks for, without a content size. lz4 dictionaries carry no number of
// their own: the identifier is the XXH32 of the dictionary.
[[nodiscard]] FrameHeader header_for(const CompressionConfig& config);

// The same with the content size, if it is to be stored.
// Errors: invalid_argument when it is wanted and not known.
[[nodiscard]] Result<FrameHeader> header_for(const CompressionConfig& config,
                                             std::optional<std::uint64_t> content_size);

}  // namespace braid::codec::lz4
