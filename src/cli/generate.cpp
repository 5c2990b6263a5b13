#include "cli/generate.hpp"

#include <fmt/core.h>

#include "cli/help.hpp"

namespace braid::cli {

namespace {

constexpr std::string_view table_head = "| option | effect |\n|---|---|\n";

std::string rows(Personality personality, Group group) {
  std::string text;
  for (const Option& option : option_table()) {
    if (option.group != group || !option.shown_to(personality)) continue;
    text += fmt::format("| `{}` | {} |\n", spelling(option, all_habits().front()), option.help);
  }
  return text;
}

std::string markdown() {
  std::string text;
  for (int i = 0; i < shown_groups; ++i) {
    const auto group = static_cast<Group>(i);
    text +=
        fmt::format("### {}\n\n{}{}\n", title(group), table_head, rows(Personality::braid, group));
  }
  text += "## Commands\n\n";
  for (const Command& command : command_table()) {
    text += fmt::format("### braid {} {}\n\n{}\n\n{}", command.name, command.operands, command.help,
                        table_head);
    for (int i = 0; i < shown_groups; ++i) text += rows(command.personality, static_cast<Group>(i));
    text += '\n';
  }
  return text;
}

}  // namespace

Result<std::string> generate(std::string_view what) {
  if (what == "man") return manual_page();
  if (what == "bash") return bash_completion();
  if (what == "zsh") return zsh_completion();
  if (what == "fish") return fish_completion();
  if (what == "markdown") return markdown();
  return Error{.code = Errc::invalid_argument,
               .message = fmt::format("'{}' is none of man, bash, zsh, fish, markdown", what)};
}

}  // namespace braid::cli
