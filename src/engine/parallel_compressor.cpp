#include <braid/engine.hpp>

#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "engine/detect_stream.hpp"
#include "engine/engine_impl.hpp"
#include "engine/first_room.hpp"
#include "engine/runs.hpp"

namespace braid {

ParallelCompressor::ParallelCompressor(Engine& engine, CompressionConfig config)
    : engine_(&engine), config_(std::move(config)) {}

Result<Transfer> ParallelCompressor::compress(Source& source, Sink& sink,
                                              const RunOptions& options) const {
  engine_->impl().count_call();
  return engine::run_compress(engine_->impl(), source, sink, config_, options);
}

Result<Transfer> ParallelCompressor::decompress(Source& source, Sink& sink,
                                                const DecompressionConfig& config,
                                                const RunOptions& options) const {
  engine_->impl().count_call();
  return engine::run_decompress(engine_->impl(), source, sink, config, options);
}

Result<Buffer> ParallelCompressor::compress(ByteView input) const {
  Buffer packed(engine_->impl().memory());
  MemorySource source(input);
  BufferSink sink(packed);
  BRAID_TRY(compress(source, sink));
  return packed;
}

Result<Buffer> ParallelCompressor::decompress(ByteView input,
                                              const DecompressionConfig& config) const try {
  Buffer plain(engine_->impl().memory());
  const auto found =
      config.algorithm ? Result<Algorithm>(*config.algorithm) : engine::detect_stream(input);
  if (found) {
    plain.reserve(engine::first_room(codec::format(*found), input, config.output_limit));
  }
  MemorySource source(input);
  BufferSink sink(plain);
  BRAID_TRY(decompress(source, sink, config));
  return plain;
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory for the result");
}

}  // namespace braid
