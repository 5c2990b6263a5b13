#include "cli/file_job.hpp"

#include <cerrno>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/configs.hpp"
#include "cli/names.hpp"
#include "cli/places.hpp"
#include "cli/reading.hpp"
#include "cli/terminal.hpp"

namespace braid::cli {

namespace {

// Whether output may be put in place of what is there already.
Overwrite overwrite_first(const Settings& settings) {
  return settings.force ? Overwrite::replace : Overwrite::refuse;
}

// Runs `write`, and once more with permission to replace when the person at the terminal gives it.
template <typename Write>
Result<Transfer> with_permission(const Settings& settings, const std::string& output,
                                 const Write& write) {
  auto result = write(overwrite_first(settings));
  if (result || result.error().code != Errc::already_exists) return result;
  if (ask_to_replace(settings, output)) return write(Overwrite::replace);
  return file_in_the_way(output);
}

}  // namespace

Finished FileJob::standard_input() {
  Input input = Input::standard(signals_.descriptor());
  const std::string output = settings_.output.value_or("-");
  return {"-", output, settings_.output ? to_output(input, "-", output) : to_stdout(input, "-")};
}

Finished FileJob::file(const std::string& path) {
  const bool writes =
      settings_.action == Action::compress || settings_.action == Action::decompress;
  if (!writes || settings_.to_stdout) {
    auto input = Input::open(path, signals_.descriptor());
    if (!input) return {path, "", std::move(input).error()};
    return {path, writes ? "-" : "", to_stdout(*input, path)};
  }
  if (auto checked = check_source(settings_, path); !checked) {
    return {path, "", std::move(checked).error()};
  }
  auto output = output_of(path);
  if (!output) return {path, "", std::move(output).error()};
  if (is_device(*output)) {
    auto input = Input::open(path, signals_.descriptor());
    if (!input) return {path, "", std::move(input).error()};
    return {path, *output, to_device(*input, path, *output)};
  }
  return {path, *output, to_file(path, *output)};
}

Result<std::string> FileJob::output_of(const std::string& path) const {
  if (settings_.output) return *settings_.output;
  return output_name(path);
}

Result<Transfer> FileJob::stream(Input& input, const std::string& name, Sink& sink) {
  if (settings_.action == Action::compress) {
    return work_.compress(input, sink, config_for(name), run_options());
  }
  auto config = config_for(input, name);
  if (!config) return std::move(config).error();
  return work_.decompress(input, sink, *config, run_options());
}

Result<Transfer> FileJob::to_stdout(Input& input, const std::string& name) {
  if (settings_.action == Action::test || settings_.action == Action::list) {
    NullSink nowhere;
    return stream(input, name, nowhere);
  }
  DescriptorSink sink(STDOUT_FILENO, "standard output");
  return stream(input, name, sink);
}

Result<Transfer> FileJob::to_output(Input& input, const std::string& name,
                                    const std::string& output) {
  if (is_device(output)) return to_device(input, name, output);
  if (is_folder(output)) return folder_in_the_way(output);
  // The input cannot be read twice: whether it may be written must be asked before.
  Overwrite overwrite = overwrite_first(settings_);

  struct stat status {};

  if (overwrite == Overwrite::refuse && lstat(output.c_str(), &status) == 0 &&
      ask_to_replace(settings_, output)) {
    overwrite = Overwrite::replace;
  }
  const SignalWatch::Critical critical(signals_);
  return stream_to_file(input, name, output, overwrite);
}

Result<Transfer> FileJob::to_device(Input& input, const std::string& name,
                                    const std::string& output) {
  const int descriptor = open(output.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) return system_error(fmt::format("cannot open {}", output), errno);
  DescriptorSink sink(descriptor, output);
  auto result = stream(input, name, sink);
  if (close(descriptor) != 0 && result) {
    return system_error(fmt::format("cannot close {}", output), errno);
  }
  return result;
}

Result<Transfer> FileJob::to_file(const std::string& path, const std::string& output) {
  if (is_folder(output)) return folder_in_the_way(output);
  return with_permission(settings_, output, [&](Overwrite overwrite) {
    const SignalWatch::Critical critical(signals_);
    return file_to_file(path, output, overwrite);
  });
}

Result<Transfer> FileJob::file_to_file(const std::string& path, const std::string& output,
                                       Overwrite overwrite) {
  if (settings_.action == Action::compress) {
    return work_.compress_file(path, output, config_for(path), file_options(overwrite));
  }
  auto input = Input::open(path, signals_.descriptor());
  if (!input) return std::move(input).error();
  auto config = config_for(*input, path);
  if (!config) return std::move(config).error();
  auto result = work_.decompress_file(path, output, *config, file_options(overwrite));
  if (result && settings_.use_stored_name && result->stream.stored_time != 0) {
    const timespec times[] = {{0, UTIME_OMIT},
                              {static_cast<time_t>(result->stream.stored_time), 0}};
    if (utimensat(AT_FDCWD, output.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0) {
      return system_error(fmt::format("cannot set the time of {}", output), errno);
    }
  }
  return result;
}

Result<Transfer> FileJob::stream_to_file(Input& input, const std::string& name,
                                         const std::string& output, Overwrite overwrite) {
  auto sink = FileSink::create(
      output, {.overwrite = overwrite,
               .sparse = settings_.sparse && settings_.action == Action::decompress,
               .sync = settings_.sync});
  if (!sink) {
    if (sink.error().code != Errc::already_exists) return std::move(sink).error();
    return file_in_the_way(output);
  }
  auto result = stream(input, name, *sink);
  if (!result) return result;
  if (auto placed = sink->commit(); !placed) return std::move(placed).error();
  return result;
}

Result<std::string> FileJob::output_name(const std::string& path) const {
  if (settings_.action == Action::compress) {
    return compressed_name(path, config_.algorithm(), settings_.suffix);
  }
  auto name = restored_name(path, settings_.suffix);
  if (!name || !settings_.use_stored_name) return name;
  return stored_name(path, *std::move(name));
}

Result<std::string> FileJob::stored_name(const std::string& path, std::string name) const {
  auto input = Input::open(path, signals_.descriptor());
  if (!input) return std::move(input).error();
  auto stored = stored_name_of(*input);
  if (!stored) return std::move(stored).error();
  if (auto beside = stored_name_beside(path, *stored)) return *std::move(beside);
  return name;
}

CompressionConfig FileJob::config_for(const std::string& path) const {
  CompressionConfig config = config_;

  struct stat status {};

  if (!settings_.use_stored_name || path == "-" || stat(path.c_str(), &status) != 0) return config;
  config.header_name(base_name(path));
  // The field has 32 bits; times beyond them are left out.
  if (status.st_mtime > 0 && status.st_mtime <= UINT32_MAX) {
    config.header_time(static_cast<std::uint32_t>(status.st_mtime));
  }
  return config;
}

Result<DecompressionConfig> FileJob::config_for(Input& input, const std::string& name) const {
  DecompressionConfig config = decompression_config(settings_, dictionary_);
  if (config.algorithm) return config;
  auto found = format_of(input, name);
  if (!found) return std::move(found).error();
  config.algorithm = *found;
  if (config.algorithm) return config;
  // The tool for a format without signature takes what it is given.
  const bool is_brotli = settings_.habits->personality == Personality::brotli;
  const bool copies =
      settings_.force && settings_.to_stdout && settings_.action == Action::decompress;
  if (is_brotli) config.algorithm = Algorithm::brotli;
  if (!is_brotli && copies) config.algorithm = Algorithm::none;
  if (!config.algorithm) {
    if (auto fine = refuse_archive(input); !fine) return std::move(fine).error();
  }
  return config;
}

FileOptions FileJob::file_options(Overwrite overwrite) const {
  return {.overwrite = overwrite,
          .remove_source = settings_.remove_source,
          .sparse = settings_.sparse && settings_.action == Action::decompress,
          .sync = settings_.sync,
          .run = run_options()};
}

RunOptions FileJob::run_options() const {
  return {.stop = signals_.token(), .on_progress = on_progress_};
}

}  // namespace braid::cli
