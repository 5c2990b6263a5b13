#pragma once

#include <braid/file.hpp>

#include <string>
#include <utility>

#include "base/try.hpp"

// What the readers and writers of other programs' indexes share.
namespace braid::engine {

[[nodiscard]] inline Error cannot_index(std::string what) {
  return {.code = Errc::unsupported_feature, .message = std::move(what)};
}

[[nodiscard]] inline Error damaged_index() {
  return {.code = Errc::corrupt, .message = "the index is damaged"};
}

[[nodiscard]] inline Error index_of_another_file() {
  return {.code = Errc::invalid_argument, .message = "the index belongs to another file"};
}

// Errors: invalid_argument when the file is none that has a size.
[[nodiscard]] inline Result<std::uint64_t> size_of(const FileSource& file) {
  const auto size = file.size();
  if (!size) return Error{.code = Errc::invalid_argument, .message = "is no regular file"};
  return *size;
}

}  // namespace braid::engine
