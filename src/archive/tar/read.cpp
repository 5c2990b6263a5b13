#include <new>

#include "archive/plain_file.hpp"
#include "archive/tar/entry_stream.hpp"
#include "archive/tar/tar.hpp"
#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "engine/span_run.hpp"

namespace braid::archive::tar {

namespace {

// An uncompressed archive is read in pieces of this size; the entries in one are made together.
constexpr std::size_t piece_bytes = 1 << 20;

// Moves on over what nobody looks at, where the source can; how far.
std::uint64_t pass(Source& source, EntryStream& stream) {
  const std::uint64_t count = stream.to_pass();
  if (count < piece_bytes || count > source.size().value_or(0) || !source.skip(count)) return 0;
  stream.pass(count);
  return count;
}

// An archive that nothing compresses.
Result<Transfer> read_plain(const ReadCall& call, EntryStream& stream) {
  Buffer piece(piece_bytes);
  Transfer transfer;
  transfer.stream.algorithm = Algorithm::none;
  Progress progress{.total_in = call.source->size()};
  for (;;) {
    if (call.run.stop.stop_requested()) {
      return Error{.code = Errc::cancelled, .message = "stopped"};
    }
    std::size_t filled = 0;
    while (filled < piece.size()) {
      BRAID_TRY_VALUE(const std::size_t count, call.source->read(piece.writable().subspan(filled)));
      if (count == 0) break;
      filled += count;
    }
    if (filled == 0) return transfer;
    transfer.bytes_in += filled;
    if (transfer.bytes_in > call.config.output_limit) {
      return Error{.code = Errc::output_limit, .message = "the archive is larger than allowed"};
    }
    BRAID_TRY(stream.write(piece.view().first(filled)));
    transfer.bytes_in += pass(*call.source, stream);
    transfer.bytes_out = progress.bytes_in = progress.bytes_out = transfer.bytes_in;
    if (call.run.on_progress) call.run.on_progress(progress);
  }
}

// A compressed archive: from front to back, until an entry that nobody reads is so large that it is
// worth going on behind it, by the places that the file tells.
class PackedArchive final : public Sink {
 public:
  // `places`: where they are known; null: looked for when they would help.
  PackedArchive(const ReadCall& call, EntryStream& stream, const PlainFile* places) noexcept
      : call_(call),
        stream_(stream),
        worth_passing_(call.engine.threads() * in_hand),
        places_(places) {}

  Result<Transfer> read() {
    const ParallelCompressor from_front(call_.engine);
    auto done = from_front.decompress(*call_.source, *this, call_.config, call_.run);
    while (!done && passes_) done = go_on();
    return done;
  }

  Result<void> write(ByteView bytes) override {
    BRAID_TRY(stream_.write(bytes));
    at_ += bytes.size();
    passes_ = stream_.to_pass() >= worth_passing_ && has_places();
    if (passes_) return Error{.code = Errc::cancelled, .message = "goes on elsewhere"};
    return {};
  }

 private:
  // What a thread has decoded ahead when it is told to stop.
  static constexpr std::uint64_t in_hand = 32 << 20;

  bool has_places() {
    if (places_ == nullptr && !looked_ && call_.file != nullptr) {
      found_ = PlainFile::find(*call_.file, call_.config);
      places_ = found_.get();
    }
    looked_ = true;
    return places_ != nullptr && at_ <= places_->size() &&
           stream_.to_pass() <= places_->size() - at_;
  }

  Result<Transfer> go_on() {
    passes_ = false;
    at_ += stream_.to_pass();
    stream_.pass(stream_.to_pass());
    const engine::SeekPoints& points = places_->spans().points();
    const std::uint64_t begin = at_;
    const std::uint64_t packed = points.points[points.find(begin)].first_byte();
    RunOptions options = call_.run;
    if (call_.run.on_progress) {
      options.on_progress = [&](const Progress& progress) {
        call_.run.on_progress({.bytes_in = packed + progress.bytes_in,
                               .bytes_out = begin + progress.bytes_out,
                               .total_in = points.packed_size});
      };
    }
    BRAID_TRY(engine::run_spans(call_.engine.impl(), places_->spans(), begin, points.plain_size,
                                *this, options));
    Transfer transfer{.bytes_in = points.packed_size, .bytes_out = points.plain_size};
    transfer.stream.algorithm = points.algorithm;
    return transfer;
  }

  const ReadCall& call_;
  EntryStream& stream_;
  std::uint64_t worth_passing_;
  std::uint64_t at_ = 0;  // in the archive
  bool passes_ = false;   // ended to go on behind what is passed
  bool looked_ = false;   // for places
  const PlainFile* places_;
  std::unique_ptr<PlainFile> found_;
};

}  // namespace

Result<Transfer> read(const ReadCall& call, EntryVisitor& visitor) {
  return read(call, visitor, nullptr);
}

Result<Transfer> read(const ReadCall& call, EntryVisitor& visitor, const PlainFile* places) try {
  EntryStream stream(call, visitor);
  auto transfer = call.config.algorithm == Algorithm::none
                      ? read_plain(call, stream)
                      : PackedArchive(call, stream, places).read();
  if (stream.stopped()) return Transfer();
  if (!transfer) return transfer;
  BRAID_TRY(stream.finish());
  return transfer;
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to read the archive");
}

}  // namespace braid::archive::tar
