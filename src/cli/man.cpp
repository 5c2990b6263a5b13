#include <fmt/core.h>

#include "cli/generate.hpp"
#include "cli/help.hpp"

namespace braid::cli {

namespace {

// Text as roff reads it: no line may begin with a control character, and "-" is to stay a minus,
// which can be searched for and copied.
std::string roff(std::string_view text) {
  std::string result;
  if (text.starts_with('.') || text.starts_with('\'')) result += "\\&";
  for (const char c : text) {
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else if (c == '\'') {
      result += "\\(aq";
    } else {
      result += c;
    }
  }
  return result;
}

std::string section(std::string_view name) {
  return fmt::format(".SH {}\n", name);
}

std::string paragraph(std::string_view text) {
  return fmt::format(".PP\n{}\n", roff(text));
}

std::string item(std::string_view term, std::string_view text) {
  return fmt::format(".TP\n.B {}\n{}\n", roff(term), roff(text));
}

std::string example(std::string_view command, std::string_view text) {
  return fmt::format(".TP\n.B {}\n{}\n", roff(command), roff(text));
}

std::string items(Personality personality, Group group) {
  std::string text;
  for (const Option& option : option_table()) {
    if (option.group != group || !option.shown_to(personality)) continue;
    text += item(spelling(option, all_habits().front()), option.help);
  }
  return text;
}

std::string commands() {
  std::string text = section("COMMANDS");
  text += paragraph(
      "The first word may be a command instead of a file; a file of that name is ./create, or "
      "comes "
      "after --.");
  for (const Command& command : command_table()) {
    text += fmt::format(".SS {}\n", command.name);
    const std::string operands =
        command.operands.empty() ? "" : fmt::format(" {}", roff(command.operands));
    text += fmt::format(".B braid {}\n[\\fIOPTION\\fR]...{}\n", command.name, operands);
    if (!command.letter.empty()) {
      text += fmt::format(".br\n.B braid {}\n[\\fIOPTION\\fR]...{}\n", command.letter, operands);
    }
    text += paragraph(command.help);
    for (int i = 0; i < shown_groups; ++i)
      text += items(command.personality, static_cast<Group>(i));
  }
  return text;
}

std::string options() {
  std::string text = section("OPTIONS");
  for (int i = 0; i < shown_groups; ++i) {
    const auto group = static_cast<Group>(i);
    text += fmt::format(".SS {}\n", title(group)) + items(Personality::braid, group);
  }
  return text + paragraph(
                    "Sizes are bytes, or numbers such as 64K, 64KiB (both 65536), 64KB "
                    "(64000) or 1.5G. Of options that contradict each other the last one "
                    "holds. -- ends the options; - among the files is standard input.");
}

std::string formats() {
  std::string text = section("FORMATS");
  for (const Algorithm algorithm : algorithms()) {
    const AlgorithmInfo& format = info(algorithm);
    std::string line = fmt::format("{}. Levels {} to {}, by default {}.", format.description,
                                   format.min_level, format.max_level, format.default_level);
    if (!format.extensions.empty())
      line += fmt::format(" Extensions: {}.", extensions_text(format));
    if (!format.has_checksum) line += " Stores no checksum: damage may pass unnoticed.";
    if (!format.has_seams) line += " Has no seams: one file is one thread's work.";
    text += item(format.name, line);
  }
  return text + paragraph("'braid formats' prints the settings of each format with their ranges.");
}

// One row of the programs whose habits braid can take.
std::string names() {
  std::string text = section("OTHER NAMES");
  text += paragraph(
      "Called by one of the names below, through a link for instance, braid takes the options, the "
      "default format and level, and the habits of that tool. Exit codes stay braid's own. Names "
      "and times are not stored in gzip headers unless -N is given. As gzip, 'NAME' stands for "
      "NAME.gz where there is no NAME and something is to be restored.");
  for (const Habits& habits : all_habits()) {
    if (habits.personality == Personality::braid) continue;
    std::string line = habits.action == Action::compress
                           ? fmt::format("writes {}", info(habits.format).name)
                           : std::string("restores");
    if (habits.level && habits.action == Action::compress) {
      line += fmt::format(", level {}", *habits.level);
    }
    line += habits.to_stdout ? "; to standard output" : "";
    if (!habits.to_stdout)
      line += habits.remove_source ? "; removes the source" : "; keeps the source";
    text += item(habits.program, line + ".");
  }
  return text;
}

std::string examples() {
  return section("EXAMPLES") + example("braid log.txt", "Writes log.txt.zst and keeps log.txt.") +
         example("braid -F gzip -9 log.txt", "Writes log.txt.gz.") +
         example("braid -o log.xz log.txt", "The extension chooses the format.") +
         example("braid -d log.txt.zst", "Writes log.txt.") +
         example("braid -dc *.gz | wc", "Restores several files into one stream.") +
         example("braid -t -r backup", "Checks every compressed file beneath a folder.") +
         example("braid -l --json *.xz", "Prints a JSON object for each file, and one of sums.") +
         example("braid -F gzip --set window_log=10 < in > out", "Uses a setting of the format.") +
         example("tar -I braid -cf src.tar.zst src", "Lets tar compress through braid.") +
         example("braid create src.tar.zst src", "Packs a folder; .zip, .tgz and so on likewise.") +
         example("braid extract -C out src.tar.zst", "Unpacks it into the folder out.") +
         example("braid create -F tar.gz - src | ssh host braid extract -", "Through a pipe.") +
         example("braid diff src.tar.zst .", "Tells what has changed since.");
}

}  // namespace

std::string manual_page() {
  std::string text =
      fmt::format(".TH BRAID 1 \"\" \"braid {}\" \"User Commands\"\n", BRAID_VERSION);
  text += section("NAME") +
          "braid \\- compress and restore files in every common format, on all cores\n";
  text += section("SYNOPSIS") +
          ".B braid\n[\\fIOPTION\\fR]... [\\fIFILE\\fR]...\n.br\n"
          ".B braid\n\\fICOMMAND\\fR ...\n";
  text += section("DESCRIPTION");
  text += paragraph(
      "braid compresses each FILE into one beside it, with the extension of the format appended, "
      "or "
      "standard input to standard output when there is no FILE. With -d it restores, whatever the "
      "format. It works on all CPUs in both directions, writes standard files that the format's "
      "own "
      "tools read, and gives the same bytes on any number of threads.");
  text += paragraph(
      "Output appears under its name complete or not at all; an interrupted or failed run leaves "
      "nothing. Existing files are not replaced unless the person at the terminal agrees or -f is "
      "given. A file that has the extension of the format already is skipped, with a note. The "
      "source is kept unless --rm is given.");
  text += paragraph(
      "Every checksum that a format stores is verified. Data behind the end of a stream that "
      "starts "
      "no other is an error; zero padding, where the format allows it, is not.");
  text += options() + commands() + formats();
  text += section("EXIT STATUS");
  for (const ExitStatus& status : exit_statuses()) {
    text += item(std::to_string(status.code), fmt::format("{}.", status.meaning));
  }
  text += paragraph(
      "With several files the highest of their codes counts. Stopped by SIGINT, SIGTERM or SIGHUP, "
      "braid removes what is unfinished and dies by that signal; when the reader of its output "
      "goes "
      "away, by SIGPIPE.");
  text += section("ENVIRONMENT");
  text += item("BRAID_OPT",
               "Options, split at white space, that come before those of the command line. Only "
               "under the name braid.");
  text += item("BRAID_THREADS", "The number of threads where -T is not given.");
  text += names() + examples();
  text +=
      section("SEE ALSO") +
      ".BR gzip (1),\n.BR zstd (1),\n.BR xz (1),\n.BR lz4 (1),\n.BR bzip2 (1),\n.BR brotli (1),\n"
      ".BR tar (1)\n";
  return text;
}

}  // namespace braid::cli
