#include "cli/archive_tree.hpp"

#include <algorithm>

namespace braid::cli {

namespace {

// Deeper names are printed in one piece: each level costs four columns.
constexpr std::size_t most_levels = 64;

std::vector<std::string> components(std::string_view path) {
  std::vector<std::string> names;
  while (!path.empty()) {
    const std::size_t slash = names.size() + 1 == most_levels ? path.npos : path.find('/');
    const std::string_view name = path.substr(0, slash);
    if (!name.empty() && name != ".") names.emplace_back(name);
    path.remove_prefix(slash == path.npos ? path.size() : slash + 1);
  }
  return names;
}

std::size_t equal_names(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const auto [end, other] = std::ranges::mismatch(a, b);
  return static_cast<std::size_t>(end - a.begin());
}

}  // namespace

void ArchiveTree::add(const Entry& entry) {
  leaves_.push_back({.names = components(entry.path),
                     .is_folder = entry.type == EntryType::directory,
                     .link = entry.type == EntryType::symlink ? entry.link_target : ""});
}

Result<void> ArchiveTree::print(TextOut& out) {
  std::ranges::stable_sort(leaves_, {}, &Leaf::names);
  // From the end: whether anything follows in a folder is known then.
  std::vector<std::string> lines;
  std::vector<bool> follows;  // by level: a later name of the same folder was met
  std::vector<std::string> below;
  for (auto leaf = leaves_.rbegin(); leaf != leaves_.rend(); ++leaf) {
    const auto before = std::next(leaf);
    const std::size_t shared =
        before == leaves_.rend() ? 0 : equal_names(before->names, leaf->names);
    // All levels that this leaf is the first to have, the deepest first.
    const std::size_t least = std::min(shared, leaf->names.size());
    follows.resize(leaf->names.size() + 1, false);
    for (std::size_t level = leaf->names.size(); level > least; --level) {
      std::string line;
      for (std::size_t i = 0; i + 1 < level; ++i) line += follows[i] ? "│   " : "    ";
      line += follows[level - 1] ? "├── " : "└── ";
      line += printable(leaf->names[level - 1]);
      const bool is_leaf = level == leaf->names.size();
      if (!is_leaf || leaf->is_folder) line += '/';
      if (is_leaf && !leaf->link.empty()) line += " -> " + printable(leaf->link);
      lines.push_back(std::move(line));
      follows[level - 1] = true;
      follows.resize(level);
    }
  }
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (auto done = out.put(*line + "\n"); !done) return done;
  }
  return {};
}

}  // namespace braid::cli
