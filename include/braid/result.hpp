#pragma once

#include <braid/error.hpp>

#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace braid {

// Either a value or an Error: a strict subset of std::expected<T, Error> (C++23), so that it can
// become an alias of it. value() throws braid::Exception; operator* must not be called on an error.
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  using error_type = Error;

  template <typename U = T>

  requires(std::constructible_from<T, U> && !std::same_as<std::remove_cvref_t<U>, Result> &&
           !std::same_as<std::remove_cvref_t<U>, Error>)
      Result(U&& value)  // NOLINT(google-explicit-constructor): a value is a result
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}

  Result(Error error)  // NOLINT(google-explicit-constructor): so is an error
      : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }

  explicit operator bool() const noexcept { return has_value(); }

  T& value() & {
    require();
    return *std::get_if<0>(&state_);
  }

  const T& value() const& {
    require();
    return *std::get_if<0>(&state_);
  }

  T value() && {
    require();
    return std::move(*std::get_if<0>(&state_));
  }

  [[nodiscard]] T& operator*() & noexcept { return *std::get_if<0>(&state_); }

  [[nodiscard]] const T& operator*() const& noexcept { return *std::get_if<0>(&state_); }

  [[nodiscard]] T&& operator*() && noexcept { return std::move(*std::get_if<0>(&state_)); }

  T* operator->() noexcept { return std::get_if<0>(&state_); }

  const T* operator->() const noexcept { return std::get_if<0>(&state_); }

  [[nodiscard]] Error& error() & noexcept { return *std::get_if<1>(&state_); }

  [[nodiscard]] const Error& error() const& noexcept { return *std::get_if<1>(&state_); }

  [[nodiscard]] Error&& error() && noexcept { return std::move(*std::get_if<1>(&state_)); }

  template <typename U>
  [[nodiscard]] T value_or(U&& other) && {
    return has_value() ? std::move(**this) : static_cast<T>(std::forward<U>(other));
  }

 private:
  void require() const {
    if (!has_value()) throw Exception(*std::get_if<1>(&state_));
  }

  std::variant<T, Error> state_;
};

// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;
  using error_type = Error;

  Result() noexcept = default;

  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const noexcept { return !error_.has_value(); }

  explicit operator bool() const noexcept { return has_value(); }

  void value() const {
    if (error_) throw Exception(*error_);
  }

  [[nodiscard]] Error& error() & noexcept { return *error_; }

  [[nodiscard]] const Error& error() const& noexcept { return *error_; }

  [[nodiscard]] Error&& error() && noexcept { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace braid
