#pragma once

#include "codec/format.hpp"

// bzip2: blocks of 100 to 900 kB, each sorted and coded on its own, joined at bits. Writing and
// reading are our own; libbz2 is what the tests compare with. See docs/formats/bzip2.md.
namespace braid::codec::bzip2 {

int detect(ByteView prefix);

std::size_t chunk_size(const CompressionConfig& config);
std::size_t split(const CompressionConfig& config, ByteView data);
std::uint64_t encoder_memory(const CompressionConfig& config);
Result<std::unique_ptr<ChunkEncoder>> make_chunk_encoder(const CompressionConfig& config);
Result<std::unique_ptr<Framer>> make_framer(const CompressionConfig& config);

Result<std::unique_ptr<StreamDecoder>> make_stream_decoder(const DecoderSettings& settings);
std::unique_ptr<Splitter> make_splitter();
Findings judge(const Survey& survey);
Result<std::unique_ptr<UnitDecoder>> make_unit_decoder(const DecoderSettings& settings);
std::unique_ptr<Verifier> make_verifier(const DecoderSettings& settings);

}  // namespace braid::codec::bzip2
