#include "cli/option_table.hpp"

#include <array>

#include "cli/option_effects.hpp"

namespace braid::cli {

namespace {

using enum Personality;
using enum Group;

constexpr Personalities all_but(Personalities who) {
  return static_cast<Personalities>(everybody & ~who);
}

constexpr Personalities only(Personality who) {
  return bit(who);
}

constexpr Personalities xz_and_lzma = xz | lzma;

// Commands that work on archives.
constexpr Personalities archive_readers = extract | list | bit(test) | cat | diff;
constexpr Personalities packers = create | append;
constexpr Personalities selecting = archive_readers | packers;  // entries
constexpr Personalities archives = selecting | Personality::remove;
constexpr Personalities working =
    archives | bench | index | Personality::inspect;  // with an engine

constexpr Argument none{};
constexpr Argument file{"FILE", Values::file};
constexpr Argument format_name{"FORMAT", Values::format};
constexpr Argument level_name{"NAME", Values::level};
constexpr Argument check_name{"NAME", Values::check};
constexpr Argument knob_value{"KNOB=VALUE", Values::knob};
constexpr Argument size{"SIZE", Values::free};
constexpr Argument number{"N", Values::free};
constexpr Argument text{"TEXT", Values::free};
constexpr Argument maybe_number{"N", Values::free, true};

// clang-format off
constexpr std::array table = {
    // What to do.
    Option{'z', "compress", none, action, true, everybody,
           "Compress. This is what happens when nothing else is asked for.",
           effect::act<Action::compress>},
    Option{'d', "decompress", none, action, true, everybody,
           "Restore. The format is found by content; for formats without a signature (brotli, raw "
           "deflate) by the extension or -F.",
           effect::act<Action::decompress>},
    Option{'t', "test", none, action, true, everybody,
           "Decode and check everything, write nothing.",
           effect::act<Action::test>},
    Option{'l', "list", none, action, true, all_but(lz4 | brotli),
           "Print sizes, ratio and check of each FILE. It decodes the whole file, so that the "
           "numbers are exact in every format, whatever the headers claim.",
           effect::act<Action::list>},
    Option{0, "list", none, action, true, lz4 | brotli,
           "Print sizes, ratio and check of each FILE, by decoding it.",
           effect::act<Action::list>},
    Option{'h', "", none, action, true, everybody | working | formats,
           "Print the usual options.",
           effect::act<Action::usage>},
    Option{0, "help", none, action, true, everybody | working | formats,
           "Print all options.",
           effect::act<Action::help>},
    Option{'V', "version", none, action, true, everybody,
           "Print the version and the formats of this build.",
           effect::act<Action::version>},

    // Files.
    Option{'c', "stdout", none, files, true, everybody,
           "Write to standard output; keep the source.",
           effect::turn<&Settings::to_stdout>},
    Option{'o', "output", file, files, true, braid | zstd | brotli,
           "Write to FILE; when compressing without -F, its extension chooses the format. - is "
           "standard output.",
           effect::output},
    Option{'k', "keep", none, files, true, everybody,
           "Keep the source. The default, but for the names gzip, xz, lzma and bzip2.",
           effect::turn<&Settings::remove_source, false>},
    Option{0, "rm", none, files, true, everybody,
           "Remove the source once its output is complete and on the disk. Never when writing to "
           "standard output or a device.",
           effect::turn<&Settings::remove_source>},
    Option{'f', "force", none, files, true, everybody,
           "Replace existing files, compress what has the extension already, use terminals for "
           "compressed data, and with -dc copy data of no known format as it is.",
           effect::turn<&Settings::force>},
    Option{'r', "recursive", none, files, true, braid | gzip | zstd | lz4,
           "Go through folders, in the order of names. Links and special files are left out, and "
           "so are files that the action is not for, by their extension.",
           effect::turn<&Settings::recursive>},
    Option{'S', "suffix", text, files, false, braid | gzip | xz | lzma | brotli,
           "Append, or take away, TEXT instead of the format's extension.",
           effect::suffix},
    Option{'n', "no-name", none, files, false, braid | gzip,
           "Neither store nor use names and times in gzip headers. The default, so that equal "
           "input gives equal output.",
           effect::turn<&Settings::use_stored_name, false>},
    Option{'N', "name", none, files, false, braid | gzip,
           "Store the source's name and time in the gzip header; with -d, give the output the "
           "stored ones. Of a stored name only the last component is used.",
           effect::turn<&Settings::use_stored_name>},
    Option{0, "no-sparse", none, files, false, everybody,
           "Write runs of zeros instead of leaving holes in the output.",
           effect::turn<&Settings::sparse, false>},
    Option{0, "no-sync", none, files, false, everybody,
           "Do not wait until the output is on the disk. An existing file stays safe, and so does "
           "the source under --rm.",
           effect::turn<&Settings::sync, false>},

    // Archives.
    Option{'C', "directory", {"DIR", Values::file}, files, true, packers,
           "Where each PATH begins, and what the names in the archive are relative to, instead of "
           "the current folder.",
           effect::keep_text<&Settings::folder>},
    Option{'C', "directory", {"DIR", Values::file}, files, true, only(extract),
           "Unpack into DIR, which is made if it is missing, instead of the current folder.",
           effect::keep_text<&Settings::folder>},
    Option{'f', "force", none, files, true, only(create),
           "Replace an ARCHIVE that exists, and write one to a terminal.",
           effect::turn<&Settings::force>},
    Option{0, "include", {"PATTERN", Values::free}, files, true, selecting,
           "Only what matches PATTERN, with the meaning of .gitignore; a folder means all that is "
           "in it. May be repeated.",
           effect::add_to<&NameFilter::include>},
    Option{0, "exclude", {"PATTERN", Values::free}, files, true, selecting,
           "Leave out what matches PATTERN, with the meaning of .gitignore; a folder with all that "
           "is in it. May be repeated; !PATTERN takes back what an earlier one said.",
           effect::add_to<&NameFilter::exclude>},
    Option{0, "gitignore", none, files, true, packers,
           "Leave out what the .gitignore files in the folders say.",
           effect::turn<&Settings::gitignore>},
    Option{0, "max-depth", number, files, false, selecting,
           "Only entries whose paths have at most N components.",
           effect::max_depth},
    Option{0, "min-size", size, files, false, selecting,
           "Only files of at least SIZE bytes.",
           effect::size_to<&NameFilter::min_size>},
    Option{0, "max-size", size, files, false, selecting,
           "Only files of at most SIZE bytes.",
           effect::size_to<&NameFilter::max_size>},
    Option{0, "newer", {"TIME", Values::file}, files, false, selecting,
           "Only files that changed after TIME: 2026-01-31, '2026-01-31 12:00:00' (UTC), @seconds "
           "since 1970, 36h or 7d ago, or the time of the file ./NAME or /NAME.",
           effect::time_to<&NameFilter::newer>},
    Option{0, "older", {"TIME", Values::file}, files, false, selecting,
           "Only files that changed before TIME.",
           effect::time_to<&NameFilter::older>},
    Option{0, "exclude-from", file, files, false, selecting,
           "Leave out what the patterns in FILE say, one a line, as --exclude does; - is standard "
           "input.",
           effect::exclude_from},
    Option{0, "keep-going", none, files, true, selecting,
           "Go on without what cannot be read, written or is refused; the exit code tells.",
           effect::turn<&Settings::keep_going>},
    Option{0, "overwrite", none, files, true, only(extract),
           "Replace files that exist. Folders are never replaced.",
           effect::existing<Existing::overwrite>},
    Option{0, "skip", none, files, true, only(extract),
           "Leave files that exist alone.",
           effect::existing<Existing::skip>},
    Option{0, "rename", none, files, true, only(extract),
           "Give entries whose names are taken other names: a_1.txt.",
           effect::existing<Existing::rename>},
    Option{0, "range", {"FROM:TO", Values::free}, files, true, only(cat),
           "Write only the bytes from FROM up to TO, or FROM:+LENGTH, of the content of a compressed "
           "file; numbers may end in K, M, G. An index of --index, or FILE.idx or FILE.gzi beside "
           "it, saves reading what comes before, and so do the sizes that some files hold.",
           effect::range},
    Option{0, "index", file, files, false, only(cat),
           "Use the index FILE for --range: of braid, bgzip (.gzi) or indexed_gzip (GZIDX).",
           effect::keep_text<&Settings::index>},
    Option{'o', "output", file, files, true, only(index),
           "Write the index to FILE instead of FILE.idx. One that is there is replaced.",
           effect::output},
    Option{0, "index-format", {"FORMAT", Values::free}, files, false, only(index),
           "What the index looks like: braid, the default; gzi, as bgzip -i writes it, for BGZF files; "
           "gzidx, as indexed_gzip and rapidgzip read it, for gzip, zlib and deflate; gztool, for gzip.",
           effect::index_format},
    Option{0, "strip-components", number, files, true, only(extract),
           "Take the first N components away from the names; leave out what has no more.",
           effect::strip_components},
    Option{0, "preserve", none, files, true, only(extract),
           "Restore permissions exactly, and as root owners, set-id bits and devices. For archives "
           "whose origin is trusted.",
           effect::turn<&Settings::preserve>},
    Option{0, "strict", none, files, false, archive_readers,
           "Refuse archives with a second entry of one name, or with something behind their end.",
           effect::turn<&Settings::strict>},
    Option{0, "ignore-zeros", none, files, true, archive_readers,
           "tar: go on behind the zeros that end an archive, where several were put behind one another.",
           effect::turn<&Settings::ignore_zeros>},
    Option{0, "reproducible", none, files, true, packers,
           "Give all entries the same time and owner, and no permissions but read, write and "
           "execute, so that the archive depends on names and contents alone. The time is that of the variable "
           "SOURCE_DATE_EPOCH, or 1970.",
           effect::turn<&Settings::reproducible>},
    Option{0, "xattrs", none, files, false, packers | extract,
           "Also extended attributes, access control lists among them.",
           effect::turn<&Settings::attributes>},
    Option{0, "no-sparse", none, files, false, packers,
           "Store holes as zeros.",
           effect::turn<&Settings::sparse, false>},

    // Compression.
    Option{'F', "format", {"FORMAT", Values::archive}, compression, true, only(create),
           "The format to write: tar, tar.zst, tgz.",
           effect::archive_format},
    Option{'F', "format", {"FORMAT", Values::archive}, compression, true, archive_readers,
           "The format to expect: tar, tar.zst, tgz, and but for extract gzip or br too. By default "
           "the content tells it, and of brotli the name.",
           effect::any_format},
    Option{'F', "format", format_name, compression, true, only(bench),
           "Only this format.",
           effect::format},
    Option{0, "runs", number, compression, false, only(bench),
           "Run each direction N times (3) and print the median; what takes long is run once.",
           effect::runs},
    Option{'F', "format", format_name, compression, true, braid | xz | lzma,
           "The format to write, or to expect when reading.",
           effect::tool_format},
    Option{0, "format", format_name, compression, true, all_but(braid | xz | lzma),
           "The format to write, or to expect when reading.",
           effect::tool_format},
    Option{'#', "", none, compression, true, everybody | packers | bench,
           "The level, on the format's own scale. 'braid formats' lists the scales.",
           effect::level_number},
    Option{0, "level", level_name, compression, true, everybody | packers | bench,
           "The level by name, which means the same effort in every format: fastest, fast, normal, "
           "best or ultra.",
           effect::level_name},
    Option{0, "fast", maybe_number, compression, false, braid | zstd | lz4,
           "Faster: --level fast, or with N the level -N, where the format has negative levels.",
           effect::fast},
    Option{0, "fast", none, compression, false, gzip | bzip2,
           "The same as -1.", effect::level<1>},
    Option{0, "fast", none, compression, false, xz_and_lzma,
           "The same as -0.", effect::level<0>},
    Option{0, "best", none, compression, false, only(braid),
           "The same as --level best.", effect::level_of<Level::best>},
    Option{0, "best", none, compression, false, gzip | bzip2 | xz | lzma,
           "The same as -9.", effect::level<9>},
    Option{0, "best", none, compression, false, only(lz4),
           "The same as -12.", effect::level<12>},
    Option{'Z', "best", none, compression, false, only(brotli),
           "The same as -11.", effect::level<11>},
    Option{'q', "quality", number, compression, true, only(brotli),
           "The level.", effect::level_number},
    Option{'w', "lgwin", number, compression, false, only(brotli),
           "The window, as a base-two logarithm.", effect::put_size<Knob::window_log>},
    Option{'e', "extreme", none, compression, false, braid | xz | lzma,
           "xz, lzma and lzip: try harder for a little more ratio.",
           effect::put<Knob::extreme, 1>},
    Option{'C', "check", check_name, compression, false, braid | xz | lzma,
           "The checksum to store: none, crc32, crc64 or sha256 (xz); none leaves it out wherever "
           "the format permits that.",
           effect::keep_text<&Settings::check>},
    Option{0, "check", none, compression, false, only(zstd),
           "Store a checksum. The default.", effect::put<Knob::checksum, 1>},
    Option{0, "no-check", none, compression, false, only(zstd),
           "Store no checksum.", effect::put<Knob::checksum, 0>},
    Option{'D', "dict", file, compression, false, braid | zstd | lz4,
           "Use FILE as dictionary, in both directions.",
           effect::keep_text<&Settings::dictionary>},
    Option{0, "comment", text, compression, false, braid | gzip,
           "gzip: store TEXT in the header.",
           effect::keep_text<&Settings::comment>},
    Option{0, "rsyncable", none, compression, false, braid | gzip | zstd,
           "gzip, zlib, deflate and zstd: end chunks where the content says, so that a change in the "
           "input changes little of the output: for rsync, zsync and deduplicating stores. About 1 to 3 % "
           "larger.",
           effect::put<Knob::rsyncable, 1>},
    Option{0, "single", none, compression, false, only(braid),
           "Write one frame or block, as the format's own tool does by default. It cannot be read "
           "in parallel.",
           effect::put<Knob::layout, static_cast<int>(Layout::single)>},
    Option{0, "members", none, compression, false, braid | gzip,
           "gzip: write sized members instead of one.",
           effect::put<Knob::layout, static_cast<int>(Layout::members)>},
    Option{0, "bgzf", none, compression, false, braid | gzip,
           "gzip: write BGZF, the blocked form of bioinformatics.",
           effect::put<Knob::layout, static_cast<int>(Layout::bgzf)>},
    Option{0, "set", knob_value, compression, false, everybody | packers | bench,
           "Any other setting of the format, by name: --set window_log=27. 'braid formats' lists "
           "them with their ranges. May be repeated.",
           effect::set_knob},
    Option{0, "long", maybe_number, compression, false, only(zstd),
           "Match over long distances, in a window of 2^N bytes (27).",
           effect::long_distance},
    Option{0, "content-size", none, compression, false, zstd | lz4,
           "Store the plain size in the header.", effect::put<Knob::content_size, 1>},
    Option{0, "no-content-size", none, compression, false, zstd | lz4,
           "Do not store the plain size.", effect::put<Knob::content_size, 0>},
    Option{0, "block-size", size, compression, false, xz_and_lzma,
           "Plain bytes of one block.", effect::put_size<Knob::chunk_size>},
    Option{'B', "", {"#", Values::free}, compression, false, only(lz4),
           "-B4 to -B7: blocks of 64 KiB to 4 MiB. -BD: blocks may refer to the one before. -BI: "
           "they do not. -BX: a checksum for each block.",
           effect::lz4_blocks},
    Option{0, "no-frame-crc", none, compression, false, only(lz4),
           "Store no checksum.", effect::put<Knob::checksum, 0>},
    Option{'s', "small", none, compression, false, only(bzip2),
           "Compress with level 2 at most. Without effect on reading.",
           effect::small},

    // Limits.
    Option{'T', "threads", number, limits, true, (everybody | working) & ~only(index),
           "Work on N threads; 0, the default, is one for each CPU that this process may use "
           "(affinity, cgroup quota). The output does not depend on it. Twice -v tells the number "
           "and its reason.",
           effect::threads},
    Option{'T', "threads", number, limits, true, only(index),
           "Work on N threads; 0, the default, is one for each CPU that this process may use "
           "(affinity, cgroup quota). Where a file without parts, such as gzip's, can be "
           "entered depends on it. Twice -v tells the number and its reason.",
           effect::threads},
    Option{0, "memory", size, limits, true, everybody | working,
           "Use no more memory than about SIZE, with fewer threads if need be, and refuse what "
           "cannot be done or read within it. By default half of the memory at hand, and for what "
           "a file asks of its reader the smaller of 1 GiB and a quarter.",
           effect::memory},
    Option{0, "max-output", size, limits, true, everybody,
           "When restoring, testing or listing: refuse more than SIZE bytes from one file.",
           effect::max_output},
    Option{0, "max-output", size, limits, true, archive_readers,
           "Refuse more than SIZE bytes of content in all.",
           effect::max_output},
    Option{0, "max-entries", number, limits, false, archive_readers,
           "Refuse more than N entries.",
           effect::count<&Settings::max_entries>},
    Option{0, "max-ratio", number, limits, false, archive_readers,
           "Refuse content that is more than N times as large as the archive, past the first GiB "
           "(1000); 0 is no limit.",
           effect::count<&Settings::max_ratio>},

    // Reports.
    Option{'q', "quiet", none, report, true, all_but(bit(brotli)) | archives,
           "Print errors only; twice: nothing at all.",
           effect::talk<-1>},
    Option{'v', "verbose", none, report, true, everybody,
           "Print a line for each file; twice: also what was left out, and how many threads work.",
           effect::talk<1>},
    Option{'v', "verbose", none, report, true, packers | extract | bit(test) | cat | Personality::remove,
           "Print the name of each entry; twice: also how many threads work.",
           effect::talk<1>},
    Option{'l', "long", none, report, true, only(list),
           "Print type, permissions, owner, size and time too.",
           effect::talk<1>},
    Option{'v', "verbose", none, report, true, only(list),
           "The same; twice: also how many threads work.",
           effect::talk<1>},
    Option{'v', "verbose", none, report, true, only(diff),
           "Print sums of the whole archive too; twice: also how many threads work.",
           effect::talk<1>},
    Option{'v', "verbose", none, report, true, only(Personality::inspect),
           "Print every part too: its offset, and the bit where it begins within a byte, compressed "
           "and plain bytes, and what it is.",
           effect::talk<1>},
    Option{0, "tree", none, report, true, only(list),
           "Print the names as a tree.",
           effect::turn<&Settings::tree>},
    Option{0, "null", none, report, false, only(list),
           "End each line with a zero byte instead of a line feed, and escape nothing.",
           effect::turn<&Settings::null_names>},
    Option{0, "json", none, report, true, everybody | working | formats,
           "Print results, lists and errors as one JSON object a line, on standard output, or on "
           "standard error where the data goes to standard output.",
           effect::turn<&Settings::json>},
    Option{0, "stats", none, report, false, everybody | working,
           "In the end, print what the threads did: chunks, bytes, the time they worked and waited, "
           "and the memory it took.",
           effect::turn<&Settings::stats>},
    Option{0, "trace", file, report, false, everybody | working,
           "In the end, write to FILE what each thread did when, for Perfetto or chrome://tracing.",
           effect::keep_text<&Settings::trace>},
    Option{0, "names", none, report, false, braid | formats,
           "With 'braid formats': print the names of the formats of this build and nothing else.",
           effect::turn<&Settings::names_only>},
    Option{0, "progress", none, report, false, everybody | archives,
           "Show progress even when standard error is no terminal.",
           effect::progress<true>},
    Option{0, "no-progress", none, report, false, everybody | archives,
           "Show no progress.",
           effect::progress<false>},

    // Other spellings, and what is so already.
    Option{0, "to-stdout", none, hidden, false, xz_and_lzma, "", effect::turn<&Settings::to_stdout>},
    Option{0, "acls", none, hidden, false, packers | extract, "", effect::turn<&Settings::attributes>},
    Option{0, "uncompress", none, hidden, false, gzip | zstd | xz | lzma, "",
           effect::act<Action::decompress>},
    Option{0, "decode", none, hidden, false, only(lz4), "", effect::act<Action::decompress>},
    Option{'H', "long-help", none, hidden, false, zstd | xz | lzma, "", effect::act<Action::help>},
    Option{0, "sparse", none, hidden, false, zstd | lz4, "", effect::turn<&Settings::sparse>},
    Option{'M', "memlimit", size, hidden, false, xz | lzma | zstd, "", effect::memory},
    Option{'j', "", none, hidden, false, only(brotli), "", effect::turn<&Settings::remove_source>},
    Option{'m', "multiple", none, hidden, false, only(lz4), "", effect::turn<&Settings::multiple>},
    Option{'Q', "no-warn", none, hidden, false, xz_and_lzma, "", effect::already_so},
    Option{0, "ultra", none, hidden, false, only(zstd), "", effect::already_so},
    Option{0, "memlimit-compress", size, hidden, false, xz_and_lzma, "", effect::memory},
    Option{0, "memlimit-decompress", size, hidden, false, xz_and_lzma, "", effect::memory},
    Option{0, "no-dictID", none, hidden, false, only(zstd), "", effect::put<Knob::dictionary_id, 0>},
    Option{0, "large_window", number, hidden, false, only(brotli), "",
           effect::put_size<Knob::window_log>},

    // How pigz, pzstd, pbzip2, lbzip2 and plzip say it.
    Option{'p', "processes", number, hidden, false, gzip | zstd | bzip2, "", effect::threads},
    Option{'n', "", number, hidden, false, bzip2 | xz | lzma, "", effect::threads},
    Option{0, "single-thread", none, hidden, false, only(zstd), "", effect::one_thread},
    Option{'b', "blocksize", number, hidden, false, only(gzip), "", effect::chunk_of_kib},
    Option{'R', "", none, hidden, false, only(gzip), "", effect::put<Knob::rsyncable, 1>},
    Option{'i', "independent", none, hidden, false, only(gzip), "", effect::already_so},
    Option{'C', "", text, hidden, false, only(gzip), "", effect::keep_text<&Settings::comment>},
    Option{0, "generate", text, hidden, false, only(braid), "", effect::generate},
};

// clang-format on

// Nobody may have two options of one letter or name.
consteval bool options_are_unambiguous() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const bool same_letter = table[i].letter != 0 && table[i].letter == table[j].letter;
      const bool same_name = !table[i].name.empty() && table[i].name == table[j].name;
      if ((same_letter || same_name) && (table[i].who & table[j].who) != 0) return false;
    }
  }
  return true;
}

static_assert(options_are_unambiguous());

}  // namespace

std::span<const Option> option_table() noexcept {
  return table;
}

std::string_view title(Group group) noexcept {
  switch (group) {
    case action:
      return "What to do";
    case files:
      return "Files";
    case compression:
      return "Compression";
    case limits:
      return "Limits";
    case report:
      return "Reports";
    case hidden:
      break;
  }
  return "";
}

}  // namespace braid::cli
