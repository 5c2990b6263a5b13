#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "archive/glob.hpp"
#include "io/folder.hpp"

namespace braid::archive {

// What the .gitignore files of a folder and of those above it say of the names in it.
class IgnoreRules {
 public:
  // Those of `above` (may be null), and of the file .gitignore in `folder`, which `path` leads to.
  // A missing file says nothing. Errors: io.
  [[nodiscard]] static Result<std::shared_ptr<const IgnoreRules>> read(
      std::shared_ptr<const IgnoreRules> above, const io::Folder& folder, const std::string& path,
      const std::string& file = ".gitignore");

  // Whether `path`, in the folder or below it, is ignored for itself. The nearest file that has a
  // word on it decides, and in it the last pattern.
  [[nodiscard]] bool ignores(std::string_view path, bool is_folder) const;

 private:
  std::shared_ptr<const IgnoreRules> above_;
  std::size_t prefix_ = 0;  // of a path, what leads to the folder, with the slash
  GlobList globs_;
};

}  // namespace braid::archive
