#include "cli/archive_job.hpp"
#include "cli/commands.hpp"
#include "cli/input.hpp"

namespace braid::cli {

namespace {

Result<ArchiveSummary> extract(ArchiveJob& job) {
  const Settings& settings = job.settings();
  ExtractOptions options{.read = job.read_options(),
                         .existing = settings.existing,
                         .strip_components = settings.strip_components,
                         .preserve = settings.preserve,
                         .attributes = settings.attributes,
                         .on_entry = job.on_entry()};
  for (const std::string& entry : job.rest()) options.read.filter.include.push_back(entry);
  const std::string folder = settings.folder.value_or(".");
  const SignalWatch::Critical critical(job.signals());
  if (job.archive() != "-") return extract_archive(job.engine(), job.archive(), folder, options);
  Input input = Input::standard(job.signals().descriptor());
  return extract_archive(job.engine(), input, folder, options);
}

}  // namespace

int run_extract(const Settings& settings) {
  ArchiveJob job(settings);
  return job.finish(extract(job));
}

}  // namespace braid::cli
