#pragma once

#include <braid/run.hpp>

namespace braid {

// Compresses all of `input` into a new buffer, on the calling thread.
//
// The bytes depend on input and configuration alone: they are those of every other way to compress
// the same input with the same configuration. An empty input gives a valid empty stream.
// `memory`  where the result is allocated; must outlive it.
// Errors    invalid_argument, unsupported_feature, out_of_memory.
// Threads   callable from any number of threads at once; nothing is shared.
// Cost      allocates a codec context each call: for many small buffers see ThreadSafeCompressor.
[[nodiscard]] BRAID_API Result<Buffer> compress(
    ByteView input, const CompressionConfig& config,
    std::pmr::memory_resource* memory = std::pmr::get_default_resource());

// The same with the algorithm's default configuration.
[[nodiscard]] BRAID_API Result<Buffer> compress(ByteView input, Algorithm algorithm);

// Restores everything that `input` holds: concatenated streams too.
//
// Errors    unknown_format, corrupt, truncated (also for empty input), checksum_mismatch,
//           trailing_data, output_limit, memory_limit, unsupported_feature, out_of_memory;
//           Error::offset is the byte of `input` at which the bad part begins, where it is known.
// Threads   callable from any number of threads at once.
[[nodiscard]] BRAID_API Result<Buffer> decompress(
    ByteView input, const DecompressionConfig& config = {},
    std::pmr::memory_resource* memory = std::pmr::get_default_resource());

// Compresses a source into a sink on the calling thread, in memory that does not depend on the
// length: about two chunks and one codec context. Errors: as above, io, cancelled.
[[nodiscard]] BRAID_API Result<Transfer> compress(Source& source, Sink& sink,
                                                  const CompressionConfig& config,
                                                  const RunOptions& options = {});

// Restores a source into a sink on the calling thread, in memory that does not depend on the
// length: the format's window and two fixed buffers. Errors: as above, io, cancelled.
[[nodiscard]] BRAID_API Result<Transfer> decompress(Source& source, Sink& sink,
                                                    const DecompressionConfig& config = {},
                                                    const RunOptions& options = {});

}  // namespace braid
