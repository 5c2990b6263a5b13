#include "cli/reading.hpp"

#include <braid/archive.hpp>

#include <array>

#include <fmt/core.h>

namespace braid::cli {

namespace {

constexpr std::size_t detection_bytes = 512;  // what detect() asks for

// Holds a gzip header with the longest extra field, and a name of any length that systems permit.
constexpr std::size_t header_bytes = 96 << 10;

}  // namespace

Result<std::optional<Algorithm>> format_of(Input& input, std::string_view name) {
  auto prefix = input.peek(detection_bytes);
  if (!prefix) return std::move(prefix).error();
  const auto seen = detect(*prefix);
  if (seen && seen->score >= Detection::certain) return std::optional(seen->algorithm);
  if (const auto told = algorithm_from_path(name)) return told;
  return seen ? std::optional(seen->algorithm) : std::nullopt;
}

Result<void> refuse_archive(Input& input) {
  auto prefix = input.peek(detection_bytes);
  if (!prefix) return std::move(prefix).error();
  const auto archive = detect_archive(*prefix);
  if (!archive) return {};
  const std::string_view format = archive->format == ArchiveFormat::zip ? "zip" : "tar";
  return Error{.code = Errc::unknown_format,
               .message = fmt::format(
                   "is a {} archive; 'braid extract', 'list' and 'test' read those", format)};
}

Result<std::string> stored_name_of(Input& input) {
  auto prefix = input.peek(header_bytes);
  if (!prefix) return std::move(prefix).error();
  auto decoder = Decoder::make({.algorithm = Algorithm::gzip});
  if (!decoder) return std::move(decoder).error();
  std::array<std::byte, 1> out{};  // any output at all means that the header has been read
  // A damaged header is for decoding to report.
  [[maybe_unused]] const auto step = decoder->step(*prefix, out, braid::Input::more);
  return decoder->info().stored_name;
}

}  // namespace braid::cli
