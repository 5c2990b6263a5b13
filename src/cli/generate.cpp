#include "cli/generate.hpp"

#include <fmt/core.h>

#include "cli/help.hpp"

namespace braid::cli {

namespace {

std::string markdown() {
  std::string text;
  for (int i = 0; i < shown_groups; ++i) {
    const auto group = static_cast<Group>(i);
    text += fmt::format("### {}\n\n| option | effect |\n|---|---|\n", title(group));
    for (const Option& option : option_table()) {
      if (option.group != group || !option.shown_to(Personality::braid)) continue;
      text += fmt::format("| `{}` | {} |\n", spelling(option, all_habits().front()), option.help);
    }
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
