#include <algorithm>
#include <fstream>
#include <optional>
#include <set>

#include "parallel/cgroup.hpp"
#include "parallel/topology.hpp"

namespace braid::parallel {

namespace {

constexpr std::uint64_t most_numbers = std::uint64_t{1} << 20;  // CPUs or nodes in one list

// The kernel's lists: "0-3,8,10-11". Empty for anything else.
std::vector<unsigned> number_list(std::string_view text) {
  std::vector<unsigned> numbers;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    const std::size_t dash = part.find('-');
    const auto first = whole_number(part.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : whole_number(part.substr(dash + 1));
    if (!first || !last || *last >= most_numbers) return {};
    for (std::uint64_t n = *first; n <= *last; ++n) numbers.push_back(static_cast<unsigned>(n));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
  }
  return numbers;
}

std::vector<unsigned> read_list(const std::string& path) {
  return number_list(first_line(path).value_or(""));
}

// "Node 0 MemTotal:  16303748 kB"
std::uint64_t memory_of(const std::string& node_folder) {
  std::ifstream file(node_folder + "/meminfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t at = line.find("MemTotal:");
    if (at == std::string::npos) continue;
    const std::size_t digits = line.find_first_of("0123456789", at);
    if (digits == std::string::npos) return 0;
    const std::size_t end = line.find_first_not_of("0123456789", digits);
    const auto kib = whole_number(std::string_view(line).substr(digits, end - digits));
    return kib.value_or(0) * 1024;
  }
  return 0;
}

// "48K", "2048K", "32M"
std::uint64_t cache_bytes(std::string_view text) {
  if (text.empty()) return 0;
  const unsigned shift = text.back() == 'K' ? 10 : text.back() == 'M' ? 20 : 0;
  if (shift != 0) text.remove_suffix(1);
  return whole_number(text).value_or(0) << shift;
}

}  // namespace

Topology Topology::from_sysfs(const std::string& root, const std::vector<unsigned>& allowed) {
  Topology topology;
  const std::string system = root + "/sys/devices/system";
  for (const unsigned node : read_list(system + "/node/online")) {
    const std::string folder = system + "/node/node" + std::to_string(node);
    topology.nodes_.push_back({node, read_list(folder + "/cpulist"), memory_of(folder)});
  }
  std::set<std::string> cores;
  std::set<std::pair<unsigned, std::string>> caches;  // level and the CPUs that share it
  for (const unsigned cpu : read_list(system + "/cpu/online")) {
    const std::string folder = system + "/cpu/cpu" + std::to_string(cpu);
    if (auto siblings = first_line(folder + "/topology/thread_siblings_list")) {
      cores.insert(*std::move(siblings));
    }
    for (unsigned index = 0; index < 8; ++index) {  // a CPU has four or five
      const std::string cache = folder + "/cache/index" + std::to_string(index);
      const auto level = whole_number(first_line(cache + "/level").value_or(""));
      const auto shared = first_line(cache + "/shared_cpu_list");
      if (!level || !shared || first_line(cache + "/type") == "Instruction") continue;
      if (!caches.emplace(static_cast<unsigned>(*level), *shared).second) continue;
      const auto same = std::find_if(topology.caches_.begin(), topology.caches_.end(),
                                     [&](const TopologyCache& c) { return c.level == *level; });
      if (same != topology.caches_.end()) {
        ++same->count;
      } else {
        topology.caches_.push_back({static_cast<unsigned>(*level),
                                    cache_bytes(first_line(cache + "/size").value_or("")), 1});
      }
    }
  }
  topology.cores_ = static_cast<unsigned>(cores.size());
  if (!topology.nodes_.empty()) topology.source_ = "sysfs";
  topology.settle(allowed);
  return topology;
}

}  // namespace braid::parallel
