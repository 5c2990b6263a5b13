#pragma once

#include <braid/archive.hpp>

#include "archive/glob.hpp"

namespace braid::archive {

// A NameFilter made ready. Const members from any thread.
class Selection {
 public:
  explicit Selection(const NameFilter& filter)
      : include_(filter.include), exclude_(filter.exclude) {}

  // Whether an entry of this path is wanted.
  [[nodiscard]] bool wants(std::string_view path, bool is_folder) const {
    if (exclude_.covers(path, is_folder)) return false;
    return include_.empty() || include_.covers(path, is_folder);
  }

  // Whether a folder must be gone through: also one that is not wanted itself may hold what is.
  [[nodiscard]] bool enters(std::string_view path) const { return !exclude_.covers(path, true); }

 private:
  GlobList include_;
  GlobList exclude_;
};

}  // namespace braid::archive
