#include "parallel/topology.hpp"

#include <algorithm>
#include <latch>
#include <map>
#include <memory_resource>
#include <mutex>

#include <gtest/gtest.h>

#include "parallel/cpu_count.hpp"
#include "parallel/spare_buffers.hpp"
#include "parallel/worker_pool.hpp"
#include "tests/parallel/fake_root.hpp"

namespace braid::parallel {
namespace {

Topology imagined(const std::string& description) {
  Result<Topology> topology = Topology::synthetic(description);
  if (!topology) throw Exception(topology.error());
  return *std::move(topology);
}

bool without_hwloc() {
  const Result<Topology> topology = Topology::synthetic("numa:1 core:1 pu:1");
  return !topology && topology.error().code == Errc::unsupported_feature;
}

std::map<unsigned, unsigned> workers_by_node(const Topology& topology, unsigned threads) {
  std::map<unsigned, unsigned> count;
  for (const Place& place : topology.place(threads)) ++count[place.node];
  return count;
}

// Two nodes of two cores with two threads each; node 1 has memory of another size.
void write_two_nodes(FakeRoot& root) {
  const std::string system = "sys/devices/system/";
  root.file(system + "node/online", "0-2\n")
      .file(system + "node/node0/cpulist", "0-1,4-5\n")
      .file(system + "node/node0/meminfo", "Node 0 MemTotal:       1000 kB\nNode 0 MemFree: 1 kB\n")
      .file(system + "node/node1/cpulist", "2-3,6-7\n")
      .file(system + "node/node2/cpulist", "\n")
      .file(system + "cpu/online", "0-7\n");
  for (int cpu = 0; cpu < 8; ++cpu) {
    const std::string folder = system + "cpu/cpu" + std::to_string(cpu) + "/";
    const int core = cpu % 4;
    const std::string pair = std::to_string(core) + "," + std::to_string(core + 4) + "\n";
    root.file(folder + "topology/thread_siblings_list", pair)
        .file(folder + "cache/index0/level", "1\n")
        .file(folder + "cache/index0/type", "Data\n")
        .file(folder + "cache/index0/size", "48K\n")
        .file(folder + "cache/index0/shared_cpu_list", pair)
        .file(folder + "cache/index1/level", "1\n")
        .file(folder + "cache/index1/type", "Instruction\n")
        .file(folder + "cache/index1/shared_cpu_list", pair)
        .file(folder + "cache/index2/level", "3\n")
        .file(folder + "cache/index2/type", "Unified\n")
        .file(folder + "cache/index2/size", "32M\n")
        .file(folder + "cache/index2/shared_cpu_list", core < 2 ? "0-1,4-5\n" : "2-3,6-7\n");
  }
}

TEST(Topology, reads_an_imagined_machine) {
  if (without_hwloc()) GTEST_SKIP() << "built without hwloc";
  const Topology topology = imagined("numa:2 l3:1 core:4 pu:2");
  ASSERT_EQ(topology.nodes().size(), 2U);
  EXPECT_EQ(topology.cpus(), 16U);
  EXPECT_EQ(topology.cores(), 8U);
  EXPECT_EQ(topology.source(), "synthetic");
  EXPECT_EQ(topology.nodes()[1].cpus.front(), 8U);
  ASSERT_EQ(topology.caches().size(), 1U);
  EXPECT_EQ(topology.caches()[0].level, 3U);
  EXPECT_EQ(topology.caches()[0].count, 2U);
  EXPECT_EQ(Topology::synthetic("numa:many").error().code, Errc::invalid_argument);
}

TEST(Topology, spreads_workers_over_the_nodes) {
  if (without_hwloc()) GTEST_SKIP() << "built without hwloc";
  using Count = std::map<unsigned, unsigned>;
  const Topology two = imagined("numa:2 core:4 pu:1");
  EXPECT_EQ(workers_by_node(two, 2), (Count{{0, 1}, {1, 1}}));
  EXPECT_EQ(workers_by_node(two, 7), (Count{{0, 4}, {1, 3}}));
  EXPECT_EQ(workers_by_node(two, 20), (Count{{0, 10}, {1, 10}}));
  const Topology four = imagined("numa:4 core:2 pu:2");
  EXPECT_EQ(workers_by_node(four, 4), (Count{{0, 1}, {1, 1}, {2, 1}, {3, 1}}));
  EXPECT_EQ(workers_by_node(four, 16), (Count{{0, 4}, {1, 4}, {2, 4}, {3, 4}}));
  std::vector<unsigned> cpus;
  for (const Place& place : four.place(16)) cpus.push_back(place.cpu);
  std::sort(cpus.begin(), cpus.end());
  EXPECT_EQ(std::unique(cpus.begin(), cpus.end()), cpus.end()) << "a CPU each while there are some";
}

TEST(Topology, gives_a_larger_node_more_workers) {
  FakeRoot root;
  root.file("sys/devices/system/node/online", "0-1\n")
      .file("sys/devices/system/node/node0/cpulist", "0-5\n")
      .file("sys/devices/system/node/node1/cpulist", "6-7\n");
  const Topology topology = Topology::from_sysfs(root.path(), {});
  EXPECT_EQ(workers_by_node(topology, 4), (std::map<unsigned, unsigned>{{0, 3}, {1, 1}}));
}

TEST(Topology, reads_sysfs) {
  FakeRoot root;
  write_two_nodes(root);
  const Topology topology = Topology::from_sysfs(root.path(), {});
  EXPECT_EQ(topology.source(), "sysfs");
  ASSERT_EQ(topology.nodes().size(), 2U) << "a node without CPUs is no place for workers";
  EXPECT_EQ(topology.nodes()[0].cpus, (std::vector<unsigned>{0, 1, 4, 5}));
  EXPECT_EQ(topology.nodes()[0].memory_bytes, 1'024'000U);
  EXPECT_EQ(topology.cores(), 4U);
  ASSERT_EQ(topology.caches().size(), 2U);
  EXPECT_EQ(topology.caches()[0].bytes, 48U * 1024);
  EXPECT_EQ(topology.caches()[0].count, 4U);
  EXPECT_EQ(topology.caches()[1].bytes, 32U << 20);
  EXPECT_EQ(topology.caches()[1].count, 2U);
}

TEST(Topology, leaves_out_what_the_affinity_mask_forbids) {
  FakeRoot root;
  write_two_nodes(root);
  EXPECT_EQ(Topology::from_sysfs(root.path(), {1, 2, 3}).cpus(), 3U);
  const Topology one = Topology::from_sysfs(root.path(), {2, 6});
  ASSERT_EQ(one.nodes().size(), 1U);
  EXPECT_EQ(one.nodes()[0].os_index, 1U);
}

TEST(Topology, is_one_node_when_nothing_can_be_read) {
  const Topology topology = Topology::from_sysfs("/nonexistent", {3, 5});
  ASSERT_EQ(topology.nodes().size(), 1U);
  EXPECT_EQ(topology.nodes()[0].cpus, (std::vector<unsigned>{3, 5}));
  EXPECT_EQ(topology.source(), "none");
  EXPECT_GE(Topology::from_sysfs("/nonexistent", {}).cpus(), 1U);
}

TEST(Topology, of_this_machine_has_the_cpus_of_the_mask) {
  EXPECT_EQ(Topology::detect().cpus(), affinity_cpus().size());
}

TEST(Topology, binds_nothing_on_an_imagined_machine) {
  FakeRoot root;
  write_two_nodes(root);
  const std::vector<unsigned> before = affinity_cpus();
  EXPECT_FALSE(Topology::from_sysfs(root.path(), {}).bind_current_thread(1));
  EXPECT_EQ(affinity_cpus(), before);
}

TEST(Placement, asks_for_no_binding_on_one_node) {
  const WorkerPoolOptions options =
      placed_on(Topology::from_sysfs("/nonexistent", {0, 1}), {.threads = 4});
  EXPECT_TRUE(options.nodes.empty());
  EXPECT_FALSE(options.bind);
}

// Never gives the same memory twice, so that an address tells who touched it first.
class FreshMemory final : public std::pmr::memory_resource {
 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    const std::lock_guard lock(mutex_);
    return memory_.allocate(bytes, alignment);
  }

