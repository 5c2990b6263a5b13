#include "cli/names.hpp"

#include <braid/archive.hpp>

#include <fmt/core.h>

#include "cli/text.hpp"

namespace braid::cli {

namespace {

// ".gz" of "dir/.gz" is a name, not a suffix.
bool has_suffix(std::string_view path, std::string_view suffix) noexcept {
  const std::string_view base = base_name(path);
  return base.size() > suffix.size() && base.ends_with(suffix);
}

}  // namespace

std::string index_name(const std::string& path, IndexFormat format) {
  switch (format) {
    case IndexFormat::bgzf:
      return path + ".gzi";
    case IndexFormat::gztool:
      return path + (path.ends_with(".gz") ? "i" : ".gzi");
    case IndexFormat::braid:
    case IndexFormat::indexed_gzip:
      break;
  }
  return path + ".idx";
}

std::string_view base_name(std::string_view path) noexcept {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

Result<std::string> compressed_name(std::string_view path, Algorithm format,
                                    const std::optional<std::string>& suffix) {
  if (suffix) return fmt::format("{}{}", path, *suffix);
  const AlgorithmInfo& row = info(format);
  if (row.extensions.empty()) {
    return Error{
        .code = Errc::invalid_argument,
        .message = fmt::format("the format {} has no extension; name the output with -o or use -c",
                               row.name)};
  }
  return fmt::format("{}{}", path, row.extensions.front());
}

bool is_compressed_name(std::string_view path, Algorithm format,
                        const std::optional<std::string>& suffix) {
  if (suffix) return has_suffix(path, *suffix);
  return algorithm_from_path(path) == format;
}

bool is_archive_name(std::string_view path) {
  const auto told = archive_from_path(path);
  return told && (told->format == ArchiveFormat::zip || told->algorithm == Algorithm::none);
}

Result<std::string> restored_name(std::string_view path, const std::optional<std::string>& suffix) {
  if (suffix && has_suffix(path, *suffix)) {
    return std::string(path.substr(0, path.size() - suffix->size()));
  }
  if (auto stem = path_without_extension(path)) return *std::move(stem);
  if (is_archive_name(path)) {
    return Error{.code = Errc::invalid_argument,
                 .message = "the name is an archive's; 'braid extract' unpacks those"};
  }
  return Error{
      .code = Errc::invalid_argument,
      .message = "the name has no known extension to take away; name the output with -o or use -c"};
}

std::optional<std::string> stored_name_beside(std::string_view path, std::string_view stored) {
  const std::string_view name = base_name(stored.substr(0, stored.find('\0')));
  if (name.empty() || name == "." || name == "..") return std::nullopt;
  const std::string_view folder = path.substr(0, path.size() - base_name(path).size());
  return fmt::format("{}{}", folder, name);
}

}  // namespace braid::cli
