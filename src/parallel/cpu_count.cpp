#include "parallel/cpu_count.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>

#include <sched.h>

#include "parallel/cgroup.hpp"

namespace braid::parallel {

namespace {

void keep_least(std::optional<double>& least, double quota) {
  if (!least || quota < *least) least = quota;
}

// "<quota or max> <period>", microseconds; without a period it is 100 ms (cgroup v2, cpu.max).
std::optional<double> unified_quota(const std::string& folder) {
  const std::optional<std::string> line = first_line(folder + "/cpu.max");
  if (!line) return std::nullopt;
  const std::size_t space = line->find(' ');
  const auto quota = whole_number(std::string_view(*line).substr(0, space));
  const auto period = space == std::string::npos
                          ? std::optional<std::uint64_t>(100'000)
                          : whole_number(std::string_view(*line).substr(space + 1));
  if (!quota || !period || *quota == 0 || *period == 0) return std::nullopt;
  return static_cast<double>(*quota) / static_cast<double>(*period);
}

std::optional<double> version1_quota(const std::string& folder) {
  const std::optional<std::string> quota_line = first_line(folder + "/cpu.cfs_quota_us");
  const std::optional<std::string> period_line = first_line(folder + "/cpu.cfs_period_us");
  if (!quota_line || !period_line) return std::nullopt;
  const auto quota = whole_number(*quota_line);  // "-1" is no limit
  const auto period = whole_number(*period_line);
  if (!quota || !period || *quota == 0 || *period == 0) return std::nullopt;
  return static_cast<double>(*quota) / static_cast<double>(*period);
}

std::string two_places(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

ThreadPlan cut(unsigned wanted, std::string why) {
  const unsigned count = std::clamp(wanted, 1U, max_threads);
  if (count != wanted) why += ", cut to " + std::to_string(count);
  return {count, std::to_string(count) + ": " + why};
}

}  // namespace

std::vector<unsigned> affinity_cpus() {
  // The kernel refuses a mask smaller than its own with EINVAL, and tells its size only that way.
  constexpr std::size_t most_cpus = std::size_t{1} << 20;
  for (std::size_t cpus = 1024; cpus <= most_cpus; cpus *= 2) {
    const std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)> mask(
        CPU_ALLOC(cpus), [](cpu_set_t* set) { CPU_FREE(set); });
    if (!mask) return {};
    const std::size_t bytes = CPU_ALLOC_SIZE(cpus);
    CPU_ZERO_S(bytes, mask.get());
    if (sched_getaffinity(0, bytes, mask.get()) != 0) {
      if (errno == EINVAL) continue;
      return {};
    }
    std::vector<unsigned> found;
    for (std::size_t cpu = 0; cpu < cpus; ++cpu) {
      if (CPU_ISSET_S(cpu, bytes, mask.get())) found.push_back(static_cast<unsigned>(cpu));
    }
    return found;
  }
  return {};
}

std::optional<double> read_cpu_quota(const std::string& root) {
  std::optional<double> least;
  for (const std::string& folder : cgroup_folders(root, Controller::unified)) {
    if (const auto quota = unified_quota(folder)) keep_least(least, *quota);
  }
  for (const std::string& folder : cgroup_folders(root, Controller::cpu)) {
    if (const auto quota = version1_quota(folder)) keep_least(least, *quota);
  }
  return least;
}

CpuFacts read_cpu_facts(const std::string& root) {
  CpuFacts facts;
  const auto cpus = static_cast<unsigned>(affinity_cpus().size());
  facts.affinity = std::max(1U, cpus != 0 ? cpus : std::thread::hardware_concurrency());
  facts.quota = read_cpu_quota(root);
  if (const char* text = std::getenv("BRAID_THREADS"))
    facts.environment = text;  // NOLINT(concurrency-mt-unsafe): nothing here sets the environment
  return facts;
}

ThreadPlan plan_threads(const ThreadRequest& request, const CpuFacts& facts) {
  if (request.threads != 0) {
    return cut(request.threads, "asked for " + std::to_string(request.threads));
  }
  std::string ignored;
  if (facts.environment) {
    const auto number = whole_number(*facts.environment);
    if (number && *number >= 1 && *number <= max_threads) {
      return cut(static_cast<unsigned>(*number), "BRAID_THREADS=" + *facts.environment);
    }
    ignored = ", BRAID_THREADS ignored: \"" + facts.environment->substr(0, 40) +
              "\" is not a number from 1 to " + std::to_string(max_threads);
  }
  unsigned usable = facts.affinity;
  std::string why = "affinity mask " + std::to_string(facts.affinity);
  if (facts.quota) {
    const auto whole = static_cast<unsigned>(
        std::clamp(std::ceil(*facts.quota), 1.0, static_cast<double>(max_threads)));
    why += ", cgroup quota " + two_places(*facts.quota) + " -> " + std::to_string(whole);
    usable = std::min(usable, whole);
  }
  if (request.reserve != 0) {
    usable -= std::min(request.reserve, usable - 1);
    why += ", reserve " + std::to_string(request.reserve);
  }
  return cut(usable, why + ignored);
}

}  // namespace braid::parallel
