#pragma once

#include <braid/archive.hpp>

#include <chrono>
#include <string>

#include "cli/report.hpp"
#include "cli/settings.hpp"
#include "cli/signals.hpp"

namespace braid::cli {

// What every command on archives needs: signals, reports, an engine, and how a run ends.
class ArchiveJob {
 public:
  explicit ArchiveJob(const Settings& settings);

  [[nodiscard]] const Settings& settings() const noexcept { return settings_; }

  [[nodiscard]] Engine& engine() noexcept { return engine_; }

  [[nodiscard]] Report& report() noexcept { return report_; }

  [[nodiscard]] SignalWatch& signals() noexcept { return signals_; }

  // The archive, as the command line names it: "-" is standard input or output.
  [[nodiscard]] const std::string& archive() const noexcept { return settings_.operands.front(); }

  // The other operands.
  [[nodiscard]] std::vector<std::string> rest() const;

  // Shows progress under this name.
  [[nodiscard]] RunOptions run_options(const std::string& name);

  // Goes on behind what cannot be dealt with, and reports it, under --keep-going; else nothing.
  [[nodiscard]] OnProblem on_problem();

  // Prints an entry's name under -v.
  [[nodiscard]] std::function<void(const Entry&)> on_entry();

  // How the archive `name` is to be read: all of its entries, or those of `entries`.
  [[nodiscard]] ArchiveReadOptions read_options(const std::string& name,
                                                std::vector<std::string> entries);

  // How it went with one archive or file. A signal that was caught ends the process here.
  void tell(const std::string& name, const Result<ArchiveSummary>& result);
  void tell(const std::string& name, const Result<Outcome>& result);

  // What --stats and --trace ask for; the exit code.
  [[nodiscard]] int finish();

 private:
  void end_of(const std::string& name, const Error* error);

  using Clock = std::chrono::steady_clock;

  const Settings& settings_;
  SignalWatch signals_;  // before any thread
  Report report_;
  Engine engine_;
  Clock::time_point begun_ = Clock::now();
};

}  // namespace braid::cli
