#pragma once

#include <braid/error.hpp>

namespace braid::base {

[[nodiscard]] inline Error cancelled() {
  return {.code = Errc::cancelled, .message = "cancelled"};
}

}  // namespace braid::base
