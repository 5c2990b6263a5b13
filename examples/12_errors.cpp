// Failures of many threads: none is lost, none disturbs the others, and the first is found again.
#include <braid/braid.hpp>

#include <cstdio>
#include <string>

namespace {

// snippet: errors
int report_failures(braid::Engine& engine) {
  braid::ThreadSafeErrorReporter errors;
  braid::CompressionThreadPool pool(engine, braid::CompressionConfig(braid::Algorithm::gzip),
                                    {.errors = &errors});
  const braid::Buffer packed = braid::compress("some text", braid::Algorithm::gzip).value();
  for (std::uint64_t id = 0; id < 40; ++id) {
    const std::size_t size = id == 25 ? packed.size() - 3 : packed.size();  // one of them is cut
    pool.submit_decompress(id, packed.view().first(size)).value();
  }
  pool.shutdown(braid::CompressionThreadPool::Shutdown::drain);

  // Copies: nothing that happens later changes them.
  const auto reports = errors.reports();
  for (const braid::ErrorReport& report : reports.kept) {
    std::printf("%ju. task %ju: %s\n", report.sequence, report.task.value_or(0),
                report.error.text().c_str());
  }
  if (reports.dropped != 0) std::printf("and %ju more\n", reports.dropped);
  return reports.kept.size() == 1 && reports.kept[0].task == 25 ? 0 : 1;
}

// snippet: end

}  // namespace

int main() {
  braid::Engine engine;
  return report_failures(engine);
}
