#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace braid::parallel {

// What the system says about the memory this process may use, in bytes; absent: no such limit.
struct MemoryFacts {
  std::optional<std::uint64_t> physical{};  // of the machine
  std::optional<std::uint64_t> cgroup{};    // least on the way from the process's group to the root
  std::optional<std::uint64_t> address_space{};  // RLIMIT_AS
  std::optional<std::uint64_t> data{};           // RLIMIT_DATA
};

struct MemoryPlan {
  std::uint64_t available = 0;  // the least of the facts
  std::uint64_t budget = 0;     // what braid takes when the user names no limit
  std::string why;              // "134217728: half of cgroup limit 268435456"
};

// Asks the system now. `root` stands for "/" and is read for control groups of version 2
// (memory.max, memory.high) and 1 (memory.limit_in_bytes). Limits are taken whole, not less what is
// in use: most of that is page cache, which the kernel gives back when it is needed.
[[nodiscard]] MemoryFacts read_memory_facts(const std::string& root = "");

// Only the control groups' limit.
[[nodiscard]] std::optional<std::uint64_t> read_cgroup_memory(const std::string& root);

// The rule: half of what is available, which leaves room for the page cache, thread stacks and the
// program around us. When nothing is known, 1 GiB is taken to be there.
[[nodiscard]] MemoryPlan plan_memory(const MemoryFacts& facts);

}  // namespace braid::parallel