  void do_deallocate(void*, std::size_t, std::size_t) override {}

  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::mutex mutex_;
  std::pmr::monotonic_buffer_resource memory_;
};

TEST(Placement, workers_and_their_buffers_share_a_node) {
  FakeRoot root;
  write_two_nodes(root);
  const Topology topology = Topology::from_sysfs(root.path(), {});
  constexpr std::size_t count = 6;
  FreshMemory memory;
  std::map<const std::byte*, unsigned> home;  // of memory, by the node that touched it first
  std::mutex mutex;
  SpareBuffers buffers(static_cast<unsigned>(topology.nodes().size()), count, &memory);
  WorkerPool pool(placed_on(topology, {.threads = 4}));
  for (int round = 0; round < 50; ++round) {
    std::latch done(count);
    for (std::size_t i = 0; i < count; ++i) {
      pool.execute([&] {
        unsigned node = 0;
        Buffer buffer = buffers.take(node);
        buffer.resize(1000);
        EXPECT_EQ(node, WorkerPool::node_here());
        {
          const std::lock_guard lock(mutex);
          const auto [found, is_new] = home.try_emplace(buffer.data(), node);
          if (!is_new) {
            EXPECT_EQ(found->second, node) << "touched first on another node";
          }
        }
        buffers.give(std::move(buffer), node);
        done.count_down();
      });
    }
    done.wait();
  }
}

TEST(SpareBuffers, give_out_the_latest_first_and_touch_no_more_than_is_needed) {
  FreshMemory memory;
  SpareBuffers buffers(1, 4, &memory);
  unsigned node = 0;
  Buffer first = buffers.take(node);
  Buffer second = buffers.take(node);
  first.resize(10);
  second.resize(10);
  const std::byte* const latest = second.data();
  buffers.give(std::move(first), node);
  buffers.give(std::move(second), node);
  for (int i = 0; i < 10; ++i) {
    Buffer again = buffers.take(node);
    EXPECT_EQ(again.data(), latest);
    buffers.give(std::move(again), node);
  }
}

}  // namespace
}  // namespace braid::parallel
