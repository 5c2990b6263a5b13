#pragma once

#include <braid/config.hpp>

#include <functional>
#include <string>

#include "cli/input.hpp"
#include "cli/settings.hpp"
#include "cli/signals.hpp"
#include "cli/work.hpp"

namespace braid::cli {

// What became of one input.
struct Finished {
  std::string name;    // "-" for standard input
  std::string output;  // "-" for standard output, empty when nothing was to be written
  Result<Transfer> result;
  double seconds = 0;
};

// What all inputs of one run share. Borrowed; `config` has been checked, `dictionary` may be empty.
struct Run {
  const Settings& settings;
  const CompressionConfig& config;
  ByteView dictionary;
  SignalWatch& signals;
  Work& work;
};

// Does what the settings ask for to one input. One thread at a time; several may work at once, each
// on an input of its own.
class FileJob {
 public:
  // `on_progress` may be empty.
  explicit FileJob(const Run& run, std::function<void(const Progress&)> on_progress = {})
      : settings_(run.settings),
        config_(run.config),
        dictionary_(run.dictionary),
        signals_(run.signals),
        work_(run.work),
        on_progress_(std::move(on_progress)) {}

  // Standard input, to standard output or -o.
  [[nodiscard]] Finished standard_input();

  // One file that is no folder.
  [[nodiscard]] Finished file(const std::string& path);

  // Where what is made of the file goes, as far as its name tells.
  [[nodiscard]] Result<std::string> output_of(const std::string& path) const;

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

  const Settings& settings_;
  const CompressionConfig& config_;
  ByteView dictionary_;
  SignalWatch& signals_;
  Work& work_;
  std::function<void(const Progress&)> on_progress_;
};

}  // namespace braid::cli
