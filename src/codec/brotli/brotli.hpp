#pragma once

#include "codec/format.hpp"

// Brotli (RFC 7932). Detection needs no library; the makers are only there when it is.
namespace braid::codec::brotli {

// At most Detection::guess: the format has no signature.
int detect(ByteView prefix);

Result<void> validate(const CompressionConfig& config);

// Plain bytes of one part; 0 for Layout::single.
std::size_t chunk_size(const CompressionConfig& config);
Result<std::unique_ptr<ChunkEncoder>> make_chunk_encoder(const CompressionConfig& config);
Result<std::unique_ptr<Framer>> make_framer(const CompressionConfig& config);
Result<std::unique_ptr<StreamEncoder>> make_stream_encoder(const CompressionConfig& config);
Result<std::unique_ptr<StreamDecoder>> make_stream_decoder(const DecoderSettings& settings);
std::uint64_t encoder_memory(const CompressionConfig& config);

std::unique_ptr<Splitter> make_splitter();
Findings judge(const Survey& survey);
Result<std::unique_ptr<UnitDecoder>> make_unit_decoder(const DecoderSettings& settings);
std::unique_ptr<Verifier> make_verifier(const DecoderSettings& settings);

}  // namespace braid::codec::brotli
