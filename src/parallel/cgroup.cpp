#include "parallel/cgroup.hpp"

#include <charconv>
#include <fstream>

#include <sys/stat.h>

namespace braid::parallel {

namespace {

bool is_folder(const std::string& path) {
  struct stat status {};

  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool lists(std::string_view controllers, std::string_view name) {
  while (!controllers.empty()) {
    const std::size_t comma = controllers.find(',');
    if (controllers.substr(0, comma) == name) return true;
    if (comma == std::string_view::npos) return false;
    controllers.remove_prefix(comma + 1);
  }
  return false;
}

// One line of /proc/self/cgroup is "<id>:<controllers>:<path>"; version 2 is "0::<path>".
std::optional<std::string> own_group(const std::string& root, Controller tree) {
  std::ifstream file(root + "/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find(':');
    if (first == std::string::npos) continue;
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string_view controllers =
        std::string_view(line).substr(first + 1, second - first - 1);
    const bool ours = tree == Controller::unified
                          ? line.starts_with("0::")
                          : lists(controllers, tree == Controller::cpu ? "cpu" : "memory");
    if (ours) return line.substr(second + 1);
  }
  return std::nullopt;
}

// The usual mount points; "unified" is where version 2 sits beside version 1.
std::vector<std::string> mounts(const std::string& root, Controller tree) {
  const std::string base = root + "/sys/fs/cgroup";
  switch (tree) {
    case Controller::unified:
      return {base + "/unified", base};
    case Controller::cpu:
      return {base + "/cpu", base + "/cpu,cpuacct"};
    case Controller::memory:
      return {base + "/memory"};
  }
  return {};
}

}  // namespace

std::vector<std::string> cgroup_folders(const std::string& root, Controller tree) {
  const std::optional<std::string> group = own_group(root, tree);
  if (!group) return {};
  for (const std::string& mount : mounts(root, tree)) {
    if (!is_folder(mount)) continue;
    std::vector<std::string> folders;
    // A path with ".." leads out of this namespace: nothing between it and the root can be seen.
    std::string path = group->find("..") == std::string::npos ? *group : "";
    while (!path.empty() && path != "/") {
      if (is_folder(mount + path)) folders.push_back(mount + path);
      const std::size_t slash = path.rfind('/');
      path.resize(slash == std::string::npos ? 0 : slash);
    }
    folders.push_back(mount);
    return folders;
  }
  return {};
}

std::optional<std::string> first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  return line;
}

std::optional<std::uint64_t> whole_number(std::string_view text) noexcept {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace braid::parallel
