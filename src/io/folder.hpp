#pragma once

#include <braid/result.hpp>

#include <memory>
#include <string>
#include <vector>

#include <sys/stat.h>

#include "io/file.hpp"

namespace braid::io {

// A name in a folder and what the system says it is without being asked for more: DT_REG, DT_DIR...
struct FolderName {
  std::string name;
  unsigned char type = 0;
};

// An open folder, for reading what lies in it by names without '/'. Links are never followed, so
// that nobody who moves or replaces things meanwhile leads the reader elsewhere.
// Const members may be called from any thread. Errors name the path below which it was opened.
class Folder {
 public:
  // `path` may be a link to a folder. Errors: not_found, io.
  [[nodiscard]] static Result<std::shared_ptr<const Folder>> open(const std::string& path);

  [[nodiscard]] Result<std::shared_ptr<const Folder>> open_folder(const std::string& name) const;

  // A regular file; whatever else came up under the name is refused, without waiting for it.
  [[nodiscard]] Result<File> open_file(const std::string& name, struct stat& status) const;

  [[nodiscard]] Result<struct stat> look(const std::string& name) const;

  [[nodiscard]] Result<std::string> read_link(const std::string& name) const;

  // All names but "." and "..", sorted by their bytes.
  [[nodiscard]] Result<std::vector<FolderName>> names() const;

  [[nodiscard]] Result<struct stat> status() const;

  [[nodiscard]] const std::string& path() const noexcept { return file_.name(); }

  [[nodiscard]] int descriptor() const noexcept { return file_.descriptor(); }

  [[nodiscard]] std::string path_of(const std::string& name) const;

  explicit Folder(File file) noexcept : file_(std::move(file)) {}

 private:
  File file_;
};

}  // namespace braid::io
