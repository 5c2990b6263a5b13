#include "archive/glob.hpp"

#include <optional>

namespace braid::archive {

namespace {

// Whether `c` is of the class "alpha" and its like, as in the C locale; nothing for other names.
std::optional<bool> in_class(std::string_view name, unsigned char c) noexcept {
  const bool lower = c >= 'a' && c <= 'z';
  const bool upper = c >= 'A' && c <= 'Z';
  const bool digit = c >= '0' && c <= '9';
  const bool graph = c > 0x20 && c < 0x7f;
  if (name == "lower") return lower;
  if (name == "upper") return upper;
  if (name == "digit") return digit;
  if (name == "alpha") return lower || upper;
  if (name == "alnum") return lower || upper || digit;
  if (name == "punct") return graph && !lower && !upper && !digit;
  if (name == "graph") return graph;
  if (name == "print") return graph || c == ' ';
  if (name == "blank") return c == ' ' || c == '\t';
  if (name == "space") return c == ' ' || (c >= '\t' && c <= '\r');
  if (name == "cntrl") return c < 0x20 || c == 0x7f;
  if (name == "xdigit") return digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  return std::nullopt;
}

// The length of the set, and whether `c` is in it; nothing when the set makes no sense.
struct SetMatch {
  std::size_t length;
  bool in;
};

std::optional<SetMatch> match_set(std::string_view pattern, unsigned char c) noexcept {
  std::size_t at = 1;
  const bool negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
  if (negated) ++at;
  bool in = false;
  for (bool first = true; at < pattern.size() && (first || pattern[at] != ']'); first = false) {
    if (pattern.substr(at).starts_with("[:")) {
      const std::size_t end = pattern.find(":]", at + 2);
      if (end == std::string_view::npos) return std::nullopt;
      const auto member = in_class(pattern.substr(at + 2, end - at - 2), c);
      if (!member) return std::nullopt;
      in = in || *member;
      at = end + 2;
      continue;
    }
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    const auto low = static_cast<unsigned char>(pattern[at++]);
    auto high = low;
    if (at + 1 < pattern.size() && pattern[at] == '-' && pattern[at + 1] != ']') {
      ++at;
      if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
      high = static_cast<unsigned char>(pattern[at++]);
    }
    in = in || (low <= c && c <= high);
  }
  if (at >= pattern.size()) return std::nullopt;
  return SetMatch{at + 1, in != negated};
}

// Matches one character of the name at the front of the pattern; its length, or nothing.
std::optional<std::size_t> match_one(std::string_view pattern, char c) noexcept {
  if (pattern.empty()) return std::nullopt;
  if (pattern[0] == '?') return 1;
  if (pattern[0] == '[') {
    const auto set = match_set(pattern, static_cast<unsigned char>(c));
    return set && set->in ? std::optional(set->length) : std::nullopt;
  }
  if (pattern[0] == '\\') {
    return pattern.size() > 1 && pattern[1] == c ? std::optional<std::size_t>(2) : std::nullopt;
  }
  return pattern[0] == c ? std::optional<std::size_t>(1) : std::nullopt;
}

std::vector<std::string_view> components_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    if (slash != 0) parts.push_back(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return parts;
}

// Only the last `**` is ever gone back to: what an earlier one could take, a later one can too.
bool match_components(const std::vector<std::string>& pattern,
                      const std::vector<std::string_view>& path) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::optional<std::pair<std::size_t, std::size_t>> retry;
  while (n < path.size()) {
    if (p < pattern.size() && pattern[p] == "**") {
      if (p + 1 == pattern.size()) return true;  // "a/**": everything below a
      retry = {++p, n};
    } else if (p < pattern.size() && match_component(pattern[p], path[n])) {
      ++p;
      ++n;
    } else if (retry) {
      p = retry->first;
      n = ++retry->second;
    } else {
      return false;
    }
  }
  return p == pattern.size();
}

}  // namespace

bool match_component(std::string_view pattern, std::string_view name) noexcept {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_name = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      star_name = n;
    } else if (const auto length = match_one(pattern.substr(p), name[n])) {
      p += *length;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star;
      n = ++star_name;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

GlobList::GlobList(const std::vector<std::string>& patterns) {
  for (std::string_view text : patterns) {
    // Blanks at the end say nothing unless a backslash is before them.
    while (text.ends_with(' ') && !text.ends_with("\\ ")) text.remove_suffix(1);
    if (text.starts_with('#')) continue;
    Glob glob;
    if (text.starts_with('!')) {
      glob.negated = true;
      text.remove_prefix(1);
    }
    if (text.ends_with('/')) {
      glob.folders_only = true;
      text.remove_suffix(1);
    }
    // No path has an empty component.
    if (text.empty() || text.find("//") != text.npos || text.ends_with('/')) continue;
    glob.anywhere = text.find('/') == std::string_view::npos;
    for (const std::string_view part : components_of(text)) {
      const bool crosses = part.size() > 2 && part.find_first_not_of('*') == part.npos;
      glob.components.emplace_back(crosses ? "**" : part);
    }
    if (glob.components.empty()) continue;
    globs_.push_back(std::move(glob));
  }
}

GlobList::Verdict GlobList::match(std::string_view path, bool is_folder) const {
  const std::vector<std::string_view> parts = components_of(path);
  if (parts.empty()) return Verdict::none;
  for (auto glob = globs_.rbegin(); glob != globs_.rend(); ++glob) {
    if (glob->folders_only && !is_folder) continue;
    const bool matches = glob->anywhere ? match_component(glob->components.front(), parts.back())
                                        : match_components(glob->components, parts);
    if (matches) return glob->negated ? Verdict::negated : Verdict::matched;
  }
  return Verdict::none;
}

bool GlobList::covers(std::string_view path, bool is_folder) const {
  if (globs_.empty()) return false;
  // A folder that is matched decides for what is below it; nothing below takes it back.
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    if (match(path.substr(0, slash), true) == Verdict::matched) return true;
  }
  return match(path, is_folder) == Verdict::matched;
}

}  // namespace braid::archive
