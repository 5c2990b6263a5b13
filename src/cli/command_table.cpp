#include "cli/command_table.hpp"

#include <array>

#include "cli/commands.hpp"

namespace braid::cli {

namespace {

// clang-format off
constexpr std::array table = {
    Command{"create", "c", "ARCHIVE PATH...", 2, -1, Prints::archive, Personality::create,
            "Pack files and folders into an archive.",
            "Writes files, links and folders with all that is in them into ARCHIVE, whose name or -F "
            "tells the format: a.tar.zst, a.tgz, a.tar. - is standard output. The order is that of "
            "the names, so that equal trees give equal archives. ARCHIVE appears complete or not at "
            "all.",
            run_create},
    Command{"extract", "x", "ARCHIVE [ENTRY]...", 1, -1, Prints::text, Personality::extract,
            "Unpack an archive.",
            "Unpacks ARCHIVE, of any format and compression, into the current folder or that of -C; - "
            "is standard input. With ENTRY only those: a path as 'braid list' prints it, a folder with "
            "all below it, or a pattern with the meaning of .gitignore ('*.c' anywhere, 'src/*.c' in "
            "src). Nothing is made outside that folder, and nothing that is there is replaced unless "
            "asked for.",
            run_extract},
    Command{"list", "", "ARCHIVE [ENTRY]...", 1, -1, Prints::text, Personality::list,
            "Print what is in an archive.",
            "Prints the paths of the entries of ARCHIVE, or of those that ENTRY names, one a line; "
            "with -l also type, permissions, owner, size, time (UTC) and where links lead. On a "
            "terminal control bytes in names are shown as \\n or \\x1b. Of a compressed file that "
            "holds no archive it prints what 'braid -l' does.",
            run_list},
    Command{"test", "", "FILE...", 1, -1, Prints::text, Personality::test,
            "Read archives and compressed files to the end and verify them.",
            "Decodes every entry of each FILE, archive or compressed file, verifies all checksums and "
            "writes nothing.",
            run_test},
    Command{"cat", "", "FILE [ENTRY]...", 1, -1, Prints::content, Personality::cat,
            "Write entries of an archive to standard output.",
            "Writes the content of the files in an archive, or of those that ENTRY names, to standard "
            "output, in the order of the archive. Of a compressed file that holds no archive it "
            "writes the content, or with --range a part of it.",
            run_cat},
    Command{"index", "", "FILE...", 1, -1, Prints::text, Personality::index,
            "Make indexes, for reading parts of compressed files at once.",
            "Reads each FILE once, verifies it, and writes FILE.idx, which tells where the file can be "
            "entered: 'braid cat --range' then reads any part without what comes before. The file "
            "itself stays as it is.",
            run_index},
    Command{"inspect", "", "FILE...", 1, -1, Prints::text, Personality::inspect,
            "Tell what compressed files are made of.",
            "Reads each FILE once, verifies it, and prints its format, sizes, members or frames, blocks "
            "and check, who seems to have written it, and whether and why it can be read on several "
            "threads. With -v every part is printed before that, with its place in the file.",
            run_inspect},
    Command{"diff", "", "ARCHIVE DIR [ENTRY]...", 2, -1, Prints::text, Personality::diff,
            "Compare an archive with a folder.",
            "Prints how what lies in DIR differs from ARCHIVE: missing, extra, or another type, size, "
            "mode, time, link or content, one difference a line. DIR is where the archive would be "
            "unpacked. The exit code is 1 when anything differs.",
            run_diff},
    Command{"append", "", "ARCHIVE PATH...", 2, -1, Prints::text, Personality::append,
            "Add files and folders to a zip or plain tar archive.",
            "Adds files, links and folders to ARCHIVE, as create would write them. Entries of the same "
            "names are replaced in a zip archive, and come before the new ones in a tar archive, of "
            "which the last stays when it is unpacked. ARCHIVE is complete before and after, whatever "
            "happens.",
            run_append},
    Command{"delete", "", "ARCHIVE ENTRY...", 2, -1, Prints::text, Personality::remove,
            "Take entries out of a zip or plain tar archive.",
            "Takes entries out of ARCHIVE: a path as 'braid list' prints it, a folder with all below "
            "it, or a pattern. When one of them is not there, nothing is changed. ARCHIVE is complete "
            "before and after, whatever happens.",
            run_delete},
    Command{"bench", "", "[FILE]", 0, 1, Prints::text, Personality::bench,
            "Measure speed and ratio of every format on a file.",
            "Compresses the first 256 MiB of FILE, or a made-up text, in memory with each format at "
            "four levels, or with -F and a level those alone, restores it, and prints sizes, ratios and "
            "medians of the speeds in both directions. - is standard input. Speeds count plain bytes.",
            run_bench},
    Command{"formats", "", "", 0, 0, Prints::text, Personality::formats,
            "Print the formats of this build and their settings.",
            "Prints the formats of this build with their extensions, levels and settings.",
            run_formats},
};
// clang-format on

}  // namespace

std::span<const Command> command_table() noexcept {
  return table;
}

const Command* find_command(std::string_view word) noexcept {
  for (const Command& command : table) {
    if (word == command.name || (!command.letter.empty() && word == command.letter)) {
      return &command;
    }
  }
  return nullptr;
}

}  // namespace braid::cli
