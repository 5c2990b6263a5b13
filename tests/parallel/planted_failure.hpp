#pragma once

#include <cstdint>
#include <new>
#include <stdexcept>
#include <string>

#include "parallel/failure.hpp"

// Every way in which a stage can fail.
namespace braid::parallel {

enum class How { error, exception, bad_alloc, user };

struct UserError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline Result<void> fail_now(How how, std::uint64_t k) {
  switch (how) {
    case How::error:
      return Error{.code = Errc::corrupt, .message = std::to_string(k)};
    case How::exception:
      throw std::runtime_error(std::to_string(k));
    case How::bad_alloc:
      throw std::bad_alloc();
    case How::user:
      return call_user([&]() -> Result<void> { throw UserError(std::to_string(k)); });
  }
  return {};
}

}  // namespace braid::parallel
