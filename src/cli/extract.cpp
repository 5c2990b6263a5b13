#include "cli/archive_job.hpp"
#include "cli/commands.hpp"
#include "cli/input.hpp"

namespace braid::cli {

namespace {

Result<ArchiveSummary> extract(ArchiveJob& job) {
  const Settings& settings = job.settings();
  const ExtractOptions options{.read = job.read_options(job.archive(), job.rest()),
                               .existing = settings.existing,
                               .strip_components = settings.strip_components,
                               .preserve = settings.preserve,
                               .attributes = settings.attributes,
                               .on_entry = job.on_entry()};
  const std::string folder = settings.folder.value_or(".");
  const SignalWatch::Critical critical(job.signals());
  if (job.archive() != "-") return extract_archive(job.engine(), job.archive(), folder, options);
  Input input = Input::standard(job.signals().descriptor());
  return extract_archive(job.engine(), input, folder, options);
}

}  // namespace

int run_extract(const Settings& settings) {
  ArchiveJob job(settings);
  job.tell(job.archive(), extract(job));
  return job.finish();
}

}  // namespace braid::cli
