#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <stdlib.h>

namespace braid::parallel {

// A folder that stands for "/" and is gone with the object.
class FakeRoot {
 public:
  FakeRoot() {
    std::string name = (std::filesystem::temp_directory_path() / "braid-root-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }

  ~FakeRoot() { std::filesystem::remove_all(path_); }

  FakeRoot(const FakeRoot&) = delete;
  FakeRoot& operator=(const FakeRoot&) = delete;

  FakeRoot& file(std::string_view name, std::string_view text) {
    const std::filesystem::path path = path_ + "/" + std::string(name);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return *this;
  }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace braid::parallel
