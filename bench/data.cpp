#include "bench/data.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace braid::bench {

namespace {

namespace fs = std::filesystem;

// Appends regular files below `folder`, in order of their names, until `data` holds `until` bytes.
void append_files(std::string& data, const fs::path& folder, std::size_t until) {
  std::vector<fs::path> files;
  std::error_code ignored;
  constexpr auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator it(folder, options, ignored), end; it != end;
       it.increment(ignored)) {
    if (it->is_regular_file(ignored) && !it->is_symlink(ignored)) files.push_back(it->path());
  }
  std::ranges::sort(files);
  for (const fs::path& file : files) {
    if (data.size() >= until) return;
    // Already compressed: documents and manuals that packages ship as .gz.
    if (file.extension() == ".gz" || file.extension() == ".xz") continue;
    std::ifstream stream(file, std::ios::binary);
    data.append(std::istreambuf_iterator<char>(stream), {});
  }
}

}  // namespace

std::string machine_data(std::size_t bytes) {
  std::string data;
  append_files(data, "/usr/include", bytes / 2);
  append_files(data, "/usr/share", bytes / 2);
  append_files(data, "/usr/lib", bytes);
  append_files(data, "/usr/bin", bytes);
  data.resize(std::min(data.size(), bytes));
  return data;
}

}  // namespace braid::bench
