#include "parallel/topology.hpp"

#include <braid/topology.hpp>

#include <algorithm>

#include "codec/format.hpp"
#include "parallel/cpu_count.hpp"

namespace braid {

Topology Topology::detect() {
  const parallel::Topology seen = parallel::Topology::detect();
  Topology made;
  for (const parallel::TopologyNode& node : seen.nodes()) {
    made.nodes.push_back(
        {.os_index = node.os_index, .cpus = node.cpus, .memory_bytes = node.memory_bytes});
  }
  for (const parallel::TopologyCache& cache : seen.caches()) {
    made.caches.push_back({.level = cache.level, .bytes = cache.bytes, .count = cache.count});
  }
  made.cpus = seen.cpus();
  made.cores = seen.cores();
  made.quota = parallel::read_cpu_quota("").value_or(0);
  made.source = seen.source();
  return made;
}

ThreadAdvice recommended_threads(unsigned reserve) {
  parallel::ThreadPlan plan =
      parallel::plan_threads({.reserve = reserve}, parallel::read_cpu_facts());
  return {.threads = plan.count, .reason = std::move(plan.why)};
}

ThreadAdvice recommended_threads(std::uint64_t plain_bytes, const CompressionConfig& config,
                                 unsigned reserve) {
  ThreadAdvice advice = recommended_threads(reserve);
  const codec::Format& format = codec::format(config.algorithm());
  const std::uint64_t chunk = format.chunk_size == nullptr ? 0 : format.chunk_size(config);
  if (chunk == 0) return {.threads = 1, .reason = "1: the format is written in one piece"};
  const std::uint64_t chunks = std::max<std::uint64_t>(1, (plain_bytes + chunk - 1) / chunk);
  if (chunks < advice.threads) {
    advice.threads = static_cast<unsigned>(chunks);
    advice.reason = std::to_string(chunks) + ": chunks of " + std::to_string(chunk) + " bytes";
  }
  return advice;
}

}  // namespace braid
