#include "cli/report.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include "cli/advice.hpp"
#include "cli/command_table.hpp"
#include "cli/json_output.hpp"
#include "cli/moment.hpp"
#include "cli/numbers.hpp"
#include "cli/signals.hpp"
#include "cli/stats.hpp"
#include "cli/text.hpp"

namespace braid::cli {

namespace {

bool data_goes_to_stdout(const Settings& settings) {
  if (settings.action == Action::command) {
    const Prints prints = settings.command->prints;
    return prints == Prints::content ||
           (prints == Prints::archive && settings.operands.front() == "-");
  }
  if (settings.action != Action::compress && settings.action != Action::decompress) return false;
  if (settings.output) return false;
  return settings.to_stdout || settings.operands.empty() ||
         std::ranges::find(settings.operands, "-") != settings.operands.end();
}

// Between two pipes nobody waits for the end of one file, and other programs use the terminal too.
bool wants_progress(const Settings& settings) {
  if (settings.progress) return *settings.progress;
  const bool filter =
      settings.action != Action::command && settings.operands.empty() && !settings.output;
  const bool in_the_way = data_goes_to_stdout(settings) && isatty(STDOUT_FILENO) == 1;
  return isatty(STDERR_FILENO) == 1 && settings.verbosity >= 0 && !settings.json && !filter &&
         !in_the_way;
}

bool makes_smaller(const Settings& settings) {
  if (settings.action != Action::command) return settings.action == Action::compress;
  return settings.command->prints == Prints::archive;
}

std::string shown_name(std::string_view file) {
  return file == "-" ? "standard input" : printable(file);
}

Result<void> write_trace(const Settings& settings, const Engine& engine) {
  auto sink = FileSink::create(
      *settings.trace,
      {.overwrite = settings.force ? Overwrite::replace : Overwrite::refuse, .sync = false});
  if (!sink) return std::move(sink).error();
  if (auto written = sink->write(engine.trace_json()); !written) return written;
  return sink->commit();
}

}  // namespace

int exit_code(Errc code) noexcept {
  switch (code) {
    case Errc::invalid_argument:
      return 2;
    case Errc::output_limit:
    case Errc::memory_limit:
    case Errc::unsafe_path:
      return 3;
    default:
      return 1;
  }
}

int print(const Habits& habits, std::string_view text) {
  auto written = write_text(STDOUT_FILENO, text);
  if (written) return 0;
  if (written.error().os_error == EPIPE) die_by(SIGPIPE);
  [[maybe_unused]] const auto told =
      write_text(STDERR_FILENO, fmt::format("{}: {}\n", habits.program, written.error().text()));
  return 1;
}

Report::Report(const Settings& settings)
    : settings_(settings),
      json_descriptor_(data_goes_to_stdout(settings) ? STDERR_FILENO : STDOUT_FILENO),
      progress_(wants_progress(settings), !makes_smaller(settings)) {}

void Report::say(int descriptor, std::string_view text) {
  progress_.erase();
  auto written = write_text(descriptor, text);
  if (written) return;
  if (written.error().os_error == EPIPE) die_by(SIGPIPE);
  exit_code_ = std::max(exit_code_, 1);
  if (descriptor == STDERR_FILENO) return;
  // What was asked for cannot be said; say that, where it can still be heard.
  [[maybe_unused]] const auto told = write_text(
      STDERR_FILENO, fmt::format("{}: {}\n", settings_.habits->program, written.error().text()));
}

void Report::error(std::string_view file, const Error& error) {
  const int code = cli::exit_code(error.code);
  exit_code_ = std::max(exit_code_, code);
  if (settings_.json) return say(json_descriptor_, json_error(file, error, code));
  if (settings_.verbosity < -1) return;
  std::string text = fmt::format("{}: ", settings_.habits->program);
  if (!file.empty()) text += shown_name(file) + ": ";
  text += printable(error.text());
  text += advice(settings_, error);
  say(STDERR_FILENO, text + "\n");
}

void Report::note(std::string_view file, std::string_view text, int verbosity) {
  if (settings_.verbosity < verbosity) return;
  if (settings_.json) return say(json_descriptor_, json_note(file, text));
  say(STDERR_FILENO,
      fmt::format("{}: {}: {}\n", settings_.habits->program, shown_name(file), text));
}

void Report::result(const Outcome& outcome) {
  progress_.erase();
  if (settings_.json) return say(json_descriptor_, json_result(outcome));
  if (settings_.verbosity < 1) return;
  const std::string sizes =
      fmt::format("{} ({}, {} => {} bytes, ", ratio_text(outcome.compressed(), outcome.plain()),
                  percent_text(outcome.compressed(), outcome.plain()), outcome.transfer.bytes_in,
                  outcome.transfer.bytes_out);
  const std::string_view format = info(outcome.transfer.stream.algorithm).name;
  std::string end = fmt::format("{} is sound)", format);
  if (outcome.output == "-") {
    end = "standard output)";
  } else if (!outcome.output.empty()) {
    end = printable(outcome.output) + ")";
  }
  say(STDERR_FILENO, fmt::format("{}: {}{}\n", shown_name(outcome.file), sizes, end));
}

void Report::entry(const Entry& entry) {
  if (settings_.json) return say(json_descriptor_, json_entry(entry));
  say(json_descriptor_, printable(entry.path) + "\n");
}

void Report::difference(std::string_view path, Difference what) {
  exit_code_ = std::max(exit_code_, 1);
  if (settings_.json) return say(json_descriptor_, json_difference(path, what));
  if (settings_.verbosity < -1) return;
  say(STDOUT_FILENO, fmt::format("{:<8} {}\n", name(what), printable(path)));
}

void Report::archive(std::string_view file, const ArchiveSummary& summary, double seconds) {
  progress_.erase();
  if (settings_.json) {
    return say(json_descriptor_, json_archive(settings_.command->name, file, summary, seconds));
  }
  if (settings_.verbosity < 1 || settings_.command->personality == Personality::list) return;
  say(STDERR_FILENO, fmt::format("{}: {} entries, {} of content, {} => {} bytes\n",
                                 shown_name(file), summary.entries, size_text(summary.bytes),
                                 summary.transfer.bytes_in, summary.transfer.bytes_out));
}

void Report::bench_row(const BenchRow& row) {
  if (settings_.json) return say(STDOUT_FILENO, json_bench(row));
  say(STDOUT_FILENO, fmt::format("{:<8} {:>6} {:>14} {:>9} {:>15.1f} {:>15.1f}\n", row.format,
                                 row.level, row.compressed, ratio_text(row.compressed, row.plain),
                                 row.speed(row.compress_seconds), row.speed(row.restore_seconds)));
}

void Report::engine(const Engine& engine) {
  if (settings_.stats && settings_.json) say(json_descriptor_, json_stats(engine));
  if (settings_.stats && !settings_.json) say(STDERR_FILENO, stats_text(engine));
  if (!settings_.trace) return;
  if (auto done = write_trace(settings_, engine); !done) error(*settings_.trace, done.error());
}

void Report::list_row(const Outcome& outcome) {
  ++totals_.files;
  totals_.compressed += outcome.compressed();
  totals_.plain += outcome.plain();
  if (settings_.json) return say(STDOUT_FILENO, json_list_row(outcome));
  list_text_row(outcome);
}

void Report::list_text_row(const Outcome& outcome) {
  const StreamInfo& stream = outcome.transfer.stream;
  const bool more = settings_.verbosity > 0;
  std::string text;
  if (totals_.files == 1 && settings_.verbosity >= 0) {
    text = fmt::format("{:>14} {:>14} {:>8} {:<8} {:<10} {:>7} {}{}\n", "COMPRESSED",
                       "UNCOMPRESSED", "RATIO", "FORMAT", "CHECK", "STREAMS",
                       more ? "STORED TIME          " : "", "NAME");
  }
  text += fmt::format("{:>14} {:>14} {:>8} {:<8} {:<10} {:>7} ", outcome.compressed(),
                      outcome.plain(), ratio_text(outcome.compressed(), outcome.plain()),
                      info(stream.algorithm).name, stream.check, stream.streams);
  if (more) {
    text += fmt::format("{:<20} ", stream.stored_time == 0 ? "-" : moment_text(stream.stored_time));
  }
  text += printable(outcome.file);
  if (more && !stream.stored_name.empty()) {
    text += fmt::format(" (stored name {})", printable(stream.stored_name));
  }
  say(STDOUT_FILENO, text + "\n");
}

void Report::list_end() {
  if (settings_.json) return say(STDOUT_FILENO, json_totals(totals_));
  if (totals_.files < 2) return;
  say(STDOUT_FILENO,
      fmt::format("{:>14} {:>14} {:>8} {:<8} {:<10} {:>7} {} files\n", totals_.compressed,
                  totals_.plain, ratio_text(totals_.compressed, totals_.plain), "", "", "",
                  totals_.files));
}

}  // namespace braid::cli
