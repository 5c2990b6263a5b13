#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Where Linux keeps the limits of control groups (cgroups(7)). Version 2 has one tree for all
// controllers, version 1 a tree for each; a machine may have both.
namespace braid::parallel {

enum class Controller : std::uint8_t { unified, cpu, memory };  // version 2, and two of version 1

// The folders whose limits bind this process in one tree: its own group's, then each one above it
// up to the mounted root. A limit holds for the whole subtree, so that the least of them counts.
// Folders that cannot be seen from inside a container are left out; its own is then the root.
// `root` stands for "/": <root>/proc/self/cgroup names the group, <root>/sys/fs/cgroup holds the
// trees. Empty when there is no such tree. Never fails.
[[nodiscard]] std::vector<std::string> cgroup_folders(const std::string& root, Controller tree);

// The first line of a small file; none when it cannot be read.
[[nodiscard]] std::optional<std::string> first_line(const std::string& path);

// The whole text as a decimal number; none for "max", "-1", overflow and anything else.
[[nodiscard]] std::optional<std::uint64_t> whole_number(std::string_view text) noexcept;

}  // namespace braid::parallel
