#include "cli/archive_read.hpp"
#include "cli/commands.hpp"

namespace braid::cli {

namespace {

Result<ArchiveSummary> diff(ArchiveJob& job, std::uint64_t& missing) {
  auto file = ReadFile::open(job, job.archive());
  if (!file) return std::move(file).error();
  if (auto fine = file->require_archive(); !fine) return std::move(fine).error();
  std::vector<std::string> entries = job.rest();
  const std::string folder = entries.front();
  entries.erase(entries.begin());
  const CompareOptions options{.read = job.read_options(job.archive(), std::move(entries)),
                               .on_difference = [&](const std::string& path, Difference what) {
                                 if (what == Difference::missing) ++missing;
                                 job.report().difference(path, what);
                               }};
  if (file->has_places()) return compare_archive(job.engine(), job.archive(), folder, options);
  return compare_archive(job.engine(), file->input(), folder, options);
}

}  // namespace

int run_diff(const Settings& settings) {
  ArchiveJob job(settings);
  std::uint64_t missing = 0;
  const auto result = diff(job, missing);
  job.tell(job.archive(), result);
  if (result && missing != 0 && missing == result->entries) {
    job.report().note(settings.operands.at(1),
                      "holds none of the entries; is it where the archive would be unpacked?", 0);
  }
  return job.finish();
}

}  // namespace braid::cli
