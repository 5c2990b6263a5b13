#include "archive/selection.hpp"

#include <algorithm>

namespace braid::archive {

namespace {

std::string_view without_slashes(std::string_view path) noexcept {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

bool is_before(const Timestamp& a, const Timestamp& b) noexcept {
  return a.seconds != b.seconds ? a.seconds < b.seconds : a.nanoseconds < b.nanoseconds;
}

}  // namespace

std::string_view bare_path(std::string_view path) noexcept {
  while (path.starts_with('/') || path.starts_with("./")) {
    path.remove_prefix(path.front() == '/' ? 1 : 2);
  }
  return path;
}

Selection::Selection(const NameFilter& filter)
    : filter_(filter),
      include_(filter.include),
      exclude_(filter.exclude),
      met_(filter.names.size(), false) {
  for (std::size_t i = 0; i < filter.names.size(); ++i) {
    const std::string& name = filter.names[i];
    // What looks like a pattern may be a name all the same.
    paths_.try_emplace(std::string(without_slashes(bare_path(name))), i);
    if (name.find_first_of("*?[") != std::string::npos) {
      patterns_.push_back({i, GlobList({name})});
    }
  }
}

bool Selection::wants(std::string_view path, bool is_folder) {
  path = bare_path(path);
  if (!filter_.names.empty() && !is_named(path, is_folder)) return false;
  if (filter_.max_depth &&
      std::ranges::count(path, '/') >= static_cast<std::ptrdiff_t>(*filter_.max_depth)) {
    return false;
  }
  if (exclude_.covers(path, is_folder)) return false;
  return include_.empty() || include_.covers(path, is_folder);
}

// The path itself or a folder above it is among the names, or a pattern covers it.
bool Selection::is_named(std::string_view path, bool is_folder) {
  bool named = false;
  std::string key(path);
  for (;;) {
    if (const auto found = paths_.find(key); found != paths_.end()) {
      met_[found->second] = true;
      named = true;
    }
    const std::size_t slash = key.rfind('/');
    if (slash == std::string::npos) break;
    key.resize(slash);
  }
  for (const Pattern& pattern : patterns_) {
    if (!pattern.glob.covers(path, is_folder)) continue;
    met_[pattern.name] = true;
    named = true;
  }
  return named;
}

bool Selection::wants_file(std::uint64_t size, const std::optional<Timestamp>& time) const {
  if (size < filter_.min_size || size > filter_.max_size) return false;
  if (filter_.newer && (!time || !is_before(*filter_.newer, *time))) return false;
  return !filter_.older || (time && is_before(*time, *filter_.older));
}

bool Selection::enters(std::string_view path) const {
  if (filter_.max_depth &&
      std::ranges::count(path, '/') + 1 >= static_cast<std::ptrdiff_t>(*filter_.max_depth)) {
    return false;
  }
  return !exclude_.covers(path, true);
}

std::vector<std::string> Selection::unmet() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < met_.size(); ++i) {
    if (!met_[i]) names.push_back(filter_.names[i]);
  }
  return names;
}

}  // namespace braid::archive
