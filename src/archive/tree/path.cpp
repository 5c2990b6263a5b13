#include "archive/tree/path.hpp"

#include <algorithm>

namespace braid::archive {

namespace {

Error unsafe(std::string message, std::string_view path) {
  return {.code = Errc::unsafe_path, .message = std::move(message), .entry = std::string(path)};
}

// Calls see(name) for the names between slashes until it returns false.
template <typename See>
void each_name(std::string_view path, See&& see) {
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (!see(path.substr(begin, end - begin))) return;
    begin = end + 1;
  }
}

// "..\..\x", "a\..", "C:\..": harmless here and an escape where backslashes separate names.
bool has_backslash_dots(std::string_view name) {
  if (name.find('\\') == std::string_view::npos) return false;
  std::size_t begin = 0;
  while (begin <= name.size()) {
    const std::size_t end = std::min(name.find('\\', begin), name.size());
    const std::string_view part = name.substr(begin, end - begin);
    if (part == ".." || part.ends_with(":..")) return true;
    begin = end + 1;
  }
  return false;
}

std::string_view fault_of_text(std::string_view text) {
  if (text.empty()) return "is empty";
  if (text.find('\0') != std::string_view::npos) return "holds a NUL byte";
  if (text.front() == '/') return "is absolute";
  if (text.size() >= max_path) return "is too long";
  return {};
}

}  // namespace

Result<std::string> clean_path(std::string_view path) {
  if (const auto fault = fault_of_text(path); !fault.empty()) {
    return unsafe("the name " + std::string(fault), path);
  }
  std::string clean;
  clean.reserve(path.size());
  std::string_view fault;
  std::size_t depth = 0;
  each_name(path, [&](std::string_view name) {
    if (name.empty() || name == ".") return true;
    if (name == ".." || has_backslash_dots(name)) fault = "the name leads upwards with \"..\"";
    if (name.size() > max_name) fault = "a part of the name is too long";
    if (++depth > max_depth) fault = "the name is too deep";
    if (!clean.empty()) clean += '/';
    clean += name;
    return fault.empty();
  });
  if (!fault.empty()) return unsafe(std::string(fault), path);
  return clean;
}

Result<LinkReach> judge_link(std::string_view path, std::string_view target) {
  if (const auto fault = fault_of_text(target); !fault.empty()) {
    return unsafe("the link's target " + std::string(fault), path);
  }
  auto above = static_cast<std::size_t>(std::ranges::count(path, '/'));
  LinkReach reach = LinkReach::inside;
  std::size_t depth = above;  // by the text, of where the target's names have led so far
  bool behind_names = false;
  bool out = false;
  each_name(target, [&](std::string_view name) {
    if (name.empty() || name == ".") return true;
    if (name != "..") {
      behind_names = true;
      ++depth;
      out = has_backslash_dots(name);
      return !out;
    }
    if (behind_names) reach = LinkReach::by_parts;
    out = depth == 0;
    if (!out) --depth;
    return !out;
  });
  if (out) return unsafe("the link leads out of the folder", path);
  return reach;
}

SplitPath split_path(std::string_view clean) {
  const std::size_t slash = clean.rfind('/');
  if (slash == std::string_view::npos) return {.folder = {}, .name = std::string(clean)};
  return {.folder = std::string(clean.substr(0, slash)),
          .name = std::string(clean.substr(slash + 1))};
}

}  // namespace braid::archive
