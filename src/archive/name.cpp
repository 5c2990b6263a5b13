#include <braid/archive.hpp>

#include <algorithm>
#include <cctype>

#include "archive/format.hpp"

namespace braid {

namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

const archive::Format* by_extension(std::string_view name) {
  for (const archive::Format* row : archive::formats()) {
    for (const std::string_view extension : row->extensions) {
      if (name.ends_with(extension)) return row;
    }
  }
  return nullptr;
}

}  // namespace

std::optional<ArchiveName> archive_from_path(std::string_view path) {
  const std::string name = lower_case(path.substr(path.rfind('/') + 1));
  if (const archive::Format* row = by_extension(name)) {
    return ArchiveName{row->format, row->default_algorithm};
  }
  const auto algorithm = algorithm_from_path(name);
  const auto inner = path_without_extension(name);
  if (!algorithm || !inner) return std::nullopt;
  const archive::Format* row = by_extension(*inner);
  if (row == nullptr || !row->is_stream) return std::nullopt;
  return ArchiveName{row->format, *algorithm};
}

}  // namespace braid
