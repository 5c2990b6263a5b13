#include "archive/tar/entry_stream.hpp"

#include <new>

#include "archive/tar/tar.hpp"
#include "base/try.hpp"

namespace braid::archive::tar {

namespace {

Result<void> run(EntryVisitor& visitor, const Entry& entry, ByteView content) {
  BRAID_TRY_VALUE(const std::unique_ptr<EntrySink> sink, visitor.open(entry));
  if (!content.empty()) BRAID_TRY(sink->write(content));
  return sink->finish();
}

}  // namespace

EntryStream::EntryStream(const ReadCall& call, EntryVisitor& visitor)
    : visitor_(visitor),
      stop_(call.run.stop),
      strict_(call.strict),
      parser_(call.ignore_zeros),
      batches_(call.engine, [&visitor](Batch& batch) { batch.run_all(visitor); }) {}

void EntryStream::Batch::run_all(EntryVisitor& visitor) {
  for (Job& job : all()) {
    try {
      job.done = run(visitor, job.entry, job.content);
    } catch (const std::bad_alloc&) {
      job.done = Error{.code = Errc::out_of_memory, .message = {}};
    }
  }
}

Result<void> EntryStream::write(ByteView in) {
  if (over_) return stopped_ ? Result<void>() : behind_end(in);
  const Joined joined{batches_};
  Result<void> result = take(in);
  Result<void> drained = drain();  // also behind an error: entries before it count
  return drained ? std::move(result) : std::move(drained);
}

Result<void> EntryStream::finish() {
  ByteView nothing;
  BRAID_TRY(write(nothing));  // behind content that was passed over
  return over_ ? Result<void>() : parser_.finish();
}

Result<void> EntryStream::take(ByteView& in) {
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

Result<void> EntryStream::behind_end(ByteView bytes) const {
  return strict_ ? check_behind_end(bytes) : Result<void>();
}

Result<void> EntryStream::enter(ByteView in) {
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
Result<void> EntryStream::open() {
  auto sink = visitor_.open(parser_.entry());
  if (!sink) return give_up(std::move(sink).error());
  sink_ = *std::move(sink);
  return {};
}

template <typename Call>
Result<void> EntryStream::feed(const Call& call) {
  if (sink_ == nullptr) return {};
  if (stop_.stop_requested()) return Error{.code = Errc::cancelled, .message = "stopped"};
  Result<void> result = call();
  return result ? std::move(result) : give_up(std::move(result).error());
}

Result<void> EntryStream::give_up(Error error) {
  sink_.reset();
  parser_.skip_content();
  BRAID_TRY(drain());
  return visitor_.failed(parser_.entry(), std::move(error));
}

void EntryStream::add(Entry entry, ByteView content) {
  Batch* batch = batches_.open();
  if (batch == nullptr || batch->count == batch_entries) batch = &batches_.next();
  batch->jobs[batch->count++] = {.entry = std::move(entry), .content = content};
}

// Waits for the entries that were added.
Result<void> EntryStream::drain() {
  return batches_.finish([this](Batch& batch, Result<void>& result) {
    for (Job& job : batch.all()) {
      if (!job.done && result) result = visitor_.failed(job.entry, std::move(job.done).error());
    }
  });
}

}  // namespace braid::archive::tar
