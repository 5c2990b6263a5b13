#pragma once

#include <optional>
#include <string>
#include <vector>

namespace braid::parallel {

// A count above this is a mistake rather than a machine.
inline constexpr unsigned max_threads = 1024;

// What the system says about the CPUs this process may use.
struct CpuFacts {
  unsigned affinity = 1;                     // CPUs in the affinity mask; at least 1
  std::optional<double> quota{};             // CPU seconds a second that the control groups allow
  std::optional<std::string> environment{};  // BRAID_THREADS, as it is
};

struct ThreadRequest {
  unsigned threads = 0;  // a number the user chose; 0 leaves it to the rule
  unsigned reserve = 0;  // CPUs to leave to others when the rule chooses; one always remains
};

struct ThreadPlan {
  unsigned count = 1;
  std::string why;  // "2: affinity mask 4, cgroup quota 1.50 -> 2"
};

// The one rule for the number of threads, the calling one included. The first that applies:
//   1. request.threads, as it is;
//   2. BRAID_THREADS, a number from 1 to 1024; anything else is ignored, and `why` says so;
//   3. the lesser of the affinity mask and the CPU quota rounded up, less `reserve`.
// Always 1 to 1024; `why` tells of a number that was cut.
[[nodiscard]] ThreadPlan plan_threads(const ThreadRequest& request, const CpuFacts& facts);

// Asks the system now. `root` stands for "/" and is read for control groups: the least quota on the
// way from the process's group to the root, of version 2 (cpu.max) and 1 (cpu.cfs_quota_us).
// What cannot be read sets no limit.
[[nodiscard]] CpuFacts read_cpu_facts(const std::string& root = "");

// Only the quota.
[[nodiscard]] std::optional<double> read_cpu_quota(const std::string& root);

// The CPUs of the calling thread's affinity mask, ascending, whatever the size of the machine.
// Empty when the system does not tell.
[[nodiscard]] std::vector<unsigned> affinity_cpus();

}  // namespace braid::parallel
