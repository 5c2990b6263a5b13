#include "archive/read.hpp"

#include <atomic>
#include <new>
#include <unordered_set>

#include "archive/decoded_source.hpp"
#include "archive/peeked_source.hpp"
#include "archive/selection.hpp"
#include "base/no_memory.hpp"
#include "base/try.hpp"

namespace braid::archive {

namespace {

// Below it no ratio is held against an archive: small ones of equal bytes are no danger.
constexpr std::uint64_t ratio_from = 1_GiB;

// What all entries together may do, counted on all threads.
class Limits {
 public:
  Limits(const ArchiveReadOptions& options, const PeekedSource& source) noexcept
      : options_(options), source_(source), size_(source.size()) {}

  Result<void> add_entry() {
    if (++entries_ <= options_.max_entries) return {};
    return Error{
        .code = Errc::output_limit,
        .message = "more than the allowed " + std::to_string(options_.max_entries) + " entries"};
  }

  Result<void> add_bytes(std::uint64_t count) {
    const std::uint64_t bytes = bytes_.fetch_add(count, std::memory_order_relaxed) + count;
    if (bytes > options_.max_output || bytes < count) {
      return Error{.code = Errc::output_limit,
                   .message = "more than the allowed " + std::to_string(options_.max_output) +
                              " bytes would come out"};
    }
    if (bytes <= ratio_from || options_.max_ratio == 0) return {};
    const std::uint64_t packed = size_.value_or(source_.total());
    if (bytes / options_.max_ratio <= packed) return {};
    return Error{.code = Errc::output_limit,
                 .message = "the content is more than the allowed " +
                            std::to_string(options_.max_ratio) + " times as large as the archive"};
  }

  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  const ArchiveReadOptions& options_;
  const PeekedSource& source_;
  std::optional<std::uint64_t> size_;  // of the archive; nothing: what was read of it counts
  std::uint64_t entries_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
};

class LimitedSink final : public EntrySink {
 public:
  LimitedSink(std::unique_ptr<EntrySink> sink, Limits& limits) noexcept
      : sink_(std::move(sink)), limits_(limits) {}

  Result<void> write(ByteView bytes) override {
    BRAID_TRY(limits_.add_bytes(bytes.size()));
    return sink_->write(bytes);
  }

  Result<void> skip(std::uint64_t count) override { return sink_->skip(count); }

  Result<void> finish() override { return sink_->finish(); }

 private:
  std::unique_ptr<EntrySink> sink_;
  Limits& limits_;
};

// Stands between a format and the caller's visitor: filters, limits, duplicates, problems.
class Gate final : public EntryVisitor {
 public:
  Gate(EntryVisitor& visitor, const ArchiveReadOptions& options, Limits& limits,
       ArchiveSummary& summary)
      : visitor_(visitor),
        options_(options),
        selection_(options.filter),
        limits_(limits),
        summary_(summary) {}

  Result<Visit> enter(const Entry& entry) override {
    BRAID_TRY(limits_.add_entry());
    const bool wanted =
        selection_.wants(entry.path, entry.type == EntryType::directory) &&
        (entry.type != EntryType::file || selection_.wants_file(entry.size, entry.modified));
    if (!wanted) {
      ++summary_.skipped;
      return Visit::skip;
    }
    if (options_.strict && entry.type != EntryType::directory && !seen_.insert(entry.path).second) {
      return Error{
          .code = Errc::unsafe_path, .message = "a second entry of this name", .entry = entry.path};
    }
    ++summary_.entries;
    Result<Visit> visit = visitor_.enter(entry);
    if (visit) return visit;
    BRAID_TRY(failed(entry, std::move(visit).error()));
    return Visit::skip;
  }

  Result<std::unique_ptr<EntrySink>> open(const Entry& entry) override {
    BRAID_TRY_VALUE(auto sink, visitor_.open(entry));
    return std::unique_ptr<EntrySink>(std::make_unique<LimitedSink>(std::move(sink), limits_));
  }

  Result<void> failed(const Entry& entry, Error error) override {
    if (error.entry.empty()) error.entry = entry.path;
    const bool limit = error.code == Errc::output_limit || error.code == Errc::cancelled;
    if (limit || !options_.on_problem || !options_.on_problem(entry.path, error)) {
      return visitor_.failed(entry, std::move(error));
    }
    --summary_.entries;
    ++summary_.skipped;
    return {};
  }

  [[nodiscard]] std::vector<std::string> unmet() const { return selection_.unmet(); }

