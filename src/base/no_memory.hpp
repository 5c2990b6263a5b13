#pragma once

#include <braid/algorithm.hpp>
#include <braid/error.hpp>

#include <new>
#include <optional>
#include <string_view>

namespace braid::base {

// out_of_memory, for handlers of std::bad_alloc: where there is no memory for the words either, it
// comes without them.
[[nodiscard]] inline Error no_memory(std::string_view clause,
                                     std::optional<Algorithm> algorithm = {}) noexcept {
  Error error{.code = Errc::out_of_memory, .message = {}, .algorithm = algorithm};
  try {
    error.message = clause;
  } catch (const std::bad_alloc&) {
  }
  return error;
}

}  // namespace braid::base
