#include "archive/format.hpp"

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
