#pragma once

#include <cstddef>
#include <string>

#include "cli/command_table.hpp"
#include "cli/option_table.hpp"

namespace braid::cli {

// "-o, --output=FILE" and "-0 ... -22": how an option is written. The levels are those of the
// format that `habits` write, and for braid itself all that any format has.
[[nodiscard]] std::string spelling(const Option& option, const Habits& habits);

// What -h prints (`all` false) and what --help prints, in lines of at most `width` columns: of the
// program under one of its names, or of a command of braid when that is not null.
[[nodiscard]] std::string help_text(const Habits& habits, const Command* command, bool all,
                                    std::size_t width);

// "create, c"
[[nodiscard]] std::string spelling(const Command& command);

// What --version prints.
[[nodiscard]] std::string version_text();

// The table of formats and their settings, as `braid formats` prints it.
[[nodiscard]] std::string formats_text();

// The names of the formats of this build, one a line.
[[nodiscard]] std::string format_names();

// ".gz, .tgz", without the shorthands for archives; empty for formats without extensions.
[[nodiscard]] std::string extensions_text(const AlgorithmInfo& format);

// "Name": the exit codes, for the help and the manual.
struct ExitStatus {
  int code;
  std::string_view meaning;
};

[[nodiscard]] std::span<const ExitStatus> exit_statuses() noexcept;

}  // namespace braid::cli
