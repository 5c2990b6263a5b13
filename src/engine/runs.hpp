#pragma once

#include <braid/codec.hpp>

#include "engine/call.hpp"

// What the public functions and classes share: the same call on one thread or on many.
namespace braid::engine {

// Compresses `source` into `sink`. Errors: those of braid::compress, and memory_limit.
[[nodiscard]] Result<Transfer> run_compress(CallSite& site, Source& source, Sink& sink,
                                            const CompressionConfig& config,
                                            const RunOptions& options);

// Restores `source` into `sink`. Errors: those of braid::decompress.
[[nodiscard]] Result<Transfer> run_decompress(CallSite& site, Source& source, Sink& sink,
                                              const DecompressionConfig& config,
                                              const RunOptions& options);

}  // namespace braid::engine
