#include "parallel/memory_limits.hpp"

#include <gtest/gtest.h>

#include "tests/parallel/fake_root.hpp"

namespace braid::parallel {
namespace {

TEST(MemoryPlan, takes_half_of_the_least_limit) {
  const MemoryPlan plan =
      plan_memory({.physical = 64'000, .cgroup = 8'000, .address_space = 16'000, .data = 9'000});
  EXPECT_EQ(plan.available, 8'000U);
  EXPECT_EQ(plan.budget, 4'000U);
  EXPECT_EQ(plan.why, "4000: half of cgroup limit 8000");
  EXPECT_EQ(plan_memory({.physical = 64'000, .data = 100}).available, 100U);
  EXPECT_EQ(plan_memory({.physical = 64'000, .address_space = 600}).budget, 300U);
}

TEST(MemoryPlan, has_a_budget_where_nothing_is_known) {
  EXPECT_GT(plan_memory({}).budget, 0U);
}

TEST(CgroupMemory, is_the_least_on_the_way_to_the_root) {
  FakeRoot root;
  root.file("proc/self/cgroup", "0::/a/b\n")
      .file("sys/fs/cgroup/a/b/memory.max", "max\n")
      .file("sys/fs/cgroup/a/memory.max", "268435456\n")
      .file("sys/fs/cgroup/a/memory.high", "134217728\n")
      .file("sys/fs/cgroup/memory.max", "999999999999\n");
  EXPECT_EQ(read_cgroup_memory(root.path()), 134217728U);
}

TEST(CgroupMemory, is_read_from_version_1) {
  FakeRoot root;
  root.file("proc/self/cgroup", "9:cpu:/x\n5:memory:/x\n0::/\n")
      .file("sys/fs/cgroup/memory/x/memory.limit_in_bytes", "5000000\n")
      .file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_EQ(read_cgroup_memory(root.path()), 5000000U);
}

TEST(CgroupMemory, is_none_without_control_groups) {
  EXPECT_EQ(read_cgroup_memory("/nonexistent"), std::nullopt);
}

TEST(MemoryFacts, know_the_machines_memory) {
  EXPECT_GT(read_memory_facts().physical.value(), std::uint64_t{1} << 20);
}

}  // namespace
}  // namespace braid::parallel
