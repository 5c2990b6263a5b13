#include "cli/terminal.hpp"

#include <algorithm>
#include <mutex>

#include <fmt/core.h>
#include <unistd.h>

#include "cli/text.hpp"

namespace braid::cli {

namespace {

bool uses_standard_input(const Settings& settings) {
  return settings.operands.empty() ||
         std::ranges::find(settings.operands, "-") != settings.operands.end();
}

Error refusal(const Settings& settings, std::string_view what) {
  return Error{
      .code = Errc::invalid_argument,
      .message = fmt::format("{} a terminal, unless -f is given; '{} -h' prints the options", what,
                             settings.habits->program)};
}

}  // namespace

Result<void> check_terminals(const Settings& settings) {
  if (settings.force) return {};
  const bool from_stdin = uses_standard_input(settings);
  const bool to_stdout = settings.to_stdout || (from_stdin && !settings.output);
  if (settings.action == Action::compress) {
    if (to_stdout && isatty(STDOUT_FILENO) == 1) {
      return refusal(settings, "compressed data is not written to");
    }
  } else if (from_stdin && isatty(STDIN_FILENO) == 1) {
    return refusal(settings, "compressed data is not read from");
  }
  return {};
}

bool ask_to_replace(const Settings& settings, std::string_view file) {
  if (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1) return false;
  static std::mutex one_question;  // at a time, whatever thread has one
  const std::lock_guard lock(one_question);
  const std::string question =
      fmt::format("{}: {} exists; replace it? [y/N] ", settings.habits->program, printable(file));
  if (!write_text(STDERR_FILENO, question)) return false;
  char first = '\0';
  char c = '\0';
  while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n') {
    if (first == '\0') first = c;
  }
  return first == 'y' || first == 'Y';
}

}  // namespace braid::cli
