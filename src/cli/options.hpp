#pragma once

#include <braid/result.hpp>

#include "cli/settings.hpp"

namespace braid::cli {

// The settings that a command line asks for. `environment` is the value of BRAID_OPT, or null: its
// words, split at white space, are options that come before those of the command line; only under
// the name braid, so that scripts which call gzip get what they expect.
// Options may follow operands; "--" ends them. Uses getopt_long, whose state is global: one thread.
// Errors: invalid_argument.
[[nodiscard]] Result<Settings> parse_options(const Habits& habits, int argc, char** argv,
                                             const char* environment);

}  // namespace braid::cli
