#include <array>
#include <new>
#include <span>

#include "archive/batches.hpp"
#include "archive/tar/parser.hpp"
#include "archive/tar/tar.hpp"
#include "base/no_memory.hpp"
#include "base/try.hpp"

namespace braid::archive::tar {

namespace {

// An uncompressed archive is read in pieces of this size; the entries in one are made together.
constexpr std::size_t piece_bytes = 1 << 20;

// Entries handed to a thread at once.
constexpr std::size_t batch_entries = 8;

// One entry all of whose content is at hand.
struct Job {
  Entry entry;
  ByteView content;
  Result<void> done{};
};

Result<void> run(EntryVisitor& visitor, Job& job) {
  BRAID_TRY_VALUE(const std::unique_ptr<EntrySink> sink, visitor.open(job.entry));
  if (!job.content.empty()) BRAID_TRY(sink->write(job.content));
  return sink->finish();
}

// Entries that one thread sees to.
struct Batch {
  std::array<Job, batch_entries> jobs;
  std::size_t count = 0;

  [[nodiscard]] std::span<Job> all() noexcept { return std::span(jobs).first(count); }

  // Errors are left in the jobs; what the visitor throws comes out.
  void run_all(EntryVisitor& visitor) {
    for (Job& job : all()) {
      try {
        job.done = run(visitor, job);
      } catch (const std::bad_alloc&) {
        job.done = Error{.code = Errc::out_of_memory, .message = {}};
      }
    }
  }
};

// Takes the archive as it comes out of decompression and leads the visitor through it. Entries that
// lie in one piece of it are given to all threads, out of that piece, without a copy, while those
// behind them are looked for; all are done before the piece goes. What is larger is passed on as it
// comes.
class EntryStream final : public Sink {
 public:
  EntryStream(Engine& engine, EntryVisitor& visitor, const ReadCall& call)
      : visitor_(visitor),
        stop_(call.run.stop),
        strict_(call.strict),
        parser_(call.ignore_zeros),
        batches_(engine, [&visitor](Batch& batch) { batch.run_all(visitor); }) {}

  Result<void> write(ByteView in) override {
    if (over_) return stopped_ ? Result<void>() : behind_end(in);
    const Joined joined{batches_};
    Result<void> result = take(in);
    Result<void> drained = drain();  // also behind an error: entries before it count
    return drained ? std::move(result) : std::move(drained);
  }

  [[nodiscard]] bool stopped() const noexcept { return stopped_; }

  // The archive was given to its end.
  Result<void> finish() {
    if (over_) return {};
    return parser_.finish();
  }

 private:
  // However a call ends, no thread uses its piece afterwards.
  struct Joined {
    Batches<Batch>& batches;

    ~Joined() { batches.drop(); }
  };

  Result<void> take(ByteView& in) {
    for (;;) {
      BRAID_TRY_VALUE(const Parser::Event event, parser_.next(in));
      switch (event) {
        case Parser::Event::need_input:
          return {};
        case Parser::Event::entry:
          BRAID_TRY(enter(in));
          if (stopped_) return Error{.code = Errc::cancelled, .message = "stopped by the visitor"};
          break;
        case Parser::Event::data:
          BRAID_TRY(feed([&] { return sink_->write(parser_.data()); }));
          break;
        case Parser::Event::hole:
          BRAID_TRY(feed([&] { return sink_->skip(parser_.hole()); }));
          break;
        case Parser::Event::end_of_entry:
          if (sink_ == nullptr) break;
          BRAID_TRY(feed([&] { return sink_->finish(); }));
          sink_.reset();
          break;
        case Parser::Event::end:
          over_ = true;
          return behind_end(in);
      }
    }
  }

  [[nodiscard]] Result<void> behind_end(ByteView bytes) const {
    return strict_ ? check_behind_end(bytes) : Result<void>();
  }

  Result<void> enter(ByteView in) {
    Entry& entry = parser_.entry();
    if (entry.type != EntryType::file) parser_.skip_content();
    BRAID_TRY_VALUE(Visit visit, visitor_.enter(entry));
    if (visit == Visit::alone) BRAID_TRY(drain());
    switch (visit) {
      case Visit::stop:
        stopped_ = over_ = true;
        return {};
      case Visit::skip:
        parser_.skip_content();
        return {};
      case Visit::read:
        if (parser_.is_sparse() || parser_.stored() > in.size()) break;
        add(std::move(entry), in.first(static_cast<std::size_t>(parser_.stored())));
        parser_.skip_content();
        return {};
      case Visit::alone:
        break;
    }
    return open();
  }

  // The entry at hand is passed on as it comes.
  Result<void> open() {
    auto sink = visitor_.open(parser_.entry());
    if (!sink) return give_up(std::move(sink).error());
    sink_ = *std::move(sink);
    return {};
  }

  template <typename Call>
  Result<void> feed(const Call& call) {
    if (sink_ == nullptr) return {};
    if (stop_.stop_requested()) return Error{.code = Errc::cancelled, .message = "stopped"};
    Result<void> result = call();
    return result ? std::move(result) : give_up(std::move(result).error());
  }

  Result<void> give_up(Error error) {
    sink_.reset();
    parser_.skip_content();
    BRAID_TRY(drain());
    return visitor_.failed(parser_.entry(), std::move(error));
  }

  void add(Entry entry, ByteView content) {
    Batch* batch = batches_.open();
    if (batch == nullptr || batch->count == batch_entries) batch = &batches_.next();
    batch->jobs[batch->count++] = {.entry = std::move(entry), .content = content};
  }

  // Waits for the entries that were added.
  Result<void> drain() {
    return batches_.finish([this](Batch& batch, Result<void>& result) {
      for (Job& job : batch.all()) {
        if (!job.done && result) result = visitor_.failed(job.entry, std::move(job.done).error());
      }
    });
  }

  EntryVisitor& visitor_;
  std::stop_token stop_;
  bool strict_;
  Parser parser_;
  Batches<Batch> batches_;
  std::unique_ptr<EntrySink> sink_;  // of an entry that is passed on as it comes
  bool over_ = false;                // nothing more is looked at
  bool stopped_ = false;
};

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
    transfer.bytes_out += filled;
    if (transfer.bytes_out > call.config.output_limit) {
      return Error{.code = Errc::output_limit, .message = "the archive is larger than allowed"};
    }
    BRAID_TRY(stream.write(piece.view().first(filled)));
    progress.bytes_in = progress.bytes_out = transfer.bytes_in;
    if (call.run.on_progress) call.run.on_progress(progress);
  }
}

}  // namespace

Result<Transfer> read(const ReadCall& call, EntryVisitor& visitor) try {
  EntryStream stream(call.engine, visitor, call);
  auto transfer =
      call.config.algorithm == Algorithm::none
          ? read_plain(call, stream)
          : ParallelCompressor(call.engine).decompress(*call.source, stream, call.config, call.run);
  if (stream.stopped()) return Transfer();
  if (!transfer) return transfer;
  BRAID_TRY(stream.finish());
  return transfer;
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to read the archive");
}

}  // namespace braid::archive::tar
