#pragma once

#include "codec/format.hpp"

// LZ4 frame format 1.6. Written as one frame of independent blocks; read in sequence (linked
// blocks, legacy frames and dictionaries too) or block by block. See docs/formats/lz4.md.
namespace braid::codec::lz4 {

int detect(ByteView prefix);
Result<void> validate(const CompressionConfig& config);
std::size_t chunk_size(const CompressionConfig& config);
std::uint64_t encoder_memory(const CompressionConfig& config);
Result<std::unique_ptr<ChunkEncoder>> make_chunk_encoder(const CompressionConfig& config);
Result<std::unique_ptr<Framer>> make_framer(const CompressionConfig& config);
Result<std::unique_ptr<StreamEncoder>> make_stream_encoder(const CompressionConfig& config);
Result<std::unique_ptr<StreamDecoder>> make_stream_decoder(const DecoderSettings& settings);
std::unique_ptr<Splitter> make_splitter();
Findings judge(const Survey& survey);
Result<std::unique_ptr<UnitDecoder>> make_unit_decoder(const DecoderSettings& settings);
std::unique_ptr<Verifier> make_verifier(const DecoderSettings& settings);
std::unique_ptr<RunningSum> make_running_sum();
std::uint64_t plain_size_hint(ByteView whole);

}  // namespace braid::codec::lz4