 private:
  EntryVisitor& visitor_;
  const ArchiveReadOptions& options_;
  Selection selection_;
  Limits& limits_;
  ArchiveSummary& summary_;
  std::unordered_set<std::string> seen_;
};

struct Found {
  const Format* format;
  std::optional<Algorithm> algorithm;
};

Result<Found> find_format(ByteView prefix, const Positioned* file,
                          const ArchiveReadOptions& options) {
  if (options.format) {
    return Found{&format(options.format->format), options.format->algorithm};
  }
  if (prefix.empty()) {
    return Error{.code = Errc::truncated, .message = "the input is empty", .offset = 0};
  }
  if (const Format* found = detect_format(prefix)) return Found{found, Algorithm::none};
  if (detect(prefix)) return Found{&format(ArchiveFormat::tar), std::nullopt};
  const Format* by_end = file != nullptr ? detect_format_by_end(*file) : nullptr;
  if (by_end != nullptr) return Found{by_end, Algorithm::none};
  return Error{.code = Errc::unknown_format,
               .message = "the data begins like no known archive",
               .offset = 0};
}

class OpenFile final : public Positioned {
 public:
  OpenFile(const FileSource& file, std::uint64_t size) noexcept : file_(file), size_(size) {}

  std::uint64_t size() const noexcept override { return size_; }

  Result<std::size_t> read_at(MutableBytes out, std::uint64_t offset) const override {
    return file_.read_at(out, offset);
  }

 private:
  const FileSource& file_;
  std::uint64_t size_;
};

}  // namespace

Result<ArchiveSummary> read_archive(Engine& engine, Source& source, const Positioned* file,
                                    EntryVisitor& visitor, const ArchiveReadOptions& options) try {
  PeekedSource peeked(source);
  BRAID_TRY_VALUE(const ByteView prefix, peeked.peek());
  BRAID_TRY_VALUE(const Found found, find_format(prefix, file, options));
  Limits limits(options, peeked);
  ArchiveSummary summary;
  Gate gate(visitor, options, limits, summary);
  const ReadCall call{
      .engine = engine,
      .source = &peeked,
      .file = file,
      .config = {.algorithm = found.algorithm, .memory_limit = options.memory_limit},
      .run = options.run,
      .strict = options.strict,
      .ignore_zeros = options.ignore_zeros,
  };
  BRAID_TRY_VALUE(summary.transfer, found.format->read(call, gate));
  summary.bytes = limits.bytes();
  summary.unmet = gate.unmet();
  return summary;
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to read the archive");
}

Result<FoundContents> read_contents(Engine& engine, const Positioned& file, EntryVisitor& visitor,
                                    const ArchiveReadOptions& options) {
  FileRange source(file, 0, file.size());
  PeekedSource peeked(source);
  BRAID_TRY_VALUE(const ByteView prefix, peeked.peek());
  BRAID_TRY_VALUE(const Found found, find_format(prefix, &file, options));
  Limits limits(options, peeked);
  ArchiveSummary summary;
  Gate gate(visitor, options, limits, summary);
  const ReadCall call{
      .engine = engine,
      .source = &peeked,
      .file = &file,
      .config = {.algorithm = found.algorithm, .memory_limit = options.memory_limit},
      .run = options.run,
      .strict = options.strict,
      .ignore_zeros = options.ignore_zeros,
  };
  BRAID_TRY_VALUE(auto contents, found.format->contents(call, gate));
  return FoundContents{found.format->format, std::move(contents)};
}

Result<ArchiveSummary> read_archive_file(Engine& engine, const std::filesystem::path& archive,
                                         EntryVisitor& visitor, const ArchiveReadOptions& options) {
  BRAID_TRY_VALUE(FileSource source, FileSource::open(archive));
  const auto size = source.size();
  if (!size) return read_archive(engine, source, nullptr, visitor, options);
  const OpenFile file(source, *size);
  return read_archive(engine, source, &file, visitor, options);
}

}  // namespace braid::archive

namespace braid {

Result<ArchiveSummary> visit_archive(Engine& engine, Source& source, EntryVisitor& visitor,
                                     const ArchiveReadOptions& options) {
  return archive::read_archive(engine, source, nullptr, visitor, options);
}

Result<ArchiveSummary> visit_archive(Engine& engine, const std::filesystem::path& archive,
                                     EntryVisitor& visitor, const ArchiveReadOptions& options) {
  return archive::read_archive_file(engine, archive, visitor, options);
}

}  // namespace braid
