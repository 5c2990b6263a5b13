#pragma once

#include <braid/result.hpp>

#include <cstdint>
#include <span>
#include <string_view>

#include "cli/settings.hpp"

namespace braid::cli {

// Headings of the help and the manual, in their order.
enum class Group : std::uint8_t {
  action,
  files,
  compression,
  limits,
  report,
  hidden,  // other spellings that the tools accept: never shown
};

inline constexpr int shown_groups = static_cast<int>(Group::hidden);

// What an argument may be: completion offers it.
enum class Values : std::uint8_t { nothing, file, format, archive, level, check, knob, free };

struct Argument {
  std::string_view placeholder{};  // "FILE"; empty: the option takes no argument
  Values values = Values::nothing;
  bool optional = false;  // then only as --name=VALUE
};

// One option. Parsing, help, manual and completion all read this row.
struct Option {
  char letter;            // 0: none; '#': the digits of a level
  std::string_view name;  // without dashes; empty: none
  Argument argument;
  Group group;
  bool common;        // shown by -h
  Personalities who;  // whose options these are
  std::string_view help;
  Result<void> (*apply)(Settings& settings, std::string_view argument);

  [[nodiscard]] constexpr bool belongs_to(Personality personality) const noexcept {
    return (who & bit(personality)) != 0;
  }

  [[nodiscard]] constexpr bool shown_to(Personality personality) const noexcept {
    return group != Group::hidden && belongs_to(personality);
  }
};

[[nodiscard]] std::span<const Option> option_table() noexcept;

// "Compression"
[[nodiscard]] std::string_view title(Group group) noexcept;

}  // namespace braid::cli
