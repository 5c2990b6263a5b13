#include "cli/options.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <getopt.h>

#include "cli/command_table.hpp"
#include "cli/knob_value.hpp"
#include "cli/names.hpp"
#include "cli/option_table.hpp"

namespace braid::cli {

namespace {

// Above every letter: how getopt_long names the long options, by row.
constexpr int first_long = 256;

Error usage(std::string message) {
  return Error{.code = Errc::invalid_argument, .message = std::move(message)};
}

// The table in the form that getopt_long wants, for one personality.
class Grammar {
 public:
  explicit Grammar(Personality personality) {
    const auto rows = option_table();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Option& row = rows[i];
      if (!row.belongs_to(personality)) continue;
      const bool argument = !row.argument.placeholder.empty();
      if (row.letter == '#') {
        letters_ += "0123456789";
      } else if (row.letter != 0) {
        letters_ += row.letter;
        if (argument) letters_ += row.argument.optional ? "::" : ":";
      }
      if (row.name.empty()) continue;
      const int kind = !argument               ? no_argument
                       : row.argument.optional ? optional_argument
                                               : required_argument;
      // The names are literals: a zero follows each of them.
      names_.push_back({row.name.data(), kind, nullptr, first_long + static_cast<int>(i)});
    }
    names_.push_back({nullptr, 0, nullptr, 0});
    personality_ = personality;
  }

  [[nodiscard]] const char* letters() const noexcept { return letters_.c_str(); }

  [[nodiscard]] const option* names() const noexcept { return names_.data(); }

  // The row that getopt_long means by `code`.
  [[nodiscard]] const Option& row(int code) const noexcept {
    const auto rows = option_table();
    if (code >= first_long) return rows[static_cast<std::size_t>(code - first_long)];
    const char letter = code >= '0' && code <= '9' ? '#' : static_cast<char>(code);
    for (const Option& row : rows) {
      if (row.letter == letter && row.belongs_to(personality_)) return row;
    }
    return rows.front();  // not reached: getopt_long knows only letters of the table
  }

