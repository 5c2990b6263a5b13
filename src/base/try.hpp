#pragma once

#include <braid/result.hpp>

// BRAID_TRY(call());              leaves the function with the call's error, if it has one
// BRAID_TRY_VALUE(auto x, call()) the same, and otherwise moves its value into a declaration
#define BRAID_TRY_JOIN_(a, b) a##b
#define BRAID_TRY_NAME_(line) BRAID_TRY_JOIN_(braid_try_, line)

#define BRAID_TRY(expression)                                   \
  do {                                                          \
    if (auto braid_try = (expression); !braid_try) [[unlikely]] \
      return std::move(braid_try).error();                      \
  } while (false)

#define BRAID_TRY_VALUE(declaration, expression)         \
  auto BRAID_TRY_NAME_(__LINE__) = (expression);         \
  if (!BRAID_TRY_NAME_(__LINE__)) [[unlikely]]           \
    return std::move(BRAID_TRY_NAME_(__LINE__)).error(); \
  declaration = *std::move(BRAID_TRY_NAME_(__LINE__))
