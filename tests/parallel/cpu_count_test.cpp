#include "parallel/cpu_count.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <sched.h>

#include "tests/parallel/fake_root.hpp"

namespace braid::parallel {
namespace {

TEST(ThreadPlan, takes_the_lesser_of_mask_and_quota_and_says_so) {
  const ThreadPlan plan = plan_threads({}, {.affinity = 4, .quota = 1.5});
  EXPECT_EQ(plan.count, 2U);
  EXPECT_EQ(plan.why, "2: affinity mask 4, cgroup quota 1.50 -> 2");
  EXPECT_EQ(plan_threads({}, {.affinity = 3, .quota = 8.0}).count, 3U);
  EXPECT_EQ(plan_threads({}, {.affinity = 3, .quota = 0.01}).count, 1U);
  EXPECT_EQ(plan_threads({}, {.affinity = 3}).count, 3U);
}

TEST(ThreadPlan, an_asked_for_count_beats_everything) {
  const CpuFacts facts{.affinity = 2, .quota = 1.0, .environment = "3"};
  EXPECT_EQ(plan_threads({.threads = 7, .reserve = 1}, facts).count, 7U);
  const ThreadPlan cut = plan_threads({.threads = 5000}, facts);
  EXPECT_EQ(cut.count, max_threads);
  EXPECT_EQ(cut.why, "1024: asked for 5000, cut to 1024");
}

TEST(ThreadPlan, the_environment_beats_the_machine) {
  EXPECT_EQ(plan_threads({}, {.affinity = 8, .environment = "3"}).count, 3U);
  EXPECT_EQ(plan_threads({}, {.affinity = 1, .environment = "1024"}).count, 1024U);
}

TEST(ThreadPlan, a_malformed_environment_is_ignored_and_reported) {
  for (const char* text : {"", "0", "1025", "-1", "4 ", "four", "99999999999999999999"}) {
    const ThreadPlan plan = plan_threads({}, {.affinity = 2, .environment = text});
    EXPECT_EQ(plan.count, 2U) << text;
    EXPECT_NE(plan.why.find("BRAID_THREADS ignored"), std::string::npos) << plan.why;
  }
}

TEST(ThreadPlan, a_reserve_leaves_cpus_but_one_remains) {
  EXPECT_EQ(plan_threads({.reserve = 1}, {.affinity = 4}).count, 3U);
  EXPECT_EQ(plan_threads({.reserve = 4}, {.affinity = 4}).count, 1U);
  EXPECT_EQ(plan_threads({.reserve = ~0U}, {.affinity = 4}).count, 1U);
}

TEST(CpuQuota, is_the_least_on_the_way_to_the_root_of_version_2) {
  FakeRoot root;
  root.file("proc/self/cgroup", "0::/user/job/step\n")
      .file("sys/fs/cgroup/user/job/step/cpu.max", "max 100000\n")
      .file("sys/fs/cgroup/user/job/cpu.max", "250000 100000\n")
      .file("sys/fs/cgroup/user/cpu.max", "400000 100000\n");
  EXPECT_DOUBLE_EQ(read_cpu_quota(root.path()).value(), 2.5);
}

TEST(CpuQuota, is_read_from_the_root_when_the_group_cannot_be_seen) {
  for (const char* group : {"0::/docker/abc\n", "0::/../../host\n", "0::/\n"}) {
    FakeRoot root;
    root.file("proc/self/cgroup", group).file("sys/fs/cgroup/cpu.max", "150000 100000\n");
    EXPECT_DOUBLE_EQ(read_cpu_quota(root.path()).value(), 1.5) << group;
  }
}

TEST(CpuQuota, is_read_from_version_1) {
  FakeRoot root;
  root.file("proc/self/cgroup", "5:memory:/a\n4:cpu,cpuacct:/a/b\n")
      .file("sys/fs/cgroup/cpu/a/b/cpu.cfs_quota_us", "-1\n")
      .file("sys/fs/cgroup/cpu/a/b/cpu.cfs_period_us", "100000\n")
      .file("sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "50000\n")
      .file("sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "20000\n");
  EXPECT_DOUBLE_EQ(read_cpu_quota(root.path()).value(), 2.5);
}

TEST(CpuQuota, is_none_where_there_is_none_or_it_is_nonsense) {
  EXPECT_EQ(read_cpu_quota("/nonexistent"), std::nullopt);
  for (const char* text : {"", "max 100000\n", "0 100000\n", "5 0\n", "abc def\n", "-5 100\n"}) {
    FakeRoot root;
    root.file("proc/self/cgroup", "0::/\n").file("sys/fs/cgroup/cpu.max", text);
    EXPECT_EQ(read_cpu_quota(root.path()), std::nullopt) << text;
  }
}

TEST(CpuFacts, follow_the_affinity_mask) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  const std::vector<unsigned> all = affinity_cpus();
  ASSERT_FALSE(all.empty());
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(all.back(), &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(affinity_cpus(), std::vector<unsigned>{all.back()});
  EXPECT_EQ(read_cpu_facts("/nonexistent").affinity, 1U);
  ASSERT_EQ(sched_setaffinity(0, sizeof before, &before), 0);
}

}  // namespace
}  // namespace braid::parallel
