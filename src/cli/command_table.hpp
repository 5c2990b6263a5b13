#pragma once

#include <span>
#include <string_view>

#include "cli/settings.hpp"

namespace braid::cli {

// What a command has to say on standard output.
enum class Prints : std::uint8_t {
  text,     // what people or, with --json, machines read
  content,  // bytes
  archive,  // bytes, where the first operand is "-"
};

// A word that may stand first on braid's command line. Parsing, help, manual and completion all
// read this row; which options a command has is said by the rows of the options.
struct Command {
  std::string_view name;      // "create"
  std::string_view letter;    // "c", another spelling; empty: none
  std::string_view operands;  // "ARCHIVE PATH..."
  int min_operands;
  int max_operands;  // -1: any number
  Prints prints;
  Personality personality;
  std::string_view summary;  // in one line, for lists of commands
  std::string_view help;
  int (*run)(const Settings& settings);  // the exit code
};

[[nodiscard]] std::span<const Command> command_table() noexcept;

// The command called `word`, or null.
[[nodiscard]] const Command* find_command(std::string_view word) noexcept;

}  // namespace braid::cli
