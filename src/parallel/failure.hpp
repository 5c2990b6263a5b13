#pragma once

#include <braid/result.hpp>

#include <exception>
#include <optional>
#include <utility>

// How a stage or a task ended badly, carried from the thread it happened on to the caller.
namespace braid::parallel {

// Marks an exception that came out of the user's own code (a callback, source or sink), which must
// reach the caller as it is instead of being turned into an Error. Thrown by call_user() only.
struct UserException {
  std::exception_ptr cause;
};

// Calls the user's code from inside a stage or task. Whatever it throws is rethrown, unchanged,
// from the run_ordered() or TaskGroup::wait() that the stage or task belongs to. Nested runs are
// called through it as well: what they throw is the user's.
template <typename F>
decltype(auto) call_user(F&& call) {
  try {
    return std::forward<F>(call)();
  } catch (const UserException&) {
    throw;
  } catch (...) {
    throw UserException{std::current_exception()};
  }
}

struct Failure {
  Error error;                // when `thrown` is empty
  std::exception_ptr thrown;  // the user's exception

  // Rethrows the user's exception or returns the error.
  Result<void> report() &&;
};

// The failure that the exception in flight stands for; called in a catch block. std::bad_alloc is
// out_of_memory, UserException is itself, braid::Exception is its error, anything else internal.
[[nodiscard]] Failure failure_in_flight() noexcept;

// Runs a `() -> Result<void>`; nothing leaves it but how it failed, if it did.
template <typename Stage>
[[nodiscard]] std::optional<Failure> attempt(Stage&& stage) noexcept {
  try {
    if (Result<void> result = stage(); !result) return Failure{std::move(result).error(), nullptr};
    return std::nullopt;
  } catch (...) {
    return failure_in_flight();
  }
}

}  // namespace braid::parallel
