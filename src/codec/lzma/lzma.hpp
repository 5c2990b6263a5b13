#pragma once

#include "codec/format.hpp"

// .xz (file format 1.2), .lzma and .lz, on liblzma. Signatures need no library; the makers are only
// there when it is.
namespace braid::codec::lzma {

int detect_xz(ByteView prefix);

// .lzma has no signature: what xz --format=auto tests, and the first byte of the range coder, which
// is always zero.
int detect_lzma(ByteView prefix);

// A member's header: six bytes with a magic of four.
int detect_lzip(ByteView prefix);

Result<void> validate(const CompressionConfig& config);

// Plain bytes of one block; 0 for Layout::single.
std::size_t chunk_size(const CompressionConfig& config);

Result<std::unique_ptr<ChunkEncoder>> make_chunk_encoder(const CompressionConfig& config);

// Holds about 16 bytes for each block: the index, which comes last, lists them all.
Result<std::unique_ptr<Framer>> make_framer(const CompressionConfig& config);

Result<std::unique_ptr<StreamEncoder>> make_stream_encoder(const CompressionConfig& config);
Result<std::unique_ptr<StreamDecoder>> make_xz_decoder(const DecoderSettings& settings);
Result<std::unique_ptr<StreamDecoder>> make_alone_decoder(const DecoderSettings& settings);
std::uint64_t encoder_memory(const CompressionConfig& config);

std::unique_ptr<Splitter> make_splitter();
Findings judge_xz(const Survey& survey);
Findings judge_lzma(const Survey& survey);
Result<std::unique_ptr<UnitDecoder>> make_unit_decoder(const DecoderSettings& settings);
std::unique_ptr<Verifier> make_verifier(const DecoderSettings& settings);
std::optional<std::vector<PlacedUnit>> read_table(const RandomAccess& file, std::uint64_t size,
                                                  Believe believe);

// lzip: one member a chunk; members tell their sizes at their ends.
Result<std::unique_ptr<ChunkEncoder>> make_lzip_chunk_encoder(const CompressionConfig& config);
Result<std::unique_ptr<Framer>> make_lzip_framer(const CompressionConfig& config);
Result<std::unique_ptr<StreamDecoder>> make_lzip_decoder(const DecoderSettings& settings);
std::unique_ptr<Splitter> make_lzip_splitter();
Result<std::unique_ptr<UnitDecoder>> make_lzip_unit_decoder(const DecoderSettings& settings);
std::unique_ptr<Verifier> make_lzip_verifier(const DecoderSettings& settings);
std::uint64_t lzip_size_hint(ByteView whole);
Findings judge_lzip(const Survey& survey);

// The sum that the indexes of all streams state, walked backwards from the end. No allocation.
std::uint64_t plain_size_hint(ByteView whole);

}  // namespace braid::codec::lzma
