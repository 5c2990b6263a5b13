#pragma once

#include <braid/archive.hpp>

#include <string>
#include <unordered_map>
#include <vector>

#include "archive/glob.hpp"

namespace braid::archive {

// `path` without "./" and "/" before it: what names and patterns are held against.
[[nodiscard]] std::string_view bare_path(std::string_view path) noexcept;

// A NameFilter made ready. Const members from any thread.
class Selection {
 public:
  explicit Selection(const NameFilter& filter);

  // Whether an entry of this path is wanted, as far as the name tells; tells the names that it
  // meets apart. One thread at a time.
  [[nodiscard]] bool wants(std::string_view path, bool is_folder);

  // Whether a file of this size and time is wanted.
  [[nodiscard]] bool wants_file(std::uint64_t size, const std::optional<Timestamp>& time) const;

  // Whether a folder must be gone through: also one that is not wanted itself may hold what is.
  [[nodiscard]] bool enters(std::string_view path) const;

  // The names of the filter that nothing met, in their order.
  [[nodiscard]] std::vector<std::string> unmet() const;

 private:
  bool is_named(std::string_view path, bool is_folder);

  struct Pattern {
    std::size_t name;  // its place in the filter
    GlobList glob;
  };

  const NameFilter& filter_;
  GlobList include_;
  GlobList exclude_;
  std::unordered_map<std::string, std::size_t> paths_;  // names without wildcards
  std::vector<Pattern> patterns_;
  std::vector<bool> met_;
};

}  // namespace braid::archive
