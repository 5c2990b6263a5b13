#pragma once

#include <braid/archive.hpp>
#include <braid/config.hpp>
#include <braid/seekable_reader.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/personality.hpp"
#include "cli/range.hpp"

namespace braid::cli {

struct Command;

// Everything a command line asks for. Parsing fills it; nothing changes it afterwards.
struct Settings {
  const Habits* habits = nullptr;
  const Command* command = nullptr;  // null: files are compressed or restored
  Action action = Action::compress;
  std::vector<std::string> operands;

  // Where things come from and go to.
  bool to_stdout = false;
  bool remove_source = false;
  bool force = false;
  bool recursive = false;
  bool multiple = false;  // lz4 -m: a second operand is an input
  bool sparse = true;
  bool sync = true;
  bool use_stored_name = false;
  std::optional<std::string> output;
  std::optional<std::string> suffix;

  // How to compress.
  std::optional<Algorithm> format;
  std::optional<int> level;
  std::optional<Level> named_level;
  std::optional<int> highest_level;  // a level above it becomes this one (bzip2 -s)
  std::optional<std::string> check;
  std::optional<std::string> comment;
  std::optional<std::string> dictionary;
  std::vector<std::pair<Knob, std::int64_t>> knobs;

  unsigned threads = 0;  // 0: what the engine finds

  // Limits. Of memory: the engine's and each decoder's; 0: their own.
  std::uint64_t memory_limit = 0;
  std::uint64_t max_output = UINT64_MAX;

  // Archives.
  std::optional<std::string> folder;          // -C
  std::optional<ArchiveName> archive_format;  // -F
  NameFilter filter;
  bool keep_going = false;
  bool reproducible = false;
  bool gitignore = false;
  bool attributes = false;
  bool preserve = false;
  bool strict = false;
  bool ignore_zeros = false;
  bool tree = false;
  bool null_names = false;
  Existing existing = Existing::refuse;
  std::uint32_t strip_components = 0;
  std::optional<std::uint64_t> max_entries;
  std::optional<std::uint64_t> max_ratio;

  std::optional<std::uint64_t> runs;  // of a benchmark

  // Random access.
  std::optional<ByteRange> range;
  std::optional<std::string> index;  // a file
  IndexFormat index_format = IndexFormat::braid;

  // What to say about it.
  int verbosity = 0;  // -2: not even errors, -1: errors only, 1: a line for each file, 2: more
  bool json = false;
  bool stats = false;
  std::optional<std::string> trace;  // file to write the engine's trace to
  bool names_only = false;           // of the formats
  std::optional<bool> progress;      // nothing: when standard error is a terminal
  std::string generate;              // what Action::generate writes
};

}  // namespace braid::cli
