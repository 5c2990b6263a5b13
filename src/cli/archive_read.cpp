#include "cli/archive_read.hpp"

#include <cerrno>
#include <chrono>

#include <fmt/core.h>
#include <unistd.h>

#include "cli/cat_range.hpp"
#include "cli/commands.hpp"
#include "cli/reading.hpp"

namespace braid::cli {

namespace {

// Enough for the first block of a stream in every format at its usual settings.
constexpr std::size_t look_bytes = 1 << 20;

// Reads what it is given and keeps none of it.
class Forget final : public EntrySink {
 public:
  Result<void> write(ByteView /*bytes*/) override { return {}; }

  Result<void> skip(std::uint64_t /*count*/) override { return {}; }

  Result<void> finish() override { return {}; }
};

// Has every file read, on all threads.
class Tester final : public EntryVisitor {
 public:
  explicit Tester(std::function<void(const Entry&)> on_entry) : on_entry_(std::move(on_entry)) {}

  Result<Visit> enter(const Entry& entry) override {
    if (on_entry_) on_entry_(entry);
    return entry.type == EntryType::file ? Visit::read : Visit::skip;
  }

  Result<std::unique_ptr<EntrySink>> open(const Entry& /*entry*/) override {
    return std::unique_ptr<EntrySink>(std::make_unique<Forget>());
  }

 private:
  std::function<void(const Entry&)> on_entry_;
};

// A file of an archive, with its holes as zeros: they count for the limit, which they do not where
// a disk keeps them as holes.
class ToOutput final : public EntrySink {
 public:
  ToOutput(Sink& out, std::uint64_t limit, std::uint64_t& written)
      : out_(out), limit_(limit), written_(written) {}

  Result<void> write(ByteView bytes) override {
    if (bytes.size() > limit_ - written_) {
      return Error{.code = Errc::output_limit,
                   .message = fmt::format("more than the allowed {} bytes would come out", limit_)};
    }
    written_ += bytes.size();
    return out_.write(bytes);
  }

  Result<void> finish() override { return {}; }

 private:
  Sink& out_;
  std::uint64_t limit_;
  std::uint64_t& written_;  // of all files
};

// Writes one file after the other.
class Printer final : public EntryVisitor {
 public:
  // `named`: the user asked for these entries one by one. `limit`: bytes that may come out.
  Printer(Sink& out, std::uint64_t limit, bool named, std::function<void(const Entry&)> on_entry)
      : out_(out), limit_(limit), named_(named), on_entry_(std::move(on_entry)) {}

  Result<Visit> enter(const Entry& entry) override {
    if (entry.type == EntryType::hardlink && named_) {
      return Error{.code = Errc::unsupported_feature,
                   .message = fmt::format("is another name of {}, which has the content",
                                          entry.link_target)};
    }
    if (entry.type != EntryType::file) return Visit::skip;
    if (on_entry_) on_entry_(entry);
    return Visit::alone;
  }

  Result<std::unique_ptr<EntrySink>> open(const Entry& /*entry*/) override {
    return std::unique_ptr<EntrySink>(std::make_unique<ToOutput>(out_, limit_, written_));
  }

 private:
  Sink& out_;
  std::uint64_t limit_;
  std::uint64_t written_ = 0;
  bool named_;
  std::function<void(const Entry&)> on_entry_;
};

void test(ArchiveJob& job, const std::string& name) {
  auto file = ReadFile::open(job, name);
  if (!file) return job.tell(name, Result<Outcome>(std::move(file).error()));
  if (file->is_archive()) {
    Tester tester(job.on_entry());
    return job.tell(name, file->visit(tester, job.read_options(name, {})));
  }
  NullSink nowhere;
  job.tell(name, file->restore(nowhere, Action::test));
}

void cat(ArchiveJob& job) {
  const std::string& name = job.archive();
  DescriptorSink out(STDOUT_FILENO, "standard output");
  if (job.settings().range) return job.tell(name, cat_range(job, name, out));
  auto file = ReadFile::open(job, name);
  if (!file) return job.tell(name, Result<Outcome>(std::move(file).error()));
  if (file->is_archive()) {
    Printer printer(out, job.settings().max_output, !job.rest().empty(), job.on_entry());
    return job.tell(name, file->visit(printer, job.read_options(name, job.rest())));
  }
  if (const auto extra = file->no_entries(job.rest()); !extra) {
    return job.tell(name, Result<Outcome>(extra.error()));
  }
  job.tell(name, file->restore(out, Action::decompress));
}

}  // namespace

Result<ReadFile> ReadFile::open(ArchiveJob& job, const std::string& name) {
  auto input = Input::open_operand(name, job.signals().descriptor());
  if (!input) return std::move(input).error();
  ReadFile file(job, name, *std::move(input));
  auto is_archive = file.look();
  if (!is_archive) return std::move(is_archive).error();
  file.is_archive_ = *is_archive;
  return file;
}

Result<bool> ReadFile::look() {
  const Settings& settings = job_.settings();
  if (settings.archive_format || archive_from_path(name_)) return true;
  if (settings.format) return false;
  auto prefix = input_.peek(look_bytes);
  if (!prefix) return std::move(prefix).error();
  if (detect_archive(*prefix)) return true;
  return !detect(*prefix) && !algorithm_from_path(name_);
}

Result<void> ReadFile::require_archive() const {
  if (is_archive_) return {};
  return Error{.code = Errc::unknown_format,
               .message = "holds no archive; 'braid -d' restores what it holds"};
}

Result<void> ReadFile::no_entries(const std::vector<std::string>& entries) const {
  if (entries.empty()) return {};
  return Error{.code = Errc::invalid_argument,
               .message = fmt::format("holds no archive in which '{}' could be", entries.front())};
}

Result<ArchiveSummary> ReadFile::visit(EntryVisitor& visitor, const ArchiveReadOptions& options) {
  if (has_places()) return visit_archive(job_.engine(), name_, visitor, options);
  return visit_archive(job_.engine(), input_, visitor, options);
}

Result<Outcome> ReadFile::restore(Sink& sink, Action action) {
  using Clock = std::chrono::steady_clock;
  const Settings& settings = job_.settings();
  DecompressionConfig config{.algorithm = settings.format,
                             .output_limit = settings.max_output,
                             .memory_limit = settings.memory_limit};
  if (!config.algorithm) {
    auto found = format_of(input_, name_);
    if (!found) return std::move(found).error();
    config.algorithm = *found;
  }
  const Clock::time_point begun = Clock::now();
  auto transfer =
      ParallelCompressor(job_.engine()).decompress(input_, sink, config, job_.run_options(name_));
  if (!transfer) return std::move(transfer).error();
  return Outcome{.action = action,
                 .file = name_,
                 .output = action == Action::decompress ? "-" : "",
                 .transfer = *std::move(transfer),
                 .seconds = std::chrono::duration<double>(Clock::now() - begun).count()};
}

int run_test(const Settings& settings) {
  ArchiveJob job(settings);
  for (const std::string& name : settings.operands) test(job, name);
  return job.finish();
}

int run_cat(const Settings& settings) {
  ArchiveJob job(settings);
  cat(job);
  return job.finish();
}

}  // namespace braid::cli
