#include <array>

#include "cli/archive_job.hpp"
#include "cli/commands.hpp"
#include "cli/input.hpp"

namespace braid::cli {

namespace {

Result<ArchiveSummary> diff(ArchiveJob& job) {
  std::vector<std::string> entries = job.rest();
  const std::string folder = entries.front();
  entries.erase(entries.begin());
  const CompareOptions options{.read = job.read_options(job.archive(), std::move(entries)),
                               .on_difference = [&job](const std::string& path, Difference what) {
                                 job.report().difference(path, what);
                               }};
  if (job.archive() != "-") return compare_archive(job.engine(), job.archive(), folder, options);
  Input input = Input::standard(job.signals().descriptor());
  return compare_archive(job.engine(), input, folder, options);
}

}  // namespace

int run_diff(const Settings& settings) {
  ArchiveJob job(settings);
  job.tell(job.archive(), diff(job));
  return job.finish();
}

}  // namespace braid::cli
