#pragma once

#include <braid/config.hpp>

#include <chrono>
#include <string>

#include "cli/input.hpp"
#include "cli/report.hpp"
#include "cli/settings.hpp"
#include "cli/signals.hpp"
#include "cli/work.hpp"

namespace braid::cli {

// Does what the settings ask for to one input at a time, and reports it.
class FileJob {
 public:
  // All are borrowed; `config` has been checked, `dictionary` may be empty.
  FileJob(const Settings& settings, const CompressionConfig& config, ByteView dictionary,
          SignalWatch& signals, Report& report, Work& work);

  // Standard input, to standard output or -o.
  void standard_input();

  // One file that is no folder.
  void file(const std::string& path);

 private:
  // Each does the whole work of one input; `name` is what it is called.
  Result<Transfer> stream(Input& input, const std::string& name, Sink& sink);
  Result<Transfer> to_stdout(Input& input, const std::string& name);
  Result<Transfer> to_output(Input& input, const std::string& name, const std::string& output);
  Result<Transfer> to_device(Input& input, const std::string& name, const std::string& output);
  Result<Transfer> to_file(const std::string& path, const std::string& output);
  Result<Transfer> file_to_file(const std::string& path, const std::string& output,
                                Overwrite overwrite);
  Result<Transfer> stream_to_file(Input& input, const std::string& name, const std::string& output,
                                  Overwrite overwrite);

  [[nodiscard]] Result<std::string> output_name(const std::string& path) const;
  [[nodiscard]] Result<std::string> stored_name(const std::string& path, std::string name) const;
  [[nodiscard]] CompressionConfig config_for(const std::string& path) const;
  [[nodiscard]] Result<DecompressionConfig> config_for(Input& input, const std::string& name) const;
  [[nodiscard]] FileOptions file_options(Overwrite overwrite) const;
  [[nodiscard]] RunOptions run_options() const;

  void begin(const std::string& name);
  void finish(const std::string& name, const std::string& output, Result<Transfer> result);

  using Clock = std::chrono::steady_clock;

  const Settings& settings_;
  const CompressionConfig& config_;
  ByteView dictionary_;
  SignalWatch& signals_;
  Report& report_;
  Work& work_;
  Clock::time_point begun_;
};

}  // namespace braid::cli
