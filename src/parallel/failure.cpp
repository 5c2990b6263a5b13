#include "parallel/failure.hpp"

#include <new>

namespace braid::parallel {

Result<void> Failure::report() && {
  if (thrown) std::rethrow_exception(std::move(thrown));
  return std::move(error);
}

namespace {

// Keeps the code when there is no memory left for the words.
Error describe(Errc code, const char* what) noexcept {
  try {
    return {.code = code, .message = what};
  } catch (...) {
    return {.code = code, .message = {}};
  }
}

}  // namespace

Failure failure_in_flight() noexcept {
  try {
    throw;
  } catch (const UserException& user) {
    return {{}, user.cause};
  } catch (const std::bad_alloc&) {
    return {describe(Errc::out_of_memory, "out of memory"), nullptr};
  } catch (const Exception& known) {
    try {
      return {known.error(), nullptr};
    } catch (...) {
      return {describe(known.error().code, ""), nullptr};
    }
  } catch (const std::exception& unknown) {
    return {describe(Errc::internal, unknown.what()), nullptr};
  } catch (...) {
    return {describe(Errc::internal, "an unknown exception escaped"), nullptr};
  }
}

}  // namespace braid::parallel
