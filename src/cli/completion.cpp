#include <algorithm>

#include <fmt/core.h>

#include "cli/command_table.hpp"
#include "cli/generate.hpp"
#include "cli/option_table.hpp"

namespace braid::cli {

namespace {

bool is_shown(const Option& option, Personality who) {
  return option.shown_to(who) && option.letter != '#';
}

// "create|c": the words for a command, with something between them.
std::string words_for(const Command& command, std::string_view between) {
  if (command.letter.empty()) return std::string(command.name);
  return fmt::format("{}{}{}", command.name, between, command.letter);
}

std::string all_commands(bool letters) {
  std::string text;
  for (const Command& command : command_table()) {
    if (!text.empty()) text += ' ';
    text += letters ? words_for(command, " ") : std::string(command.name);
  }
  return text;
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
    case Values::archive:
      for (const ArchiveInfo& format : archive_formats()) {
        add(format.name);
        for (const Algorithm algorithm : algorithms()) {
          if (!format.compressed_as_a_whole || info(algorithm).extensions.empty()) continue;
          add(fmt::format("{}{}", format.name, info(algorithm).extensions.front()));
        }
      }
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

// What bash offers where one personality's options are in force.
std::string bash_branch(Personality who) {
  std::string cases;
  std::string options;
  for (const Option& option : option_table()) {
    if (!is_shown(option, who)) continue;
    if (option.letter != 0) options += fmt::format("-{} ", option.letter);
    if (!option.name.empty()) options += fmt::format("--{} ", option.name);
    if (!option.argument.placeholder.empty() && !option.argument.optional) {
      cases += bash_case(option);
    }
  }
  if (!cases.empty()) cases = fmt::format("    case $prev in\n{}    esac\n", cases);
  return fmt::format("{}    options='{}' ;;\n", cases, options);
}

std::string zsh_branch(Personality who) {
  std::string text = "    _arguments -s -S \\\n";
  for (const Option& option : option_table()) {
    if (!is_shown(option, who)) continue;
    const bool argument = !option.argument.placeholder.empty();
    if (option.letter != 0) {
      text +=
          fmt::format("      '-{}{}{}' \\\n", option.letter, argument ? "+" : "", zsh_tail(option));
    }
    if (!option.name.empty()) {
      text += fmt::format("      '--{}{}{}' \\\n", option.name,
                          !argument                  ? ""
                          : option.argument.optional ? "=-"
                                                     : "=",
                          zsh_tail(option));
    }
  }
  return text;
}

std::string fish_branch(Personality who, std::string_view condition) {
  std::string text;
  for (const Option& option : option_table()) {
    if (!is_shown(option, who)) continue;
    text += fmt::format("complete -c braid -n '{}'", condition);
    if (option.letter != 0) text += fmt::format(" -s {}", option.letter);
    if (!option.name.empty()) text += fmt::format(" -l {}", option.name);
    if (!option.argument.placeholder.empty() && !option.argument.optional) {
      const std::string words = words_of(option.argument.values);
      text += option.argument.values == Values::file ? " -r" : " -x";
      if (!words.empty()) text += fmt::format(" -a '{}'", words);
    }
    text += fmt::format(" -d '{}'\n", quoted(first_sentence(option.help), "\\"));
  }
  return text;
}

}  // namespace

std::string bash_completion() {
  std::string branches;
  for (const Command& command : command_table()) {
    branches += fmt::format("  {})\n{}", words_for(command, "|"), bash_branch(command.personality));
  }
  branches += fmt::format("  *)\n{}", bash_branch(Personality::braid));
  return fmt::format(
      "# bash completion for braid; written by the program itself\n"
      "_braid() {{\n"
      "  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} options=\n"
      "  COMPREPLY=()\n"
      "  # --name=value arrives as three words\n"
      "  if [[ $cur == '=' ]]; then cur=\n"
      "  elif [[ $prev == '=' ]]; then prev=${{COMP_WORDS[COMP_CWORD-2]}}; fi\n"
      "  [[ ${{COMP_WORDS[COMP_CWORD]}} == '=' ]] && prev=${{COMP_WORDS[COMP_CWORD-1]}}\n"
      "  case ${{COMP_WORDS[1]}} in\n{}  esac\n"
      "  if [[ $cur == -* ]]; then\n"
      "    COMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
      "  else\n"
      "    compopt -o filenames\n"
      "    COMPREPLY=($(compgen -f -- \"$cur\"))\n"
      "    [[ $COMP_CWORD == 1 ]] && COMPREPLY+=($(compgen -W '{}' -- \"$cur\"))\n"
      "  fi\n"
      "}}\n"
      "complete -F _braid braid\n",
      branches, all_commands(false));
}

std::string zsh_completion() {
  std::string text = "#compdef braid\n# written by the program itself\ncase $words[2] in\n";
  std::string menu;
  for (const Command& command : command_table()) {
    text += fmt::format("  {})\n{}      '2:command:' '*:file:_files' ;;\n", words_for(command, "|"),
                        zsh_branch(command.personality));
    menu += fmt::format("{}\\:\"{}\" ", command.name, quoted(command.summary, ":\\"));
  }
  text += fmt::format("  *)\n{}", zsh_branch(Personality::braid));
  return text +
         fmt::format("      '1:command or file:(({}))' '1:file:_files' '*:file:_files' ;;\nesac\n",
                     menu);
}

std::string fish_completion() {
  std::string text = "# written by the program itself\n";
  text += fish_branch(Personality::braid,
                      fmt::format("not __fish_seen_subcommand_from {}", all_commands(true)));
  for (const Command& command : command_table()) {
    text += fish_branch(command.personality,
                        fmt::format("__fish_seen_subcommand_from {}", words_for(command, " ")));
    text += fmt::format("complete -c braid -n __fish_is_first_arg -a {} -d '{}'\n", command.name,
                        quoted(command.summary, "\\"));
  }
  return text;
}

}  // namespace braid::cli
