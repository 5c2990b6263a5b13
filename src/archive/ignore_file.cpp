#include "archive/ignore_file.hpp"

#include "base/try.hpp"

namespace braid::archive {

namespace {

// Larger ones are not lists of patterns.
constexpr std::size_t most_bytes = 16 << 20;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

Result<std::shared_ptr<const IgnoreRules>> IgnoreRules::read(
    std::shared_ptr<const IgnoreRules> above, const io::Folder& folder, const std::string& path,
    const std::string& file) {
  struct stat status {};

  // A link is not followed, as in git.
  const auto found = folder.look(file);
  if (!found || !S_ISREG(found->st_mode)) return above;
  BRAID_TRY_VALUE(io::File open, folder.open_file(file, status));
  Buffer bytes;
  for (;;) {
    constexpr std::size_t piece = 64 << 10;
    const std::size_t end = bytes.size();
    bytes.resize(end + piece);
    BRAID_TRY_VALUE(const std::size_t count, open.read(bytes.writable().subspan(end)));
    bytes.resize(end + count);
    if (count == 0) break;
    if (bytes.size() > most_bytes) {
      return Error{.code = Errc::invalid_argument,
                   .message = "is too large for a list of patterns",
                   .entry = folder.path_of(file)};
    }
  }
  auto rules = std::make_shared<IgnoreRules>();
  rules->above_ = std::move(above);
  rules->prefix_ = path.empty() ? 0 : path.size() + 1;
  rules->globs_ = GlobList(lines_of(bytes.view().text()));
  return std::shared_ptr<const IgnoreRules>(std::move(rules));
}

bool IgnoreRules::ignores(std::string_view path, bool is_folder) const {
  for (const IgnoreRules* rules = this; rules != nullptr; rules = rules->above_.get()) {
    if (path.size() <= rules->prefix_) continue;
    const GlobList::Verdict verdict = rules->globs_.match(path.substr(rules->prefix_), is_folder);
    if (verdict != GlobList::Verdict::none) return verdict == GlobList::Verdict::matched;
  }
  return false;
}

}  // namespace braid::archive
