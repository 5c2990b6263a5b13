#include <braid/archive_edit.hpp>

#include <algorithm>
#include <cstdlib>

#include <fmt/core.h>
#include <unistd.h>

#include "cli/archive_job.hpp"
#include "cli/commands.hpp"
#include "cli/configs.hpp"
#include "cli/input.hpp"
#include "cli/numbers.hpp"
#include "cli/places.hpp"
#include "cli/terminal.hpp"

namespace braid::cli {

namespace {

Error usage(std::string message) {
  return Error{.code = Errc::invalid_argument, .message = std::move(message)};
}

// What is to be written: as -F says, else as the archive's name does.
Result<ArchiveName> format_of(const Settings& settings) {
  if (settings.archive_format) return *settings.archive_format;
  const std::string& archive = settings.operands.front();
  if (archive == "-") return usage("the name tells no format: use -F, as in -F tar.zst");
  if (const auto told = archive_from_path(archive)) return *told;
  return usage(
      fmt::format("the name {} tells no format of archives, such as .tar.zst; use -F", archive));
}

// What the environment says is the time of everything that is built (reproducible-builds.org).
Result<std::int64_t> source_date() {
  const char* text = std::getenv("SOURCE_DATE_EPOCH");
  if (text == nullptr || *text == '\0') return std::int64_t{0};
  auto seconds = parse_integer(text);
  if (!seconds) return usage(fmt::format("SOURCE_DATE_EPOCH: {}", seconds.error().message));
  return seconds;
}

Result<CreateOptions> options_for(ArchiveJob& job, const ArchiveName& format) {
  const Settings& settings = job.settings();
  if (std::ranges::find(settings.operands.begin() + 1, settings.operands.end(), "-") !=
      settings.operands.end()) {
    return usage("standard input has no name to be stored by; a file called - is ./-");
  }
  auto config = compression_config(settings, format.algorithm);
  if (!config) return std::move(config).error();
  auto time = source_date();
  if (!time) return std::move(time).error();
  return CreateOptions{.folder = settings.folder.value_or(""),
                       .format = format.format,
                       .compression = *std::move(config),
                       .filter = settings.filter,
                       .gitignore = settings.gitignore,
                       .reproducible = settings.reproducible,
                       .reproducible_time = *time,
                       .sparse = settings.sparse,
                       .attributes = settings.attributes,
                       .on_problem = job.on_problem(),
                       .on_entry = job.on_entry(),
                       .run = job.run_options(job.archive())};
}

Result<ArchiveSummary> create(ArchiveJob& job) {
  const Settings& settings = job.settings();
  auto format = format_of(settings);
  if (!format) return std::move(format).error();
  auto made = options_for(job, *format);
  if (!made) return std::move(made).error();
  const CreateOptions& options = *made;
  if (job.archive() == "-") {
    if (!settings.force && isatty(STDOUT_FILENO) == 1) {
      return usage("an archive is not written to a terminal, unless -f is given");
    }
    DescriptorSink sink(STDOUT_FILENO, "standard output");
    return create_archive(job.engine(), sink, job.rest(), options);
  }
  if (is_folder(job.archive())) return folder_in_the_way(job.archive());
  const SignalWatch::Critical critical(job.signals());
  const auto write = [&](Overwrite overwrite) {
    return create_archive(job.engine(), job.archive(), job.rest(), options, overwrite);
  };
  auto result = write(settings.force ? Overwrite::replace : Overwrite::refuse);
  if (result || result.error().code != Errc::already_exists) return result;
  if (ask_to_replace(settings, job.archive())) return write(Overwrite::replace);
  return file_in_the_way(job.archive());
}

// By content; entries of a zip archive are packed as its name says.
Result<ArchiveSummary> append(ArchiveJob& job) {
  auto input = Input::open(job.archive(), job.signals().descriptor());
  if (!input) return std::move(input).error();
  auto head = input->peek(1024);
  if (!head) return std::move(head).error();
  ArchiveName format = detect_archive(*head).value_or(ArchiveName());
  if (format.format == ArchiveFormat::zip) {
    format.algorithm = Algorithm::deflate;
    const auto told = archive_from_path(job.archive());
    if (told && told->format == format.format) format = *told;
  }
  auto options = options_for(job, format);
  if (!options) return std::move(options).error();
  const SignalWatch::Critical critical(job.signals());
  return append_archive(job.engine(), job.archive(), job.rest(), *options);
}

Result<ArchiveSummary> take_out(ArchiveJob& job) {
  const DeleteOptions options{
      .names = job.rest(), .on_entry = job.on_entry(), .run = job.run_options(job.archive())};
  const SignalWatch::Critical critical(job.signals());
  return delete_entries(job.engine(), job.archive(), options);
}

}  // namespace

int run_append(const Settings& settings) {
  ArchiveJob job(settings);
  job.tell(job.archive(), append(job));
  return job.finish();
}

int run_delete(const Settings& settings) {
  ArchiveJob job(settings);
  job.tell(job.archive(), take_out(job));
  return job.finish();
}

int run_create(const Settings& settings) {
  ArchiveJob job(settings);
  job.tell(job.archive(), create(job));
  return job.finish();
}

}  // namespace braid::cli
