#include "parallel/memory_limits.hpp"

#include <braid/bytes.hpp>

#include <string_view>

#include <sys/resource.h>
#include <unistd.h>

#include "parallel/cgroup.hpp"

namespace braid::parallel {

namespace {

void keep_least(std::optional<std::uint64_t>& least, const std::string& file) {
  const std::optional<std::string> line = first_line(file);
  if (!line) return;
  const std::optional<std::uint64_t> limit = whole_number(*line);  // "max" is no limit
  if (limit && (!least || *limit < *least)) least = limit;
}

template <typename Which>
std::optional<std::uint64_t> soft_limit(Which which) {
  rlimit limit{};
  if (getrlimit(which, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  return limit.rlim_cur;
}

std::optional<std::uint64_t> physical_memory() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page <= 0) return std::nullopt;
  return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page);
}

}  // namespace

std::optional<std::uint64_t> read_cgroup_memory(const std::string& root) {
  std::optional<std::uint64_t> least;
  for (const std::string& folder : cgroup_folders(root, Controller::unified)) {
    keep_least(least, folder + "/memory.max");
    keep_least(least, folder + "/memory.high");  // beyond it the group is slowed down to a crawl
  }
  for (const std::string& folder : cgroup_folders(root, Controller::memory)) {
    keep_least(least, folder + "/memory.limit_in_bytes");
  }
  return least;
}

MemoryFacts read_memory_facts(const std::string& root) {
  return {.physical = physical_memory(),
          .cgroup = read_cgroup_memory(root),
          .address_space = soft_limit(RLIMIT_AS),
          .data = soft_limit(RLIMIT_DATA)};
}

MemoryPlan plan_memory(const MemoryFacts& facts) {
  using namespace literals;
  std::optional<std::uint64_t> least;
  std::string_view which;
  const auto consider = [&](const std::optional<std::uint64_t>& limit, std::string_view name) {
    if (!limit || (least && *limit >= *least)) return;
    least = limit;
    which = name;
  };
  consider(facts.physical, "physical memory");
  consider(facts.cgroup, "cgroup limit");
  consider(facts.address_space, "address space limit");
  consider(facts.data, "data segment limit");
  if (!least) {
    least = 1_GiB;
    which = "an assumed";
  }
  const std::uint64_t budget = *least / 2;
  std::string why = std::to_string(budget) + ": half of ";
  why.append(which).append(" ").append(std::to_string(*least));
  return {*least, budget, std::move(why)};
}

}  // namespace braid::parallel
