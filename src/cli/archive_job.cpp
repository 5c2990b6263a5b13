#include "cli/archive_job.hpp"

#include <cerrno>

#include "cli/input.hpp"

namespace braid::cli {

ArchiveJob::ArchiveJob(const Settings& settings)
    : settings_(settings),
      report_(settings),
      engine_({.threads = settings.threads,
               .memory_limit = settings.memory_limit,
               .trace = settings.trace.has_value()}) {
  report_.note("threads", engine_.thread_reason(), 2);
}

std::vector<std::string> ArchiveJob::rest() const {
  return {settings_.operands.begin() + 1, settings_.operands.end()};
}

RunOptions ArchiveJob::run_options() {
  RunOptions options{.stop = signals_.token()};
  if (report_.progress().is_on()) {
    report_.progress().begin(archive() == "-" ? "standard input" : archive());
    options.on_progress = [this](const Progress& progress) { report_.progress().update(progress); };
  }
  return options;
}

OnProblem ArchiveJob::on_problem() {
  if (!settings_.keep_going) return {};
  return [this](const std::string& entry, const Error& error) {
    report_.error(entry, error);
    return true;
  };
}

std::function<void(const Entry&)> ArchiveJob::on_entry() {
  if (settings_.verbosity < 1) return {};
  return [this](const Entry& entry) { report_.entry(entry); };
}

ArchiveReadOptions ArchiveJob::read_options() {
  ArchiveReadOptions options;
  options.format = settings_.archive_format;
  if (!options.format) {
    // Brotli has no signature: only the name can tell it.
    const auto told = archive_from_path(archive());
    if (told && told->algorithm == Algorithm::brotli) options.format = told;
  }
  options.filter = settings_.filter;
  options.max_output = settings_.max_output;
  options.max_entries = settings_.max_entries.value_or(options.max_entries);
  options.max_ratio = settings_.max_ratio.value_or(options.max_ratio);
  options.memory_limit = settings_.memory_limit;
  options.strict = settings_.strict;
  options.on_problem = on_problem();
  options.run = run_options();
  return options;
}

Result<ArchiveSummary> ArchiveJob::visit(EntryVisitor& visitor, const ArchiveReadOptions& options) {
  if (archive() != "-") return visit_archive(engine_, archive(), visitor, options);
  Input input = Input::standard(signals_.descriptor());
  return visit_archive(engine_, input, visitor, options);
}

int ArchiveJob::finish(const Result<ArchiveSummary>& result) {
  report_.progress().erase();
  signals_.die_if_caught();
  if (result) {
    const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
    report_.archive(archive(), *result, seconds);
  } else {
    // Whoever read our output has had enough.
    if (result.error().os_error == EPIPE) die_by(SIGPIPE);
    report_.error(result.error().entry.empty() ? archive() : result.error().entry, result.error());
  }
  report_.engine(engine_);
  return report_.exit_code();
}

}  // namespace braid::cli
