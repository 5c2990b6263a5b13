#pragma once

#include <zstd.h>

#include "codec/codec.hpp"

// libzstd's objects and error codes, translated once.
namespace braid::codec::zstd {

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};

struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

using Compressor = std::unique_ptr<ZSTD_CCtx, FreeCompressor>;
using Decompressor = std::unique_ptr<ZSTD_DCtx, FreeDecompressor>;

// A context with all of `config` set, for any number of frames. Loads the dictionary once.
// Errors: out_of_memory; invalid_argument for a dictionary that cannot be read.
[[nodiscard]] Result<Compressor> make_compressor(const CompressionConfig& config);

// A context that reads windows of any size (check_header() sets the limit), with the dictionary.
// Errors: out_of_memory; invalid_argument for a dictionary that cannot be read.
[[nodiscard]] Result<Decompressor> make_decompressor(ByteView dictionary);

// What a library code means when data is written, or when it is read.
[[nodiscard]] Error encode_error(std::size_t code);
[[nodiscard]] Error decode_error(std::size_t code);

}  // namespace braid::codec::zstd
