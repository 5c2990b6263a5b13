#include "engine/codec_context.hpp"

#include <new>

#include "base/cancelled.hpp"
#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "engine/chunk_cutter.hpp"
#include "engine/detect_stream.hpp"
#include "engine/first_room.hpp"

namespace braid::engine {

namespace {

Error no_memory(Algorithm algorithm) noexcept {
  return base::no_memory("no memory for the context or the result", algorithm);
}

codec::StreamPlan plan_for(ByteView plain, const CompressionConfig& config) {
  if (config.get(Knob::content_size, 0) == 0) return {};
  return {.content_size = plain.size()};
}

}  // namespace

Result<std::unique_ptr<EncodeContext>> EncodeContext::make(const CompressionConfig& config) try {
  const codec::Format& format = codec::format(config.algorithm());
  std::unique_ptr<EncodeContext> context(new EncodeContext(format, config));
  if (format.chunk_size != nullptr && format.chunk_size(config) != 0) {
    BRAID_TRY_VALUE(context->chunks_, format.make_chunk_encoder(config));
    BRAID_TRY_VALUE(context->framer_, format.make_framer(config));
  } else {
    BRAID_TRY_VALUE(context->stream_, format.make_stream_encoder(config));
  }
  return context;
} catch (const std::bad_alloc&) {
  return no_memory(config.algorithm());
}

std::uint64_t EncodeContext::memory_for(const CompressionConfig& config) {
  const codec::Format& format = codec::format(config.algorithm());
  const std::uint64_t chunk = format.chunk_size == nullptr ? 0 : format.chunk_size(config);
  // A piece of incompressible bytes is a little larger than its chunk.
  return format.encoder_memory(config) + (chunk == 0 ? step_bytes : chunk + chunk / 64 + 4096);
}

Result<Buffer> EncodeContext::compress(ByteView plain, std::pmr::memory_resource* memory,
                                       const std::stop_token& stop) try {
  auto packed =
      chunks_ != nullptr ? join_chunks(plain, memory, stop) : write_stream(plain, memory, stop);
  if (!packed && !packed.error().algorithm) packed.error().algorithm = config_.algorithm();
  return packed;
} catch (const std::bad_alloc&) {
  return no_memory(config_.algorithm());
}

Result<Buffer> EncodeContext::join_chunks(ByteView plain, std::pmr::memory_resource* memory,
                                          const std::stop_token& stop) {
  Buffer packed(memory);
  MemorySource source(plain);
  ChunkCutter cutter(source, format_, config_);
  Chunk chunk;
  for (;;) {
    BRAID_TRY_VALUE(const bool more, cutter.next(chunk));
    if (!more) return packed;
    if (stop.stop_requested()) return base::cancelled();
    const codec::ChunkPlace& place = chunk.place;
    const auto wanted = [&stop] { return !stop.stop_requested(); };
    if (auto encoded = chunks_->encode_while(wanted, chunk.plain, place, piece_); !encoded) {
      if (!encoded.error().chunk) encoded.error().chunk = place.index;
      return std::move(encoded).error();
    }
    head_.clear();
    tail_.clear();
    if (place.index == 0) BRAID_TRY(framer_->begin(plan_for(plain, config_), place.only(), head_));
    BRAID_TRY(framer_->add(piece_, chunk.plain, place, head_));
    if (place.last) BRAID_TRY(framer_->finish(tail_));
    if (place.only()) packed.reserve(head_.size() + piece_.bytes.size() + tail_.size());
    packed.append(head_.view());
    packed.append(piece_.bytes.view());
    packed.append(tail_.view());
  }
}

Result<Buffer> EncodeContext::write_stream(ByteView plain, std::pmr::memory_resource* memory,
                                           const std::stop_token& stop) {
  Buffer packed(memory);
  BRAID_TRY(stream_->reset(plan_for(plain, config_)));
  piece_.bytes.resize(step_bytes);
  for (;;) {
    if (stop.stop_requested()) return base::cancelled();
    BRAID_TRY_VALUE(const Step step, stream_->step(plain, piece_.bytes.writable(), Flush::finish));
    plain = plain.drop(step.consumed);
    packed.append(piece_.bytes.view().first(step.produced));
    if (step.state == StepState::finished) return packed;
  }
}

Result<Algorithm> algorithm_of(ByteView packed, const DecompressionConfig& config) {
  if (config.algorithm) return *config.algorithm;
  return detect_stream(packed);
}

Result<Buffer> decode_whole(DecodeDriver& driver, const codec::Format& format, ByteView packed,
                            std::uint64_t output_limit, std::pmr::memory_resource* memory,
                            const std::stop_token& stop) {
  Buffer plain(memory);
  plain.resize(first_room(format, packed, output_limit));
  std::size_t produced = 0;
  for (;;) {
    if (stop.stop_requested()) return base::cancelled();
    BRAID_TRY_VALUE(const Step step,
                    driver.step(packed, plain.writable().subspan(produced), Input::last));
    packed = packed.drop(step.consumed);
    produced += step.produced;
    if (step.state == StepState::finished) break;
    if (produced == plain.size()) plain.resize(plain.size() * 2);
  }
  plain.resize(produced);
  return plain;
}

Result<std::unique_ptr<DecodeContext>> DecodeContext::make(Algorithm algorithm,
                                                           const DecompressionConfig& config) try {
  const codec::Format& format = codec::format(algorithm);
  BRAID_TRY_VALUE(auto driver, DecodeDriver::make(format, config));
  return std::unique_ptr<DecodeContext>(new DecodeContext(format, std::move(driver)));
} catch (const std::bad_alloc&) {
  return no_memory(algorithm);
}

Result<Buffer> DecodeContext::decompress(ByteView packed, const DecompressionConfig& config,
                                         std::pmr::memory_resource* memory,
                                         const std::stop_token& stop) try {
  if (used_) BRAID_TRY(driver_.restart(config));
  used_ = true;
  return decode_whole(driver_, format_, packed, config.output_limit, memory, stop);
} catch (const std::bad_alloc&) {
  return no_memory(format_.info.algorithm);
}

}  // namespace braid::engine
