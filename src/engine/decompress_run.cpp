#include <optional>

#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "engine/codec_context.hpp"
#include "engine/decode_driver.hpp"
#include "engine/detect_stream.hpp"
#include "engine/kept_contexts.hpp"
#include "engine/packed_reader.hpp"
#include "engine/progress.hpp"
#include "engine/runs.hpp"
#include "engine/stream_run.hpp"
#include "engine/unit_run.hpp"

namespace braid::engine {

namespace {

// A file of so many packed bytes is read in sequence: it has no parts worth handing out.
constexpr std::uint64_t small_file = 64 << 10;

// One call that restores a file: in parts where its format and content allow it and more than one
// thread is at hand, by a StreamDecoder otherwise, changing from one to the other at any stream.
class DecompressRun {
 public:
  DecompressRun(CallSite& site, Source& source, Sink& sink, const DecompressionConfig& config,
                const RunOptions& options, SeekPointBuilder* points = nullptr)
      : site_(site),
        sink_(sink),
        config_(config),
        settings_(decoder_settings(config)),
        progress_(options, source),
        source_(source),
        source_size_(source.size()),
        reader_(source),
        stop_(options.stop),
        streams_(site, reader_, stop_),
        points_(points) {
    if (points_ != nullptr) streams_.observe(*points_);
  }

  Result<Transfer> run() {
    BRAID_TRY_VALUE(const codec::Format* format, find_format());
    std::shared_ptr<KeptContexts::DecoderKind> kind;
    if (KeptContexts* const kept = site_.kept()) kind = kept->decoders(*format, settings_);
    BRAID_TRY_VALUE(auto driver, make_driver(*format, kind.get()));
    const bool small = !reader_.in_memory() && source_size_.value_or(UINT64_MAX) <= small_file;
    const bool parallel = site_.executor().concurrency() != 0 && !small;
    if ((parallel || points_ != nullptr) && format->make_splitter != nullptr) {
      driver->stop_at_seams(points_ == nullptr);
      auto done = run_in_parts(*format, *driver);
      BRAID_TRY(streams_.write_held(write_));
      BRAID_TRY(std::move(done));
    } else {
      BRAID_TRY(run_in_sequence(*driver));
      transfer_.stream = driver->info();
    }
    transfer_.bytes_in = reader_.offset();
    if (kind != nullptr && driver->can_restart() &&
        DecodeContext::stays_small(transfer_.bytes_out)) {
      kind->decoders.put(std::move(driver));
    }
    progress_.finish(transfer_);
    return transfer_;
  }

 private:
  Result<const codec::Format*> find_format() {
    if (config_.algorithm) return &codec::format(*config_.algorithm);
    for (;;) {
      while (reader_.ahead().size() < detection_bytes && !reader_.ended()) {
        BRAID_TRY(reader_.read_more());
      }
      const std::uint64_t frame = codec::skippable_frame_size(reader_.ahead());
      if (frame == 0) break;
      BRAID_TRY(pass_over(frame));
    }
    if (reader_.offset() != 0) return &codec::format(detect_behind_skippable(reader_.ahead()));
    BRAID_TRY_VALUE(const Algorithm algorithm, detect_stream(reader_.ahead()));
    return &codec::format(algorithm);
  }

  // Skippable frames hold nothing that could tell the format, and may be of any length.
  Result<void> pass_over(std::uint64_t left) {
    for (;;) {
      const std::uint64_t count = std::min<std::uint64_t>(left, reader_.ahead().size());
      reader_.consume(static_cast<std::size_t>(count));
      left -= count;
      if (left == 0) return {};
      if (reader_.ended()) return skippable_frame_truncated(reader_.offset());
      transfer_.bytes_in = reader_.offset();
      BRAID_TRY(progress_.update(transfer_));
      BRAID_TRY(reader_.read_more());
    }
  }

  Result<std::unique_ptr<DecodeDriver>> make_driver(const codec::Format& format,
                                                    KeptContexts::DecoderKind* kind) {
    if (auto driver = kind != nullptr ? kind->decoders.take() : nullptr) {
      BRAID_TRY(driver->restart(config_));
      return driver;
    }
    BRAID_TRY_VALUE(auto driver, DecodeDriver::make(format, config_));
    return std::make_unique<DecodeDriver>(std::move(driver));
  }

