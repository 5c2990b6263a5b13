#pragma once

#include <braid/archive.hpp>

#include <string>
#include <vector>

#include "cli/text.hpp"

namespace braid::cli {

// The entries of an archive drawn as a tree of folders. Memory: their paths.
class ArchiveTree {
 public:
  void add(const Entry& entry);

  // In the order of the names' bytes, what is in a folder below it; folders that only paths tell of
  // too. Errors: io.
  [[nodiscard]] Result<void> print(TextOut& out);

 private:
  struct Leaf {
    std::vector<std::string> names;
    bool is_folder = false;
    std::string link;
  };

  std::vector<Leaf> leaves_;
};

}  // namespace braid::cli
