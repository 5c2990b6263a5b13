#include "parallel/topology.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string_view>
#include <thread>

#include <sched.h>

#include "parallel/cpu_count.hpp"

namespace braid::parallel {

bool Topology::several_nodes() noexcept {
  // Linux lists the nodes that are there as "0" or "0-3" or "0,2".
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen("/sys/devices/system/node/online", "re"), std::fclose);
  char text[16] = {};
  if (file == nullptr || std::fgets(text, sizeof text, file.get()) == nullptr) return false;
  return std::string_view(text).find_first_of(",-") != std::string_view::npos;
}

Topology Topology::detect() {
  const std::vector<unsigned> allowed = affinity_cpus();
  if (Result<Topology> found = from_hwloc("", allowed)) return *std::move(found);
  Topology topology = from_sysfs("", allowed);
  topology.real_ = true;
  return topology;
}

Result<Topology> Topology::synthetic(const std::string& description) {
  if (description.empty()) {
    return Error{.code = Errc::invalid_argument, .message = "the topology is not described"};
  }
  return from_hwloc(description, {});
}

// Makes the class's promises true of whatever was read: every CPU is on one node (memory-only nodes
// list those of their neighbours), none is forbidden, no node is empty, one node there is.
void Topology::settle(const std::vector<unsigned>& allowed) {
  std::vector<unsigned> seen;
  for (TopologyNode& node : nodes_) {
    std::erase_if(node.cpus, [&](unsigned cpu) {
      return (!allowed.empty() && !std::binary_search(allowed.begin(), allowed.end(), cpu)) ||
             std::binary_search(seen.begin(), seen.end(), cpu);
    });
    seen.insert(seen.end(), node.cpus.begin(), node.cpus.end());
    std::sort(seen.begin(), seen.end());
  }
  std::erase_if(nodes_, [](const TopologyNode& node) { return node.cpus.empty(); });
  if (!nodes_.empty()) return;
  TopologyNode only;
  only.cpus = allowed;
  for (unsigned cpu = 0;
       only.cpus.size() < (allowed.empty() ? std::max(1U, std::thread::hardware_concurrency()) : 0);
       ++cpu) {
    only.cpus.push_back(cpu);
  }
  nodes_.push_back(std::move(only));
}

unsigned Topology::cpus() const noexcept {
  std::size_t count = 0;
  for (const TopologyNode& node : nodes_) count += node.cpus.size();
  return static_cast<unsigned>(count);
}

std::vector<Place> Topology::place(unsigned threads) const {
  std::vector<Place> places;
  places.reserve(threads);
  std::vector<std::size_t> taken(nodes_.size(), 0);
  while (places.size() < threads) {
    // The node that is the least full once it has one more; the first of equals.
    std::size_t best = 0;
    for (std::size_t i = 1; i < nodes_.size(); ++i) {
      if ((taken[i] + 1) * nodes_[best].cpus.size() < (taken[best] + 1) * nodes_[i].cpus.size()) {
        best = i;
      }
    }
    const std::vector<unsigned>& cpus = nodes_[best].cpus;
    places.push_back({static_cast<unsigned>(best), cpus[taken[best]++ % cpus.size()]});
  }
  return places;
}

bool Topology::bind_current_thread(unsigned node) const noexcept {
  if (!real_ || nodes_.size() < 2 || node >= nodes_.size()) return false;
  const std::vector<unsigned>& cpus = nodes_[node].cpus;
  const std::size_t size = *std::max_element(cpus.begin(), cpus.end()) + std::size_t{1};
  const std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)> mask(
      CPU_ALLOC(size), [](cpu_set_t* set) { CPU_FREE(set); });
  if (!mask) return false;
  const std::size_t bytes = CPU_ALLOC_SIZE(size);
  CPU_ZERO_S(bytes, mask.get());
  for (const unsigned cpu : cpus) CPU_SET_S(cpu, bytes, mask.get());
  return sched_setaffinity(0, bytes, mask.get()) == 0;
}

}  // namespace braid::parallel