  Result<void> run_in_parts(const codec::Format& format, DecodeDriver& driver) {
    UnitRun units(format, settings_, site_, reader_, stop_);
    if (points_ != nullptr) units.observe(*points_);
    const RandomAccess* const file = source_.random_access();
    if (file != nullptr && source_size_) units.look_at(*file, *source_size_);
    for (bool in_parts = true;;) {
      UnitStop stop{.kind = UnitStop::Kind::stream};
      if (in_parts) {
        BRAID_TRY_VALUE(stop, units.run(write_behind_streams_));
      }
      if (stop.kind == UnitStop::Kind::end && reader_.offset() != 0) {
        describe(driver, units);
        return {};
      }
      written_ahead_ = stop.written;
      const std::uint64_t produced = transfer_.bytes_out + streams_.held() - stop.written;
      if (stop.decoder != nullptr) {
        driver.resume_within(std::move(stop.decoder), reader_.offset(), produced);
      } else {
        const bool behind = stop.kind == UnitStop::Kind::stream && reader_.offset() != 0;
        const auto place =
            behind ? DecodeDriver::Place::behind_stream : DecodeDriver::Place::at_stream;
        BRAID_TRY(driver.resume(place, reader_.offset(), produced));
      }
      BRAID_TRY_VALUE(const bool finished, streams_.run(driver, write_));
      describe(driver, units);
      if (finished) return {};
      units.resume();
      // Formats of one stream leave it to the driver to judge what follows.
      in_parts = format.info.concatenates;
    }
  }

  void describe(const DecodeDriver& driver, const UnitRun& units) {
    transfer_.stream = driver.info();
    units.describe(transfer_.stream);
  }

  Result<void> run_in_sequence(DecodeDriver& driver) {
    if (reader_.offset() != 0) {
      BRAID_TRY(driver.resume(DecodeDriver::Place::behind_stream, reader_.offset(), 0));
    }
    BRAID_TRY_VALUE(const bool finished, streams_.run(driver, write_));
    return finished ? Result<void>()
                    : Error{.code = Errc::internal, .message = "stopped before the end"};
  }

  Result<void> put(ByteView plain) {
    const auto again = std::min<std::uint64_t>(written_ahead_, plain.size());
    written_ahead_ -= again;
    plain = plain.drop(static_cast<std::size_t>(again));
    if (plain.size() > config_.output_limit - transfer_.bytes_out) {
      return Error{.code = Errc::output_limit,
                   .message = "more than the allowed " + std::to_string(config_.output_limit) +
                              " bytes would come out",
                   .offset = reader_.offset()};
    }
    transfer_.bytes_out += plain.size();
    transfer_.bytes_in = reader_.offset();
    if (!plain.empty()) BRAID_TRY(parallel::call_user([&] { return sink_.write(plain); }));
    return progress_.update(transfer_);
  }

  CallSite& site_;
  Sink& sink_;
  const DecompressionConfig& config_;
  codec::DecoderSettings settings_;
  ProgressReporter progress_;
  Source& source_;
  std::optional<std::uint64_t> source_size_;
  PackedReader reader_;
  std::stop_token stop_;
  StreamRun streams_;
  SeekPointBuilder* points_;
  PlainSink write_ = [this](ByteView plain) { return put(plain); };
  PlainSink write_behind_streams_ = [this](ByteView plain) -> Result<void> {
    BRAID_TRY(streams_.write_held(write_));
    return put(plain);
  };
  Transfer transfer_;
  std::uint64_t written_ahead_ = 0;  // plain bytes to come that a unit has written
};

}  // namespace

Result<SeekPoints> run_index(CallSite& site, Source& source, Sink& sink,
                             const DecompressionConfig& config, const RunOptions& options,
                             std::uint64_t most_windows) try {
  SeekPointBuilder builder(most_windows);
  BRAID_TRY_VALUE(const Transfer done,
                  DecompressRun(site, source, sink, config, options, &builder).run());
  // What begins where the plain bytes end is of no use.
  auto points = builder.take();
  while (!points.empty() && points.back().plain >= done.bytes_out) points.pop_back();
  return SeekPoints{.algorithm = done.stream.algorithm,
                    .packed_size = done.bytes_in,
                    .plain_size = done.bytes_out,
                    .points = std::move(points)};
} catch (const parallel::UserException& thrown) {
  std::rethrow_exception(thrown.cause);
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory for an index");
}

Result<Transfer> run_decompress(CallSite& site, Source& source, Sink& sink,
                                const DecompressionConfig& config, const RunOptions& options) try {
  return DecompressRun(site, source, sink, config, options).run();
} catch (const parallel::UserException& thrown) {
  std::rethrow_exception(thrown.cause);
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to decompress");
}

}  // namespace braid::engine
