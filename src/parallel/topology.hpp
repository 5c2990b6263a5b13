#pragma once

#include <braid/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace braid::parallel {

struct TopologyNode {
  unsigned os_index = 0;           // the system's number for it
  std::vector<unsigned> cpus;      // those this process may use, by the system's numbers
  std::uint64_t memory_bytes = 0;  // 0: unknown
};

struct TopologyCache {
  unsigned level = 0;       // 1 is nearest; data and unified caches only
  std::uint64_t bytes = 0;  // of each
  unsigned count = 0;       // how many the machine has
};

// Where a worker lives. It is bound to the node; the CPU is the one it would have if every worker
// stayed on its own, for showing.
struct Place {
  unsigned node = 0;  // index into Topology::nodes()
  unsigned cpu = 0;
};

// The machine as far as placing work goes: plain data, immutable, callable from many threads.
// There is always at least one node with at least one CPU.
class Topology {
 public:
  // Whether this machine has more than one node: a cheap question that spares most machines the
  // cost of detect().
  [[nodiscard]] static bool several_nodes() noexcept;

  // This machine, less the CPUs that the affinity mask forbids: by hwloc when built with it, else
  // by sysfs, else one node. Never fails. Costs some milliseconds.
  [[nodiscard]] static Topology detect();

  // By <root>/sys/devices/system/{node,cpu}; an empty `allowed` means every CPU.
  [[nodiscard]] static Topology from_sysfs(const std::string& root,
                                           const std::vector<unsigned>& allowed);

  // An imagined machine in hwloc's words, e.g. "numa:2 core:4 pu:2". Nothing is ever bound to it.
  // Errors: invalid_argument; unsupported_feature in a build without hwloc.
  [[nodiscard]] static Result<Topology> synthetic(const std::string& description);

  [[nodiscard]] const std::vector<TopologyNode>& nodes() const noexcept { return nodes_; }

  [[nodiscard]] const std::vector<TopologyCache>& caches() const noexcept { return caches_; }

  // Logical CPUs (hardware threads) this process may use.
  [[nodiscard]] unsigned cpus() const noexcept;

  // Physical cores of the machine; 0: unknown.
  [[nodiscard]] unsigned cores() const noexcept { return cores_; }

  // "hwloc", "sysfs", "synthetic" or "none".
  [[nodiscard]] std::string_view source() const noexcept { return source_; }

  // A place for each of `threads` workers: nodes are filled evenly by the CPUs they have, beyond
  // that around again.
  [[nodiscard]] std::vector<Place> place(unsigned threads) const;

  // Lets the calling thread run on the CPUs of nodes()[node] only. Does nothing and returns false
  // on one node, on an imagined machine, and when the system refuses.
  bool bind_current_thread(unsigned node) const noexcept;

 private:
  static Result<Topology> from_hwloc(const std::string& synthetic,
                                     const std::vector<unsigned>& allowed);
  void settle(const std::vector<unsigned>& allowed);

  std::vector<TopologyNode> nodes_;
  std::vector<TopologyCache> caches_;
  unsigned cores_ = 0;
  std::string_view source_ = "none";
  bool real_ = false;
};

}  // namespace braid::parallel
