#include <optional>
#include <vector>

#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "engine/chunk_cutter.hpp"
#include "engine/codec_context.hpp"
#include "engine/kept_contexts.hpp"
#include "engine/progress.hpp"
#include "engine/runs.hpp"
#include "engine/source_reader.hpp"
#include "parallel/spare_buffers.hpp"

namespace braid::engine {

namespace {

// Only what was asked for enters the plan: a size known by chance must not change the bytes.
codec::StreamPlan plan_for(const Source& source, const CompressionConfig& config) {
  if (config.get(Knob::content_size, 0) == 0) return {};
  return {.content_size = source.size()};
}

// One call that writes a format with seams: chunks are cut, encoded on all lanes, and joined.
class ChunkedRun {
 public:
  ChunkedRun(Source& source, Sink& sink, const CompressionConfig& config, const RunOptions& options)
      : format_(codec::format(config.algorithm())),
        config_(config),
        sink_(sink),
        plan_(plan_for(source, config)),
        progress_(options, source),
        cutter_(source, format_, config),
        in_memory_(source.view().has_value()),
        stop_(options.stop) {
    cutter_.leave_reading_to_fill();
  }

  Result<Transfer> run(CallSite& site) {
    BRAID_TRY_VALUE(framer_, format_.make_framer(config_));
    BRAID_TRY_VALUE(const Lanes lanes, open_lanes(site));
    monitor_ = site.monitor();
    if (KeptContexts* const kept = site.kept()) kind_ = kept->encoders(format_, config_);
    lanes_.resize(lanes.threads);
    keep_plain_ = framer_->wants_plain();
    buffers_.emplace(lanes.nodes, lanes.window, base::chunk_memory());
    plains_.emplace(lanes.nodes, lanes.window, base::chunk_memory());
    std::vector<Item> items(lanes.window);
    BRAID_TRY(parallel::run_ordered(
        site.executor(), {.threads = lanes.threads, .stop = stop_, .monitor = monitor_},
        std::span(items), [this](Item& item) { return cutter_.next(item.chunk); },
        [this](Item& item, unsigned slot, parallel::Advance& advance) {
          return encode(item, slot, advance);
        },
        [this](Item& item) { return join(item); }));
    frame_.clear();
    BRAID_TRY(framer_->finish(frame_));
    BRAID_TRY(write(frame_.view()));
    if (kind_ != nullptr) {
      for (Lane& lane : lanes_) kind_->encoders.put(std::move(lane.encoder));
    }
    progress_.finish(transfer_);
    return transfer_;
  }

 private:
  // What one thread works with.
  struct Lane {
    std::unique_ptr<codec::ChunkEncoder> encoder;  // from when it is first used
    Buffer room{base::chunk_memory()};             // of the chunk that it reads and encodes
  };

  struct Item {
    Chunk chunk;
    codec::Piece piece{.bytes = Buffer(base::chunk_memory())};
    unsigned node = 0;                   // of the piece
    Buffer plain{base::chunk_memory()};  // of a chunk that is kept, while the item is in flight
    unsigned plain_node = 0;
  };

  Result<Lanes> open_lanes(CallSite& site) const {
    const std::uint64_t chunk = format_.chunk_size(config_);
    // A piece of incompressible bytes is a little larger than its chunk.
    const std::uint64_t piece = chunk + chunk / 64 + 4096;
    return site.open_lanes({.per_thread = format_.encoder_memory(config_),
                            .per_item = piece + (in_memory_ ? 0 : chunk)},
                           stop_);
  }

  Result<void> encode(Item& item, unsigned slot, parallel::Advance& advance) {
    auto& [encoder, room] = lanes_[slot];
    if (encoder == nullptr && kind_ != nullptr) encoder = kind_->encoders.take();
    if (encoder == nullptr) {
      BRAID_TRY_VALUE(encoder, format_.make_chunk_encoder(kind_ ? kind_->config : config_));
    }
    item.piece.bytes = buffers_->take(item.node);
    // One room a thread for what need not be kept: the cache of its core knows it.
    if (keep_plain_ && item.chunk.unread != 0) item.plain = plains_->take(item.plain_node);
    auto encoded = cutter_.fill(item.chunk, keep_plain_ ? item.plain : room);
    if (encoded) {
      // In the middle of a long chunk, the calling thread writes what is done.
      encoded = encoder->encode_while([&advance] { return advance(); }, item.chunk.plain,
                                      item.chunk.place, item.piece);
    }
    if (!encoded) {
      if (!encoded.error().chunk) encoded.error().chunk = item.chunk.place.index;
      return encoded;
    }
    if (monitor_ != nullptr) {
      monitor_->add(slot, parallel::Count::bytes_in, item.chunk.plain.size());
      monitor_->add(slot, parallel::Count::bytes_out, item.piece.bytes.size());
    }
    return {};
  }

