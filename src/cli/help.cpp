#include "cli/help.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "cli/text.hpp"

namespace braid::cli {

namespace {

constexpr std::size_t help_column = 26;  // where descriptions begin

constexpr std::array statuses = {
    ExitStatus{0, "everything went well; files that were skipped with a note do not change that"},
    ExitStatus{1,
               "data that is damaged, truncated or of no known format, or a file that could not "
               "be read or written; with several files, the others were still dealt with"},
    ExitStatus{2, "the command line makes no sense, or a setting is out of range"},
    ExitStatus{3, "refused by a limit (--memory, --max-output) or by a safety rule"},
};

std::string option_lines(const Option& option, const Habits& habits, std::size_t width) {
  const std::string written = spelling(option, habits);
  std::string line = "  " + (option.letter == 0 ? "    " + written : written);
  if (line.size() + 2 > help_column) {
    line.append("\n").append(help_column, ' ');
  } else {
    line.append(help_column - line.size(), ' ');
  }
  return line + wrapped(option.help, help_column, width);
}

std::string option_groups(Personality personality, const Habits& habits, bool all,
                          std::size_t width) {
  std::string text;
  for (int i = 0; i < shown_groups; ++i) {
    const auto group = static_cast<Group>(i);
    std::string lines;
    for (const Option& option : option_table()) {
      if (option.group != group || !option.shown_to(personality)) continue;
      if (all || option.common) lines += option_lines(option, habits, width);
    }
    if (!lines.empty()) text += fmt::format("\n{}:\n{}", title(group), lines);
  }
  return text;
}

std::string command_lines(std::size_t width) {
  std::string text = "\nCommands, as the first word (a file of that name is ./create):\n";
  for (const Command& command : command_table()) {
    std::string line = "  " + spelling(command);
    line.append(line.size() < help_column ? help_column - line.size() : 1, ' ');
    text += line + wrapped(command.summary, help_column, width);
  }
  return text;
}

std::string exit_lines(std::size_t width) {
  std::string text = "\nExit status:\n";
  for (const ExitStatus& status : statuses) {
    text += fmt::format("  {}  ", status.code) + wrapped(status.meaning, 5, width);
  }
  return text;
}

std::string action_sentence(const Habits& habits) {
  const std::string_view format = info(habits.format).name;
  if (habits.personality == Personality::braid) {
    return "Compresses each FILE, or standard input to standard output when there is none, into "
           "standard formats that every other tool can read; restores with -d. The source is kept.";
  }
  std::string text =
      habits.action == Action::compress
          ? fmt::format("braid under the name of {}: compresses to {}.", habits.program, format)
          : fmt::format(
                "braid under the name of {}: restores what any of the "
                "formats holds.",
                habits.program);
  if (habits.to_stdout) return text + " Writes to standard output.";
  return text + (habits.remove_source ? " The source is removed afterwards, unless -k is given."
                                      : " The source is kept, unless --rm is given.");
}

std::string format_line(std::size_t width) {
  std::string text;
  for (const Algorithm algorithm : algorithms()) {
    const AlgorithmInfo& format = info(algorithm);
    if (algorithm == Algorithm::none || !format.built) continue;
    if (!text.empty()) text += ", ";
    text += format.name;
    if (!format.extensions.empty()) text += fmt::format(" ({})", format.extensions.front());
  }
  return "Formats: " + wrapped(text, 9, width);
}

std::string command_help(const Habits& habits, const Command& command, bool all,
                         std::size_t width) {
  std::string text = fmt::format("Usage: {} {} [OPTION]...{}{}\n", habits.program, command.name,
                                 command.operands.empty() ? "" : " ", command.operands);
  if (!command.letter.empty()) {
    text += fmt::format("or:    {} {} ...\n", habits.program, command.letter);
  }
  text += wrapped(command.help, 0, width);
  text += option_groups(command.personality, habits, all, width);
  if (!all) {
    return text +
           fmt::format("\n'{} {} --help' prints all options.\n", habits.program, command.name);
  }
  text += "\nA SIZE is bytes, or such as 64K, 64KiB (both 65536), 64KB (64000) or 1.5G.\n";
  return text + exit_lines(width);
}

}  // namespace

std::string spelling(const Option& option, const Habits& habits) {
  if (option.letter == '#') {
    int lowest = info(habits.format).min_level;
    int highest = info(habits.format).max_level;
    for (const Algorithm algorithm : algorithms()) {
      if (habits.personality != Personality::braid) break;
      lowest = std::min(lowest, info(algorithm).min_level);
      highest = std::max(highest, info(algorithm).max_level);
    }
    return fmt::format("-{} ... -{}", std::max(lowest, 0), highest);
  }
  std::string text;
  if (option.letter != 0) {
    text = fmt::format("-{}", option.letter);
    if (option.name.empty()) return text + std::string(option.argument.placeholder);
    text += ", ";
  }
  text += fmt::format("--{}", option.name);
  if (option.argument.placeholder.empty()) return text;
  const std::string value = fmt::format("={}", option.argument.placeholder);
  return text + (option.argument.optional ? fmt::format("[{}]", value) : value);
}

std::string spelling(const Command& command) {
  if (command.letter.empty()) return std::string(command.name);
  return fmt::format("{}, {}", command.name, command.letter);
}

std::string extensions_text(const AlgorithmInfo& format) {
  std::string text;
  for (const std::string_view extension : format.extensions) {
    text.append(text.empty() ? "" : ", ").append(extension);
  }
  return text;
}

std::span<const ExitStatus> exit_statuses() noexcept {
  return statuses;
}

std::string help_text(const Habits& habits, const Command* command, bool all, std::size_t width) {
  if (command != nullptr) return command_help(habits, *command, all, width);
  const bool is_braid = habits.personality == Personality::braid;
  std::string text = fmt::format("Usage: {} [OPTION]... [FILE]...\n", habits.program);
  if (is_braid) text += fmt::format("or:    {} COMMAND ...\n", habits.program);
  text += wrapped(action_sentence(habits), 0, width);
  if (is_braid) text += command_lines(width);
  text += option_groups(habits.personality, habits, all, width);
  text += "\n" + format_line(width);
  if (!all) return text + fmt::format("'{} --help' prints all options.\n", habits.program);
  text += "\nA SIZE is bytes, or such as 64K, 64KiB (both 65536), 64KB (64000) or 1.5G.\n";
  if (is_braid) {
    text += "'braid COMMAND --help' prints the options of a command.\n";
    text += "'braid formats' prints what each format can be told, --json that too.\n";
    text += "The variable BRAID_OPT holds options that come before those of the command line.\n";
  }
  return text + exit_lines(width);
}

std::string version_text() {
  std::string with;
  std::string without;
  for (const Algorithm algorithm : algorithms()) {
    if (algorithm == Algorithm::none) continue;
    std::string& list = info(algorithm).built ? with : without;
    list.append(list.empty() ? "" : ", ").append(info(algorithm).name);
  }
  std::string text = fmt::format("braid {}\nformats: {}\n", BRAID_VERSION, with);
  if (!without.empty()) text += fmt::format("left out of this build: {}\n", without);
  return text;
}

std::string format_names() {
  std::string text;
  for (const Algorithm algorithm : algorithms()) {
    if (info(algorithm).built) text += fmt::format("{}\n", info(algorithm).name);
  }
  return text;
}

std::string formats_text() {
  std::string text =
      fmt::format("{:<9}{:<14}{:<18}{}\n", "FORMAT", "EXTENSIONS", "LEVELS", "DESCRIPTION");
  for (const Algorithm algorithm : algorithms()) {
    const AlgorithmInfo& format = info(algorithm);
    const std::string levels =
        fmt::format("{} to {} ({})", format.min_level, format.max_level, format.default_level);
    text += fmt::format("{:<9}{:<14}{:<18}{}{}\n", format.name, extensions_text(format), levels,
                        format.description, format.built ? "" : " (not in this build)");
  }
  text += fmt::format("\n{:<9}{:<32}{}\n", "ARCHIVE", "EXTENSIONS", "DESCRIPTION");
  for (const ArchiveInfo& format : archive_formats()) {
    std::string extensions;
    for (const std::string_view extension : format.extensions) {
      extensions.append(extensions.empty() ? "" : ", ").append(extension);
    }
    if (format.compressed_as_a_whole) extensions += ", .tar.zst, .tgz and so on";
    text += fmt::format("{:<9}{:<32}{}\n", format.name, extensions, format.description);
  }
  text += "\nSettings for --set, with their ranges:\n";
  for (const Algorithm algorithm : algorithms()) {
    const AlgorithmInfo& format = info(algorithm);
    std::string knobs;
    for (const KnobRange& range : format.knobs) {
      if (!knobs.empty()) knobs += ", ";
      knobs += fmt::format("{} {}..{}", name(range.knob), range.min, range.max);
    }
    if (!knobs.empty()) text += fmt::format("{:<9}", format.name) + wrapped(knobs, 9, 100);
  }
  return text;
}

}  // namespace braid::cli
