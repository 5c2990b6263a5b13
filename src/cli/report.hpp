#pragma once

#include <braid/archive.hpp>
#include <braid/engine.hpp>
#include <braid/error.hpp>

#include <string>
#include <string_view>

#include <unistd.h>

#include "cli/outcome.hpp"
#include "cli/progress.hpp"
#include "cli/settings.hpp"

namespace braid::cli {

// The exit code that an error asks for.
[[nodiscard]] int exit_code(Errc code) noexcept;

// Prints what is all that was asked for; the exit code.
[[nodiscard]] int print(const Habits& habits, std::string_view text);

// Tells people and machines what happened, and keeps the exit code: the worst of all.
// One thread at a time.
class Report {
 public:
  explicit Report(const Settings& settings);

  // `file` as the user knows it; empty when the error belongs to no file.
  void error(std::string_view file, const Error& error);

  // Something left undone on purpose; shown from `verbosity` on.
  void note(std::string_view file, std::string_view text, int verbosity);

  // A line under -v or --json; nothing otherwise.
  void result(const Outcome& outcome);

  // The name of an entry that is dealt with, on standard error where the data goes to standard
  // output.
  void entry(const Entry& entry);

  // One way in which a folder differs from an archive; the exit code becomes 1.
  void difference(std::string_view path, Difference what);

  // A line under -v or --json: what was done to an archive.
  void archive(std::string_view file, const ArchiveSummary& summary, double seconds);

  void bench_row(const BenchRow& row);

  // Text for standard output.
  void text(std::string_view text) { say(STDOUT_FILENO, text); }

  // What --stats and --trace ask for, when the work is done.
  void engine(const Engine& engine);

  void list_row(const Outcome& outcome);

  // The sums of all list_row() so far, where there was more than one.
  void list_end();

  [[nodiscard]] ProgressLine& progress() noexcept { return progress_; }

  [[nodiscard]] int exit_code() const noexcept { return exit_code_; }

 private:
  void say(int descriptor, std::string_view text);
  void list_text_row(const Outcome& outcome);

  const Settings& settings_;
  int json_descriptor_;
  ProgressLine progress_;
  Totals totals_;
  int exit_code_ = 0;
};

}  // namespace braid::cli
