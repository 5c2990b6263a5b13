#include <braid/codec.hpp>

#include "base/try.hpp"
#include "engine/chunk_cutter.hpp"
#include "engine/progress.hpp"
#include "engine/source_reader.hpp"

namespace braid {

namespace {

// Room for one step of a format without seams: large enough that calls and writes do not show.
constexpr std::size_t step_bytes = 256 << 10;

Result<void> write(Sink& sink, ByteView bytes, Transfer& transfer) {
  if (bytes.empty()) return {};
  transfer.bytes_out += bytes.size();
  return sink.write(bytes);
}

// Only what was asked for enters the plan: a size known by chance must not change the bytes.
codec::StreamPlan plan_for(const Source& source, const CompressionConfig& config) {
  if (config.get(Knob::content_size, 0) == 0) return {};
  return {.content_size = source.size()};
}

Result<Transfer> compress_chunks(Source& source, Sink& sink, const CompressionConfig& config,
                                 const RunOptions& options) {
  const codec::Format& format = codec::format(config.algorithm());
  BRAID_TRY_VALUE(auto encoder, format.make_chunk_encoder(config));
  BRAID_TRY_VALUE(auto framer, format.make_framer(config));
  engine::ProgressReporter progress(options, source);
  const codec::StreamPlan plan = plan_for(source, config);
  engine::ChunkCutter cutter(source, format, config);
  engine::Chunk chunk;
  codec::Piece piece;
  Buffer frame;
  Transfer transfer;
  for (;;) {
    BRAID_TRY(progress.update(transfer));
    BRAID_TRY_VALUE(const bool more, cutter.next(chunk));
    if (!more) break;
    transfer.bytes_in += chunk.plain.size();
    BRAID_TRY(encoder->encode(chunk.plain, chunk.place, piece));
    frame.clear();
    if (chunk.place.index == 0) BRAID_TRY(framer->begin(plan, chunk.place.only(), frame));
    BRAID_TRY(framer->add(piece, chunk.plain, chunk.place, frame));
    BRAID_TRY(write(sink, frame.view(), transfer));
    BRAID_TRY(write(sink, piece.bytes.view(), transfer));
  }
  frame.clear();
  BRAID_TRY(framer->finish(frame));
  BRAID_TRY(write(sink, frame.view(), transfer));
  progress.finish(transfer);
  return transfer;
}

Result<Transfer> compress_stream(Source& source, Sink& sink, const CompressionConfig& config,
                                 const RunOptions& options) {
  const codec::Format& format = codec::format(config.algorithm());
  BRAID_TRY_VALUE(auto encoder, format.make_stream_encoder(config));
  BRAID_TRY(encoder->reset(plan_for(source, config)));
  engine::ProgressReporter progress(options, source);
  engine::SourceReader reader(source);
  Buffer out(step_bytes);
  Transfer transfer;
  for (bool finished = false; !finished;) {
    BRAID_TRY(progress.update(transfer));
    BRAID_TRY_VALUE(const ByteView in, reader.ahead());
    const Flush flush = reader.ended() ? Flush::finish : Flush::none;
    BRAID_TRY_VALUE(const Step step, encoder->step(in, out.writable(), flush));
    reader.consume(step.consumed);
    transfer.bytes_in += step.consumed;
    BRAID_TRY(write(sink, out.view().first(step.produced), transfer));
    finished = step.state == StepState::finished;
  }
  progress.finish(transfer);
  return transfer;
}

}  // namespace

Result<Transfer> compress(Source& source, Sink& sink, const CompressionConfig& config,
                          const RunOptions& options) try {
  BRAID_TRY(config.validate());
  const codec::Format& format = codec::format(config.algorithm());
  const bool chunked = format.chunk_size != nullptr && format.chunk_size(config) != 0;
  auto result = chunked ? compress_chunks(source, sink, config, options)
                        : compress_stream(source, sink, config, options);
  if (!result) {
    if (!result.error().algorithm) result.error().algorithm = config.algorithm();
    return result;
  }
  result->stream.algorithm = config.algorithm();
  result->stream.streams = 1;
  return result;

} catch (const std::bad_alloc&) {
  return Error{.code = Errc::out_of_memory,
               .message = "no memory to compress",
               .algorithm = config.algorithm()};
}

}  // namespace braid
