#include <algorithm>

#include <fmt/core.h>

#include "cli/generate.hpp"
#include "cli/option_table.hpp"

namespace braid::cli {

namespace {

bool is_shown(const Option& option) {
  return option.shown_to(Personality::braid) && option.letter != '#';
}

// The words an argument may be, or nothing where any text goes.
std::string words_of(Values values) {
  std::string words;
  const auto add = [&words](std::string_view word) {
    words.append(words.empty() ? "" : " ").append(word);
  };
  switch (values) {
    case Values::format:
      for (const Algorithm algorithm : algorithms()) add(info(algorithm).name);
      break;
    case Values::level:
      return "fastest fast normal best ultra";
    case Values::check:
      return "none crc32 crc64 sha256";
    case Values::knob:
      for (int i = 0; i < knob_count; ++i) add(fmt::format("{}=", name(static_cast<Knob>(i))));
      break;
    default:
      break;
  }
  return words;
}

// "-o|--output" for the case of a shell script.
std::string bash_pattern(const Option& option) {
  std::string text;
  if (option.letter != 0) text = fmt::format("-{}", option.letter);
  if (option.name.empty()) return text;
  return text + fmt::format("{}--{}", text.empty() ? "" : "|", option.name);
}

std::string bash_case(const Option& option) {
  const std::string words = words_of(option.argument.values);
  if (option.argument.values == Values::file) {
    return fmt::format(
        "    {}) compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\")); "
        "return ;;\n",
        bash_pattern(option));
  }
  if (words.empty()) return fmt::format("    {}) return ;;\n", bash_pattern(option));
  const std::string_view no_space =
      option.argument.values == Values::knob ? "compopt -o nospace; " : "";
  return fmt::format("    {}) {}COMPREPLY=($(compgen -W '{}' -- \"$cur\")); return ;;\n",
                     bash_pattern(option), no_space, words);
}

// A menu has room for one line.
std::string_view first_sentence(std::string_view help) {
  return help.substr(0, std::min(help.find(". "), help.size() - 1));
}

// Within single quotes of a shell; brackets and colons mean something to zsh's _arguments.
std::string quoted(std::string_view text, std::string_view special) {
  std::string result;
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
      continue;
    }
    if (special.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

// "[what it does]:SIZE:" for zsh; with the words or files that may follow.
std::string zsh_tail(const Option& option) {
  std::string text = fmt::format("[{}]", quoted(first_sentence(option.help), "[]:\\"));
  if (option.argument.placeholder.empty()) return text;
  text += fmt::format("{}{}:", option.argument.optional ? "::" : ":",
                      quoted(option.argument.placeholder, "[]:\\"));
  if (option.argument.values == Values::file) return text + "_files";
  const std::string words = words_of(option.argument.values);
  return words.empty() ? text + " " : fmt::format("{}({})", text, words);
}

}  // namespace

std::string bash_completion() {
  std::string cases;
  std::string options;
  for (const Option& option : option_table()) {
    if (!is_shown(option)) continue;
    if (option.letter != 0) options += fmt::format("-{} ", option.letter);
    if (!option.name.empty()) options += fmt::format("--{} ", option.name);
    if (!option.argument.placeholder.empty() && !option.argument.optional) {
      cases += bash_case(option);
    }
  }
  return fmt::format(
      "# bash completion for braid; written by the program itself\n"
      "_braid() {{\n"
      "  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}}\n"
      "  COMPREPLY=()\n"
      "  # --name=value arrives as three words\n"
      "  if [[ $cur == '=' ]]; then cur=\n"
      "  elif [[ $prev == '=' ]]; then prev=${{COMP_WORDS[COMP_CWORD-2]}}; fi\n"
      "  [[ ${{COMP_WORDS[COMP_CWORD]}} == '=' ]] && prev=${{COMP_WORDS[COMP_CWORD-1]}}\n"
      "  case $prev in\n{}  esac\n"
      "  if [[ $cur == -* ]]; then\n"
      "    COMPREPLY=($(compgen -W '{}' -- \"$cur\"))\n"
      "  else\n"
      "    compopt -o filenames\n"
      "    COMPREPLY=($(compgen -f -- \"$cur\"))\n"
      "    [[ $COMP_CWORD == 1 ]] && COMPREPLY+=($(compgen -W 'formats' -- \"$cur\"))\n"
      "  fi\n"
      "}}\n"
      "complete -F _braid braid\n",
      cases, options);
}

std::string zsh_completion() {
  std::string text = "#compdef braid\n# written by the program itself\n_arguments -s -S \\\n";
  for (const Option& option : option_table()) {
    if (!is_shown(option)) continue;
    const bool argument = !option.argument.placeholder.empty();
    if (option.letter != 0) {
      text += fmt::format("  '-{}{}{}' \\\n", option.letter, argument ? "+" : "", zsh_tail(option));
    }
    if (!option.name.empty()) {
      text += fmt::format("  '--{}{}{}' \\\n", option.name,
                          !argument                  ? ""
                          : option.argument.optional ? "=-"
                                                     : "=",
                          zsh_tail(option));
    }
  }
  return text + "  '*:file:_files'\n";
}

std::string fish_completion() {
  std::string text = "# written by the program itself\n";
  for (const Option& option : option_table()) {
    if (!is_shown(option)) continue;
    text += "complete -c braid";
    if (option.letter != 0) text += fmt::format(" -s {}", option.letter);
    if (!option.name.empty()) text += fmt::format(" -l {}", option.name);
    if (!option.argument.placeholder.empty() && !option.argument.optional) {
      const std::string words = words_of(option.argument.values);
      text += option.argument.values == Values::file ? " -r" : " -x";
      if (!words.empty()) text += fmt::format(" -a '{}'", words);
    }
    text += fmt::format(" -d '{}'\n", quoted(first_sentence(option.help), "\\"));
  }
  return text + "complete -c braid -n __fish_is_first_arg -a formats -d 'Print the formats'\n";
}

}  // namespace braid::cli
