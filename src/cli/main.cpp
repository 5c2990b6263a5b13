#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>

#include <fmt/core.h>
#include <unistd.h>

#include "cli/command_table.hpp"
#include "cli/generate.hpp"
#include "cli/help.hpp"
#include "cli/json_output.hpp"
#include "cli/options.hpp"
#include "cli/report.hpp"
#include "cli/run_files.hpp"
#include "cli/signals.hpp"
#include "cli/text.hpp"

namespace braid::cli {

namespace {

// The settings are not known when the command line makes no sense: look for --json itself.
int usage_error(const Habits& habits, int argc, char** argv, const Error& error) {
  const bool json =
      std::any_of(argv, argv + argc, [](std::string_view word) { return word == "--json"; });
  if (json) {
    [[maybe_unused]] const int printed = print(habits, json_error("", error, 2));
    return 2;
  }
  const bool is_braid = habits.personality == Personality::braid;
  const Command* command = is_braid && argc > 1 ? find_command(argv[1]) : nullptr;
  const std::string program = command == nullptr
                                  ? std::string(habits.program)
                                  : fmt::format("{} {}", habits.program, command->name);
  [[maybe_unused]] const auto told =
      write_text(STDERR_FILENO, fmt::format("{}: {}\n'{} --help' prints all options\n",
                                            habits.program, printable(error.text()), program));
  return 2;
}

int run(int argc, char** argv) {
  const Habits& habits = habits_of(argc > 0 ? argv[0] : "");
  auto settings = parse_options(habits, argc, argv, std::getenv("BRAID_OPT"));
  if (!settings) return usage_error(habits, argc, argv, settings.error());
  switch (settings->action) {
    case Action::usage:
    case Action::help:
      return print(habits, help_text(habits, settings->command, settings->action == Action::help,
                                     terminal_width(STDOUT_FILENO)));
    case Action::version:
      return print(habits, settings->json ? json_version() : version_text());
    case Action::command:
      return settings->command->run(*settings);
    case Action::generate: {
      auto text = generate(settings->generate);
      if (!text) return usage_error(habits, argc, argv, text.error());
      return print(habits, *text);
    }
    default:
      break;
  }
  SignalWatch signals;
  Report report(*settings);
  run_files(*settings, signals, report);
  return report.exit_code();
}

}  // namespace

}  // namespace braid::cli

int main(int argc, char** argv) {
  try {
    braid::cli::occupy_standard_descriptors();
    return braid::cli::run(argc, argv);
  } catch (const std::bad_alloc&) {
    [[maybe_unused]] const auto told =
        braid::cli::write_text(STDERR_FILENO, "braid: out of memory\n");
  } catch (const std::exception& problem) {
    [[maybe_unused]] const auto told =
        braid::cli::write_text(STDERR_FILENO, fmt::format("braid: {}\n", problem.what()));
  }
  return 1;
}
