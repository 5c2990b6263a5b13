#include "cli/cat_range.hpp"

#include <braid/seekable_reader.hpp>

#include <algorithm>
#include <chrono>
#include <string>

#include "cli/archive_read.hpp"
#include "cli/names.hpp"

namespace braid::cli {

namespace {

// Lets a range of what it is given through, and then refuses more, which ends the reading.
class RangeSink final : public Sink {
 public:
  RangeSink(Sink& out, const ByteRange& range)
      : out_(out), skip_(range.begin), left_(range.length) {}

  Result<void> write(ByteView bytes) override {
    const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, bytes.size()));
    skip_ -= skipped;
    const ByteView part = bytes.drop(skipped).first(
        static_cast<std::size_t>(std::min<std::uint64_t>(left_, SIZE_MAX)));
    left_ -= part.size();
    written_ += part.size();
    if (!part.empty()) {
      if (auto done = out_.write(part); !done) return done;
    }
    if (left_ != 0) return {};
    return Error{.code = Errc::cancelled, .message = "the range is complete"};
  }

  [[nodiscard]] bool full() const noexcept { return left_ == 0; }

  [[nodiscard]] std::uint64_t written() const noexcept { return written_; }

 private:
  Sink& out_;
  std::uint64_t skip_;
  std::uint64_t left_;
  std::uint64_t written_ = 0;
};

// Restores everything up to the range's end.
Result<std::uint64_t> restore_range(ArchiveJob& job, const std::string& name, Sink& sink) {
  auto file = ReadFile::open(job, name);
  if (!file) return std::move(file).error();
  RangeSink range(sink, *job.settings().range);
  auto restored = file->restore(range, Action::decompress);
  if (!restored && !range.full()) return std::move(restored).error();
  return range.written();
}

// An index that lies beside the file; stale ones are errors.
Result<std::optional<SeekIndex>> index_beside(const std::string& name) {
  for (const IndexFormat format : {IndexFormat::braid, IndexFormat::bgzf, IndexFormat::gztool}) {
    const std::string candidate = index_name(name, format);
    auto loaded = SeekIndex::load(candidate, name);
    if (loaded) return std::optional<SeekIndex>(*std::move(loaded));
    if (loaded.error().code == Errc::not_found) continue;
    Error error = std::move(loaded).error();
    error.entry = candidate;
    return error;
  }
  return std::optional<SeekIndex>();
}

Result<std::optional<SeekIndex>> find_index(ArchiveJob& job, const std::string& name) {
  const Settings& settings = job.settings();
  if (settings.index) {
    auto loaded = SeekIndex::load(*settings.index, name);
    if (loaded) return std::optional<SeekIndex>(*std::move(loaded));
    Error error = std::move(loaded).error();
    error.entry = *settings.index;
    return error;
  }
  if (name == "-") return std::optional<SeekIndex>();
  auto beside = index_beside(name);
  if (!beside || *beside) return beside;
  auto own = SeekIndex::from_file(name, settings.format);
  // What is wrong with the file is told by reading it.
  if (!own) return std::optional<SeekIndex>();
  return own;
}

}  // namespace

Result<Outcome> cat_range(ArchiveJob& job, const std::string& name, Sink& sink) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begun = Clock::now();
  auto index = find_index(job, name);
  if (!index) return std::move(index).error();
  Outcome outcome{.action = Action::decompress, .file = name, .output = "-"};
  if (*index) {
    const ByteRange range = *job.settings().range;
    outcome.transfer.stream.algorithm = (*index)->algorithm();
    auto reader = SeekableReader::open(name, **std::move(index));
    if (!reader) return std::move(reader).error();
    auto copied =
        reader->copy(job.engine(), range.begin, range.length, sink, job.run_options(name));
    if (!copied) return std::move(copied).error();
    outcome.transfer.bytes_out = *copied;
  } else {
    auto copied = restore_range(job, name, sink);
    if (!copied) return std::move(copied).error();
    outcome.transfer.bytes_out = *copied;
  }
  outcome.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  return outcome;
}

}  // namespace braid::cli