  Result<void> join(Item& item) {
    const Chunk& chunk = item.chunk;
    frame_.clear();
    if (chunk.place.index == 0) BRAID_TRY(framer_->begin(plan_, chunk.place.only(), frame_));
    const ByteView plain = keep_plain_ ? chunk.plain : ByteView();
    BRAID_TRY(framer_->add(item.piece, plain, chunk.place, frame_));
    BRAID_TRY(write(frame_.view()));
    BRAID_TRY(write(item.piece.bytes.view()));
    buffers_->give(std::move(item.piece.bytes), item.node);
    if (item.plain.capacity() != 0) plains_->give(std::move(item.plain), item.plain_node);
    transfer_.bytes_in += item.piece.plain_size;
    return progress_.update(transfer_);
  }

  Result<void> write(ByteView bytes) {
    if (bytes.empty()) return {};
    transfer_.bytes_out += bytes.size();
    return parallel::call_user([&] { return sink_.write(bytes); });
  }

  const codec::Format& format_;
  const CompressionConfig& config_;
  Sink& sink_;
  codec::StreamPlan plan_;
  ProgressReporter progress_;
  ChunkCutter cutter_;
  bool in_memory_;
  std::stop_token stop_;
  parallel::Monitor* monitor_ = nullptr;
  std::shared_ptr<KeptContexts::EncoderKind> kind_;  // null: encoders are not kept
  std::vector<Lane> lanes_;
  bool keep_plain_ = false;                        // of a chunk, until the framer has seen it
  std::optional<parallel::SpareBuffers> buffers_;  // of pieces
  std::optional<parallel::SpareBuffers> plains_;   // of chunks that are kept
  std::unique_ptr<codec::Framer> framer_;
  Buffer frame_;
  Transfer transfer_;
};

// Formats and layouts without seams: one stream, on the calling thread.
Result<Transfer> compress_stream(Source& source, Sink& sink, const CompressionConfig& config,
                                 const RunOptions& options) {
  const codec::Format& format = codec::format(config.algorithm());
  BRAID_TRY_VALUE(auto encoder, format.make_stream_encoder(config));
  BRAID_TRY(encoder->reset(plan_for(source, config)));
  ProgressReporter progress(options, source);
  SourceReader reader(source);
  Buffer out(step_bytes);
  Transfer transfer;
  for (bool finished = false; !finished;) {
    BRAID_TRY(progress.update(transfer));
    BRAID_TRY_VALUE(const ByteView in, reader.ahead());
    const Flush flush = reader.ended() ? Flush::finish : Flush::none;
    BRAID_TRY_VALUE(const Step step, encoder->step(in, out.writable(), flush));
    reader.consume(step.consumed);
    transfer.bytes_in += step.consumed;
    transfer.bytes_out += step.produced;
    if (step.produced != 0) {
      BRAID_TRY(parallel::call_user([&] { return sink.write(out.view().first(step.produced)); }));
    }
    finished = step.state == StepState::finished;
  }
  progress.finish(transfer);
  return transfer;
}

}  // namespace

Result<Transfer> run_compress(CallSite& site, Source& source, Sink& sink,
                              const CompressionConfig& config, const RunOptions& options) try {
  BRAID_TRY(config.validate());
  const codec::Format& format = codec::format(config.algorithm());
  const bool chunked = format.chunk_size != nullptr && format.chunk_size(config) != 0;
  auto result = chunked ? ChunkedRun(source, sink, config, options).run(site)
                        : compress_stream(source, sink, config, options);
  if (!result) {
    // Of a file that the source or the sink could not deal with, the format tells nothing.
    Error& error = result.error();
    const bool of_file = error.os_error != 0 || !error.entry.empty();
    if (!of_file && !error.algorithm) error.algorithm = config.algorithm();
    return result;
  }
  result->stream.algorithm = config.algorithm();
  result->stream.streams = 1;
  return result;
} catch (const parallel::UserException& thrown) {
  std::rethrow_exception(thrown.cause);
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to compress", config.algorithm());
}

}  // namespace braid::engine
