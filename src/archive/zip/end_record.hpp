#pragma once

#include "archive/format.hpp"

namespace braid::archive::zip {

// What the end of an archive says of its directory.
struct EndRecord {
  std::uint64_t entries = 0;
  std::uint64_t start = 0;     // of the directory in the file
  std::uint64_t size = 0;      // of the directory
  std::uint64_t prefix = 0;    // bytes before the archive
  std::uint64_t trailing = 0;  // bytes behind it
};

// Finds the record that ends the file, comment included; where none does, the last that bytes
// follow. Everything in it must tie out: the directory ends where the record begins and starts with
// a header. Two records that both do are refused: readers would differ on what the archive holds.
// Errors: corrupt, unknown_format, unsupported_feature, io.
[[nodiscard]] Result<EndRecord> find_end(const Positioned& file);

}  // namespace braid::archive::zip
