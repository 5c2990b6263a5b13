#include "cli/archive_read.hpp"
#include "cli/commands.hpp"

namespace braid::cli {

namespace {

Result<ArchiveSummary> extract(ArchiveJob& job) {
  const Settings& settings = job.settings();
  auto file = ReadFile::open(job, job.archive());
  if (!file) return std::move(file).error();
  if (auto fine = file->require_archive(); !fine) return std::move(fine).error();
  const ExtractOptions options{.read = job.read_options(job.archive(), job.rest()),
                               .existing = settings.existing,
                               .strip_components = settings.strip_components,
                               .preserve = settings.preserve,
                               .attributes = settings.attributes,
                               .on_entry = job.on_entry()};
  const std::string folder = settings.folder.value_or(".");
  const SignalWatch::Critical critical(job.signals());
  if (file->has_places()) return extract_archive(job.engine(), job.archive(), folder, options);
  return extract_archive(job.engine(), file->input(), folder, options);
}

}  // namespace

int run_extract(const Settings& settings) {
  ArchiveJob job(settings);
  job.tell(job.archive(), extract(job));
  return job.finish();
}

}  // namespace braid::cli
