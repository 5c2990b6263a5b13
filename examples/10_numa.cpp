// What the machine looks like, and an engine that places threads and memory on it.
#include <braid/braid.hpp>

#include <cstdio>
#include <string>

namespace {

// snippet: topology
void describe_machine() {
  const braid::Topology machine = braid::Topology::detect();
  std::printf("%u CPUs, %u cores, %zu nodes, by %s\n", machine.cpus, machine.cores,
              machine.nodes.size(), machine.source.c_str());
  for (const auto& node : machine.nodes) {
    std::printf("  node %u: %zu CPUs, %ju MiB\n", node.os_index, node.cpus.size(),
                node.memory_bytes >> 20);
  }
  for (const auto& cache : machine.caches) {
    std::printf("  L%u: %u of %ju KiB\n", cache.level, cache.count, cache.bytes >> 10);
  }
  std::printf("threads: %s\n", braid::recommended_threads().reason.c_str());
}

// snippet: end

// snippet: numa
int compress_on_all_nodes(std::string_view data) {
  // Workers are spread over the nodes by the CPUs that these have, and bound to them; tasks go to
  // the node that made them and are stolen only when there is nothing to do at home. On a machine
  // of one node nothing is bound, and none of it costs anything. One CPU is left to others.
  braid::Engine engine({.reserve = 1});
  const braid::ParallelCompressor compressor(engine,
                                             braid::CompressionConfig(braid::Algorithm::lz4));
  const braid::Buffer packed = compressor.compress(data).value();
  std::printf("%s: %zu -> %zu bytes\n", engine.thread_reason().c_str(), data.size(), packed.size());
  return compressor.decompress(packed).value().view() == braid::ByteView(data) ? 0 : 1;
}

// snippet: end

}  // namespace

int main() {
  describe_machine();
  return compress_on_all_nodes(std::string(20 << 20, 'x'));
}
