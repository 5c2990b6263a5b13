#include "archive/format.hpp"

#include <algorithm>
#include <array>

#include "archive/tar/tar.hpp"
#include "archive/zip/zip.hpp"

namespace braid::archive {

namespace {

constinit const std::array<const Format*, 2> rows = {&tar::row, &zip::row};

}  // namespace

std::span<const Format* const> formats() noexcept {
  return rows;
}

const Format& format(ArchiveFormat wanted) noexcept {
  for (const Format* row : rows) {
    if (row->format == wanted) return *row;
  }
  return *rows.front();
}

const Format* detect_format(ByteView prefix) noexcept {
  for (const Format* row : rows) {
    if (row->detect(prefix)) return row;
  }
  return nullptr;
}

const Format* detect_format_by_end(const Positioned& file) {
  for (const Format* row : rows) {
    if (row->detect_end != nullptr && row->detect_end(file)) return row;
  }
  return nullptr;
}

}  // namespace braid::archive

namespace braid {

std::span<const ArchiveInfo> archive_formats() noexcept {
  static const auto infos = [] {
    std::array<ArchiveInfo, std::tuple_size_v<decltype(archive::rows)>> all{};
    std::ranges::transform(archive::rows, all.begin(), [](const archive::Format* row) {
      return ArchiveInfo{row->format, row->name, row->extensions, row->description, row->is_stream};
    });
    return all;
  }();
  return infos;
}

}  // namespace braid
