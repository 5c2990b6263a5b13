#pragma once

#include "codec/format.hpp"

// `none` copies its input; its chunks join by standing after one another.
namespace braid::codec::none {

std::size_t chunk_size(const CompressionConfig& config);
Result<std::unique_ptr<ChunkEncoder>> make_chunk_encoder(const CompressionConfig& config);
Result<std::unique_ptr<Framer>> make_framer(const CompressionConfig& config);
Result<std::unique_ptr<StreamDecoder>> make_stream_decoder(const DecoderSettings& settings);
std::uint64_t encoder_memory(const CompressionConfig& config);

}  // namespace braid::codec::none
