#include "cli/archive_job.hpp"

#include <cerrno>

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

RunOptions ArchiveJob::run_options(const std::string& name) {
  RunOptions options{.stop = signals_.token()};
  if (report_.progress().is_on()) {
    report_.progress().begin(name == "-" ? "standard input" : name);
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

ArchiveReadOptions ArchiveJob::read_options(const std::string& name,
                                            std::vector<std::string> entries) {
  ArchiveReadOptions options;
  options.format = settings_.archive_format;
  if (!options.format) {
    // Brotli has no signature: only the name can tell it.
    const auto told = archive_from_path(name);
    if (told && told->algorithm == Algorithm::brotli) options.format = told;
  }
  options.filter = settings_.filter;
  options.filter.names = std::move(entries);
  options.max_output = settings_.max_output;
  options.max_entries = settings_.max_entries.value_or(options.max_entries);
  options.max_ratio = settings_.max_ratio.value_or(options.max_ratio);
  options.memory_limit = settings_.memory_limit;
  options.strict = settings_.strict;
  options.ignore_zeros = settings_.ignore_zeros;
  options.on_problem = on_problem();
  options.run = run_options(name);
  return options;
}

void ArchiveJob::end_of(const std::string& name, const Error* error) {
  report_.progress().erase();
  signals_.die_if_caught();
  if (error == nullptr) return;
  // Whoever read our output has had enough.
  if (error->os_error == EPIPE) die_by(SIGPIPE);
  report_.error(error->entry.empty() ? name : error->entry, *error);
}

void ArchiveJob::tell(const std::string& name, const Result<ArchiveSummary>& result) {
  end_of(name, result ? nullptr : &result.error());
  if (!result) return;
  for (const std::string& entry : result->unmet) {
    report_.error(entry, {.code = Errc::not_found, .message = "is not in the archive"});
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
  report_.archive(name, *result, seconds);
}

void ArchiveJob::tell(const std::string& name, const Result<Outcome>& result) {
  end_of(name, result ? nullptr : &result.error());
  if (!result) return;
  if (result->action == Action::list) return report_.list_row(*result);
  report_.result(*result);
}

int ArchiveJob::finish() {
  report_.engine(engine_);
  return report_.exit_code();
}

}  // namespace braid::cli