 private:
  // '-': operands come as options with the code 1, in their order, so that the index of the word at
  // hand is always known; ':' tells a missing argument from an unknown option.
  std::string letters_ = "-:";
  std::vector<option> names_;
  Personality personality_{};
};

// Of an option that the grammar does not have, or that begins the names of several it has.
Error unknown(const Grammar& grammar, std::string_view shown) {
  const std::string_view name = shown.substr(2);
  std::string several;
  for (const option* known = grammar.names(); known->name != nullptr; ++known) {
    if (!std::string_view(known->name).starts_with(name)) continue;
    several += fmt::format("{}--{}", several.empty() ? "" : ", ", known->name);
  }
  if (!several.empty()) return usage(fmt::format("{} may mean any of {}", shown, several));
  std::string knob(name);
  std::ranges::replace(knob, '-', '_');
  if (const auto way = how_to_set(knob)) {
    return usage(fmt::format("there is no option {}; the setting is given as {}", shown, *way));
  }
  return usage(fmt::format("there is no option {}", shown));
}

Error complaint(const Grammar& grammar, int code, std::string_view word) {
  const bool is_long = word.starts_with("--");
  const std::string shown =
      is_long ? std::string(word.substr(0, word.find('='))) : fmt::format("-{:c}", optopt);
  if (code == ':') return usage(fmt::format("{} needs an argument", shown));
  if (is_long && optopt != 0) return usage(fmt::format("{} takes no argument", shown));
  if (is_long) return unknown(grammar, shown);
  return usage(fmt::format("there is no option {}", shown));
}

std::string_view argument_text() {
  return optarg == nullptr ? std::string_view() : optarg;
}

// One pass of getopt_long over `words`, the first of which is skipped. Options that `who` does not
// have are read and passed over.
Result<void> parse_words(const Grammar& grammar, Personality who, std::vector<char*>& words,
                         Settings& settings) {
  const int count = static_cast<int>(words.size());
  words.push_back(nullptr);
  optind = 0;  // a full restart, as glibc defines it
  opterr = 0;
  int digits_at = -1;  // the word whose digits are being collected
  std::string digits;
  while (true) {
    const int at = optind == 0 ? 1 : optind;
    const int code = getopt_long(count, words.data(), grammar.letters(), grammar.names(), nullptr);
    if (code == -1) break;
    if (code == ':' || code == '?')
      return complaint(grammar, code, words[static_cast<std::size_t>(at)]);
    if (code == 1) {
      settings.operands.emplace_back(optarg);
      continue;
    }
    const Option& row = grammar.row(code);
    std::string_view argument = argument_text();
    if (row.letter == '#') {
      if (digits_at != at) digits.clear();
      digits_at = at;
      if (digits.size() < 9) digits += static_cast<char>(code);
      argument = digits;
    } else {
      digits_at = -1;
    }
    if (!row.belongs_to(who)) continue;
    if (auto done = row.apply(settings, argument); !done) return done;
  }
  for (int i = optind; i < count; ++i) {
    settings.operands.emplace_back(words[static_cast<std::size_t>(i)]);
  }
  return {};
}

// BRAID_OPT holds options of braid itself, and no operand, which would be read by every run. A
// command takes those that are its own too.
Result<void> parse_environment(Personality who, std::string text, Settings& settings) {
  constexpr const char* blank = " \t\n";
  std::vector<char*> words = {text.data()};
  for (std::size_t at = text.find_first_not_of(blank); at != std::string::npos;) {
    const std::size_t end = text.find_first_of(blank, at);
    words.push_back(text.data() + at);
    if (end == std::string::npos) break;
    text[end] = '\0';
    at = text.find_first_not_of(blank, end + 1);
  }
  if (auto done = parse_words(Grammar(Personality::braid), who, words, settings); !done) {
    return usage(fmt::format("in BRAID_OPT: {}", done.error().message));
  }
  if (settings.operands.empty()) return {};
  return usage(fmt::format("in BRAID_OPT: '{}' is no option", settings.operands.front()));
}

Result<void> check_operands(const Settings& settings) {
  const Command& command = *settings.command;
  const auto& operands = settings.operands;
  const auto count = static_cast<int>(operands.size());
  if (count < command.min_operands) {
    return usage(fmt::format("it is 'braid {} {}'", command.name, command.operands));
  }
  if (command.max_operands < 0 || count <= command.max_operands) return {};
  const std::string& first = operands[static_cast<std::size_t>(command.max_operands)];
  return command.max_operands == 0
             ? usage(fmt::format("{} takes no file such as '{}'", command.name, first))
             : usage(fmt::format("{} takes nothing such as '{}' too", command.name, first));
}

// Whether the settings make sense together; what one format permits is the library's to say.
Result<void> check_together(const Settings& settings) {
  if (settings.action == Action::command) return check_operands(settings);
  if (settings.names_only) return usage("--names goes with 'braid formats'");
  if (!settings.output) return {};
  if (settings.to_stdout) return usage("-c and -o name different outputs");
  if (settings.action != Action::compress && settings.action != Action::decompress) {
    return usage("-o is for compressing and restoring only");
  }
  if (settings.recursive || settings.operands.size() > 1) {
    return usage("-o takes one FILE at most");
  }
  // The tools whose names we go by do not look at names of outputs.
  const bool by_name = settings.habits->personality == Personality::braid && !settings.format;
  if (by_name && settings.action == Action::compress && is_archive_name(*settings.output)) {
    return usage(
        fmt::format("{} is the name of an archive, which 'braid create' makes; with -F it "
                    "is compressed to that format",
                    *settings.output));
  }
  return {};
}

// Whether a word comes before any "--".
bool has_word(const std::vector<char*>& words, std::string_view wanted) {
  for (const char* word : words) {
    if (word == nullptr || std::string_view(word) == "--") break;
    if (wanted == word) return true;
  }
  return false;
}

void interpret_operands(const std::vector<char*>& words, Settings& settings) {
  auto& operands = settings.operands;
  const Personality who = settings.habits->personality;
  // This command may follow options: it did so before there were others.
  if (who == Personality::braid && settings.command == nullptr && !operands.empty() &&
      operands.front() == "formats" && has_word(words, "formats")) {
    settings.command = find_command("formats");
    if (settings.action != Action::usage && settings.action != Action::help) {
      settings.action = Action::command;
    }
    operands.erase(operands.begin());
  }
  if (settings.output == "-") {
    settings.output.reset();
    settings.to_stdout = true;
  }
  // lz4 takes a second operand for its output, unless told that it has several inputs.
  const bool writes = settings.action == Action::compress || settings.action == Action::decompress;
  if (who == Personality::lz4 && writes && operands.size() == 2 && !settings.multiple &&
      !settings.recursive && !settings.to_stdout) {
    settings.output = operands.back();
    operands.pop_back();
  }
}

}  // namespace

Result<Settings> parse_options(const Habits& habits, int argc, char** argv,
                               const char* environment) {
  std::vector<char*> words(argv, argv + argc);
  Settings settings;
  settings.habits = &habits;
  settings.action = habits.action;
  settings.to_stdout = habits.to_stdout;
  settings.remove_source = habits.remove_source;
  Personality who = habits.personality;
  if (who == Personality::braid && words.size() > 1) settings.command = find_command(words[1]);
  if (settings.command != nullptr) {
    who = settings.command->personality;
    settings.action = Action::command;
    words.erase(words.begin() + 1);
  }
  if (environment != nullptr && habits.personality == Personality::braid) {
    if (auto done = parse_environment(who, environment, settings); !done) {
      return std::move(done).error();
    }
  }
  if (auto done = parse_words(Grammar(who), who, words, settings); !done) {
    return std::move(done).error();
  }
  interpret_operands(words, settings);
  if (auto done = check_together(settings); !done) return std::move(done).error();
  return settings;
}

}  // namespace braid::cli
