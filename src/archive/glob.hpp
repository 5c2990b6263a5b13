#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace braid::archive {

// A list of patterns with the meaning of gitignore(5). Const members from any thread.
class GlobList {
 public:
  GlobList() = default;

  // Empty patterns and those that begin with '#' say nothing, as in a .gitignore file.
  explicit GlobList(const std::vector<std::string>& patterns);

  [[nodiscard]] bool empty() const noexcept { return globs_.empty(); }

  enum class Verdict : unsigned char { none, matched, negated };

  // What the last pattern says that matches `path` itself: relative, '/' between components, none
  // at the end. Cost: linear in path and pattern for each, times the wildcards `**` in it.
  [[nodiscard]] Verdict match(std::string_view path, bool is_folder) const;

  // The same for `path` or else the nearest folder above it that a pattern matches.
  [[nodiscard]] bool covers(std::string_view path, bool is_folder) const;

 private:
  struct Glob {
    std::vector<std::string> components;  // "**" stands for any number
    bool negated = false;
    bool folders_only = false;
    bool anywhere = false;  // without '/': held against the last component
  };

  std::vector<Glob> globs_;
};

// One component against one pattern without '/': `*`, `?`, `[...]` and backslash.
[[nodiscard]] bool match_component(std::string_view pattern, std::string_view name) noexcept;

}  // namespace braid::archive
