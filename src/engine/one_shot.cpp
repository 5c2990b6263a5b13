#include <braid/codec.hpp>

#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "engine/codec_context.hpp"
#include "engine/runs.hpp"

namespace braid {

Result<Transfer> compress(Source& source, Sink& sink, const CompressionConfig& config,
                          const RunOptions& options) {
  return engine::run_compress(engine::this_thread(), source, sink, config, options);
}

Result<Transfer> decompress(Source& source, Sink& sink, const DecompressionConfig& config,
                            const RunOptions& options) {
  return engine::run_decompress(engine::this_thread(), source, sink, config, options);
}

Result<Buffer> compress(ByteView input, const CompressionConfig& config,
                        std::pmr::memory_resource* memory) try {
  Buffer packed(memory);
  MemorySource source(input);
  BufferSink sink(packed);
  BRAID_TRY(compress(source, sink, config));
  return packed;
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory for the result");
}

Result<Buffer> compress(ByteView input, Algorithm algorithm) {
  return compress(input, CompressionConfig(algorithm));
}

Result<Buffer> decompress(ByteView input, const DecompressionConfig& config,
                          std::pmr::memory_resource* memory) try {
  BRAID_TRY_VALUE(const Algorithm algorithm, engine::algorithm_of(input, config));
  const codec::Format& format = codec::format(algorithm);
  BRAID_TRY_VALUE(auto driver, engine::DecodeDriver::make(format, config));
  return engine::decode_whole(driver, format, input, config.output_limit, memory, {});
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory for the result");
}

}  // namespace braid
