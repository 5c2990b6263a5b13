#pragma once

#include "codec/format.hpp"

// zstd (RFC 8878). Written as independent frames, one a chunk, followed by the seek table of the
// seekable format; read frame by frame, in sequence or in parts. See docs/formats/zstd.md.
namespace braid::codec::zstd {

// The largest chunk, and the largest frame with a stored size that is decoded in one piece.
inline constexpr std::uint64_t max_chunk_size = std::uint64_t{256} << 20;

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
std::optional<std::vector<PlacedUnit>> read_table(const RandomAccess& file, std::uint64_t size,
                                                  Believe believe);
std::uint64_t plain_size_hint(ByteView whole);

}  // namespace braid::codec::zstd
