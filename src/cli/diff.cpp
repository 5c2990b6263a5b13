#include <array>

#include "cli/archive_read.hpp"
#include "cli/commands.hpp"

namespace braid::cli {

namespace {

Result<ArchiveSummary> diff(ArchiveJob& job) {
  auto file = ReadFile::open(job, job.archive());
  if (!file) return std::move(file).error();
  if (auto fine = file->require_archive(); !fine) return std::move(fine).error();
  std::vector<std::string> entries = job.rest();
  const std::string folder = entries.front();
  entries.erase(entries.begin());
  const CompareOptions options{.read = job.read_options(job.archive(), std::move(entries)),
                               .on_difference = [&job](const std::string& path, Difference what) {
                                 job.report().difference(path, what);
                               }};
  if (file->has_places()) return compare_archive(job.engine(), job.archive(), folder, options);
  return compare_archive(job.engine(), file->input(), folder, options);
}

}  // namespace

int run_diff(const Settings& settings) {
  ArchiveJob job(settings);
  job.tell(job.archive(), diff(job));
  return job.finish();
}

}  // namespace braid::cli
