#pragma once

#include "codec/deflate/settings.hpp"
#include "codec/format.hpp"

// The makers of the writing half, for all three formats.
namespace braid::codec::deflate {

Result<std::unique_ptr<ChunkEncoder>> make_chunk_encoder(const CompressionConfig& config);
Result<std::unique_ptr<Framer>> make_framer(const CompressionConfig& config);
Result<std::unique_ptr<StreamEncoder>> make_stream_encoder(const CompressionConfig& config);

}  // namespace braid::codec::deflate
