#include <braid/seekable_reader.hpp>

#include <chrono>

#include <fmt/core.h>

#include "cli/archive_job.hpp"
#include "cli/commands.hpp"
#include "cli/names.hpp"

namespace braid::cli {

namespace {

Result<Outcome> make_index(ArchiveJob& job, const std::string& name) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begun = Clock::now();
  const Settings& settings = job.settings();
  const std::string output = settings.output.value_or(index_name(name, settings.index_format));
  auto index = SeekIndex::build(
      job.engine(), name, {.algorithm = settings.format, .memory_limit = settings.memory_limit},
      job.run_options(name));
  if (!index) return std::move(index).error();
  auto saved = index->save(output, settings.index_format);
  if (!saved) {
    Error error = std::move(saved).error();
    error.entry = output;
    return error;
  }
  Outcome outcome{.action = Action::test, .file = name, .output = output};
  outcome.transfer.stream.algorithm = index->algorithm();
  outcome.transfer.bytes_out = index->size();
  outcome.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  return outcome;
}

}  // namespace

int run_index(const Settings& settings) {
  ArchiveJob job(settings);
  if (settings.output && settings.operands.size() > 1) {
    const std::string& second = settings.operands[1];
    job.tell(second, Result<Outcome>(Error{.code = Errc::invalid_argument,
                                           .message = "with -o only one file can be indexed"}));
    return job.finish();
  }
  for (const std::string& name : settings.operands) job.tell(name, make_index(job, name));
  return job.finish();
}

}  // namespace braid::cli
