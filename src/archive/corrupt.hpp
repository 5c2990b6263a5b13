#pragma once

#include <braid/error.hpp>

#include <string>
#include <utility>

namespace braid::archive {

// The error of an archive that breaks its format's rules: `message` says which.
[[nodiscard]] inline Error corrupt(std::string message) {
  return {.code = Errc::corrupt, .message = std::move(message)};
}

}  // namespace braid::archive
