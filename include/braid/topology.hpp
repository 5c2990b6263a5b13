#pragma once

#include <braid/config.hpp>

#include <string>
#include <vector>

namespace braid {

// The machine as far as threads and memory go, less the CPUs that this process may not use.
// Plain data.
struct Topology {
  struct Node {                      // a NUMA node: CPUs with memory of their own
    unsigned os_index = 0;           // the system's number for it
    std::vector<unsigned> cpus;      // by the system's numbers
    std::uint64_t memory_bytes = 0;  // 0: unknown
  };

  struct Cache {
    unsigned level = 0;       // 1 is nearest; data and unified caches only
    std::uint64_t bytes = 0;  // of each
    unsigned count = 0;       // how many the machine has
  };

  std::vector<Node> nodes;    // at least one, with at least one CPU
  std::vector<Cache> caches;  // empty: unknown
  unsigned cpus = 1;          // logical CPUs (hardware threads) this process may use
  unsigned cores = 0;         // physical cores of the machine; 0: unknown
  double quota = 0;           // CPUs' worth of time that control groups allow; 0: no limit
  std::string source;         // "hwloc", "sysfs" or "none"

  // Asks the system now. Never fails: what cannot be read is unknown. Costs some milliseconds.
  // Callable from any thread.
  [[nodiscard]] BRAID_API static Topology detect();
};

// A number of threads, and how it came about.
struct ThreadAdvice {
  unsigned threads = 1;
  std::string reason;  // "2: affinity mask 4, cgroup quota 1.50 -> 2"
};

// The number of threads an Engine takes when it is left to choose: the lesser of affinity mask and
// CPU quota rounded up, or BRAID_THREADS; less `reserve`, at least 1.
[[nodiscard]] BRAID_API ThreadAdvice recommended_threads(unsigned reserve = 0);

// As many of these as can have work: no more than there are chunks in `plain_bytes` as `config`
// cuts them. 1 for formats and layouts without seams, whatever the size.
[[nodiscard]] BRAID_API ThreadAdvice recommended_threads(std::uint64_t plain_bytes,
                                                         const CompressionConfig& config,
                                                         unsigned reserve = 0);

}  // namespace braid
