#include <braid/codec.hpp>

#include "base/try.hpp"
#include "engine/decode_driver.hpp"
#include "engine/detect_stream.hpp"
#include "engine/first_room.hpp"
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
  return Error{.code = Errc::out_of_memory, .message = "no memory for the result"};
}

Result<Buffer> compress(ByteView input, Algorithm algorithm) {
  return compress(input, CompressionConfig(algorithm));
}

Result<Buffer> decompress(ByteView input, const DecompressionConfig& config,
                          std::pmr::memory_resource* memory) try {
  Algorithm algorithm{};
  if (config.algorithm) {
    algorithm = *config.algorithm;
  } else {
    BRAID_TRY_VALUE(algorithm, engine::detect_stream(input));
  }
  const codec::Format& format = codec::format(algorithm);
  BRAID_TRY_VALUE(auto driver, engine::DecodeDriver::make(format, config));
  Buffer plain(memory);
  plain.resize(engine::first_room(format, input, config.output_limit));
  std::size_t consumed = 0;
  std::size_t produced = 0;
  for (;;) {
    BRAID_TRY_VALUE(const Step step, driver.step(input.drop(consumed),
                                                 plain.writable().subspan(produced), Input::last));
    consumed += step.consumed;
    produced += step.produced;
    if (step.state == StepState::finished) break;
    if (produced == plain.size()) plain.resize(plain.size() * 2);
  }
  plain.resize(produced);
  return plain;
} catch (const std::bad_alloc&) {
  return Error{.code = Errc::out_of_memory, .message = "no memory for the result"};
}

}  // namespace braid
