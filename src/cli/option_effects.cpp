#include "cli/option_effects.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/core.h>

#include "cli/command_table.hpp"
#include "cli/input.hpp"
#include "cli/knob_value.hpp"
#include "cli/numbers.hpp"

namespace braid::cli::effect {

namespace {

// Far outside every format's range, which the library checks; near enough to be an int.
constexpr std::int64_t level_bound = 1'000'000;

// More than any machine has CPUs; a slip of the keyboard should not start a million threads.
constexpr std::int64_t most_threads = 4096;

// Bytes of a file of patterns.
constexpr std::size_t most_patterns = 64 << 20;

constexpr std::array<std::string_view, 5> level_names = {"fastest", "fast", "normal", "best",
                                                         "ultra"};

Error bad(std::string message) {
  return Error{.code = Errc::invalid_argument, .message = std::move(message)};
}

// What an archive is whose name ends so: "tar.zst", "tgz", "zip".
std::optional<ArchiveName> archive_called(std::string_view ending) {
  return archive_from_path(fmt::format("archive.{}", ending));
}

// One letter or digit of those behind -B, which may stand together: -B4D.
Done lz4_block_setting(Settings& settings, char setting) {
  switch (setting) {
    case 'D':
      return put<Knob::linked_blocks, 1>(settings, {});
    case 'I':
      return put<Knob::linked_blocks, 0>(settings, {});
    case 'X':
      return put<Knob::block_checksum, 1>(settings, {});
    // Block size identifiers of the LZ4 frame format: 64 KiB, 256 KiB, 1 MiB, 4 MiB.
    case '4':
      return put<Knob::block_size, 64 << 10>(settings, {});
    case '5':
      return put<Knob::block_size, 256 << 10>(settings, {});
    case '6':
      return put<Knob::block_size, 1 << 20>(settings, {});
    case '7':
      return put<Knob::block_size, 4 << 20>(settings, {});
    default:
      return bad(fmt::format("-B{} is none of -B4 to -B7, -BD, -BI, -BX", setting));
  }
}

}  // namespace

Done put_size(Settings& settings, Knob knob, std::string_view argument) {
  auto value = parse_knob_value(knob, argument);
  if (!value) return std::move(value).error();
  settings.knobs.emplace_back(knob, *value);
  return {};
}

Done output(Settings& settings, std::string_view argument) {
  if (argument.empty()) return bad("the name of the output is empty");
  settings.output = argument;
  return {};
}

// "tar.zst" as an archive's name ends, "zip.xz" for entries that are packed in another way.
Done archive_format(Settings& settings, std::string_view argument) {
  if (constexpr std::string_view zip = "zip."; argument.starts_with(zip)) {
    auto algorithm = algorithm_from_name(argument.substr(zip.size()));
    if (!algorithm) return std::move(algorithm).error();
    settings.archive_format = ArchiveName{ArchiveFormat::zip, *algorithm};
    return {};
  }
  settings.archive_format = archive_called(argument);
  if (settings.archive_format) return {};
  return bad(fmt::format("'{}' is no format of archives, such as tar.zst or tgz", argument));
}

Done any_format(Settings& settings, std::string_view argument) {
  settings.archive_format = archive_called(argument);
  if (settings.archive_format) return {};
  if (settings.command->personality == Personality::extract) {
    return archive_format(settings, argument);
  }
  return format(settings, argument);
}

Done range(Settings& settings, std::string_view argument) {
  auto range = parse_range(argument);
  if (!range) return std::move(range).error();
  settings.range = *range;
  return {};
}

Done index_format(Settings& settings, std::string_view argument) {
  if (argument == "braid") {
    settings.index_format = IndexFormat::braid;
  } else if (argument == "gzi") {
    settings.index_format = IndexFormat::bgzf;
  } else if (argument == "gzidx") {
    settings.index_format = IndexFormat::indexed_gzip;
  } else if (argument == "gztool") {
    settings.index_format = IndexFormat::gztool;
  } else {
    return Error{
        .code = Errc::invalid_argument,
        .message = fmt::format("'{}' is no format of an index; there are braid, gzi, gzidx, gztool",
                               argument)};
  }
  return {};
}

Done runs(Settings& settings, std::string_view argument) {
  auto number = parse_count(argument);
  if (!number) return std::move(number).error();
  if (*number < 1 || *number > 1000) return bad(fmt::format("{} is not 1 to 1000", *number));
  settings.runs = *number;
  return {};
}

Done max_depth(Settings& settings, std::string_view argument) {
  auto number = parse_count(argument);
  if (!number) return std::move(number).error();
  settings.filter.max_depth =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(*number, INT32_MAX));
  return {};
}

Done exclude_from(Settings& settings, std::string_view argument) {
  const std::string name(argument);
  auto input = Input::open_operand(name, -1);
  auto text = input ? read_all(*input, most_patterns) : Result<Buffer>(std::move(input).error());
  if (!text) {
    return bad(fmt::format("the patterns in {}: {}", name, text.error().text()));
  }
  for (std::string_view rest = text->view().text(); !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    settings.filter.exclude.emplace_back(line);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

Done strip_components(Settings& settings, std::string_view argument) {
  auto number = parse_count(argument);
  if (!number) return std::move(number).error();
  settings.strip_components =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(*number, UINT32_MAX));
  return {};
}

Done format(Settings& settings, std::string_view argument) {
  auto found = algorithm_from_name(argument);
  if (!found && archive_called(argument)) {
    return bad(
        fmt::format("'{}' is a format of archives, which 'braid create' makes and 'braid "
                    "extract' unpacks",
                    argument));
  }
  if (!found) return std::move(found).error();
  settings.format = *found;
  return {};
}

Done tool_format(Settings& settings, std::string_view argument) {
  if (argument != "auto") return format(settings, argument);
  settings.format.reset();
  return {};
}

Done level_number(Settings& settings, std::string_view argument) {
  auto number = parse_integer(argument);
  if (!number) return std::move(number).error();
  settings.level = static_cast<int>(std::clamp(*number, -level_bound, level_bound));
  settings.named_level.reset();
  return {};
}

Done level_name(Settings& settings, std::string_view argument) {
  const auto* found = std::ranges::find(level_names, argument);
  if (found == level_names.end()) {
    return bad(fmt::format("'{}' is no level: fastest, fast, normal, best, ultra", argument));
  }
  settings.named_level = static_cast<Level>(found - level_names.begin());
  settings.level.reset();
  return {};
}

Done fast(Settings& settings, std::string_view argument) {
  if (argument.empty()) {
    if (settings.habits->personality == Personality::braid) {
      return level_of<Level::fast>(settings, argument);
    }
    argument = "1";
  }
  auto number = parse_integer(argument);
  if (!number) return std::move(number).error();
  if (*number < 1) return bad(fmt::format("--fast={} is not above zero", *number));
  return level_number(settings, fmt::format("-{}", *number));
}

Done suffix(Settings& settings, std::string_view argument) {
  if (argument.empty() || argument.find('/') != std::string_view::npos) {
    return bad(fmt::format("'{}' is no suffix for a file name", argument));
  }
  settings.suffix = argument;
  return {};
}

Done set_knob(Settings& settings, std::string_view argument) {
  auto knob = parse_knob(argument);
  if (!knob) return std::move(knob).error();
  settings.knobs.push_back(*knob);
  return {};
}

Done threads(Settings& settings, std::string_view argument) {
  auto number = parse_integer(argument);
  if (!number) return std::move(number).error();
  if (*number < 0 || *number > most_threads) {
    return bad(fmt::format("{} threads are not one of 0 to {}", *number, most_threads));
  }
  settings.threads = static_cast<unsigned>(*number);
  return {};
}

Done memory(Settings& settings, std::string_view argument) {
  auto size = parse_size(argument);
  if (!size) return std::move(size).error();
  if (*size == 0) return bad("a limit of no memory leaves nothing to work with");
  settings.memory_limit = *size;
  return {};
}

Done max_output(Settings& settings, std::string_view argument) {
  auto size = parse_size(argument);
  if (!size) return std::move(size).error();
  settings.max_output = *size;
  return {};
}

Done generate(Settings& settings, std::string_view argument) {
  settings.action = Action::generate;
  settings.generate = argument;
  return {};
}

Done long_distance(Settings& settings, std::string_view argument) {
  settings.knobs.emplace_back(Knob::long_distance, 1);
  return put_size(settings, Knob::window_log, argument.empty() ? "27" : argument);
}

Done small(Settings& settings, std::string_view) {
  settings.highest_level = 2;
  return {};
}

Done one_thread(Settings& settings, std::string_view) {
  settings.threads = 1;
  return {};
}

Done chunk_of_kib(Settings& settings, std::string_view argument) {
  auto number = parse_count(argument);
  if (!number) return std::move(number).error();
  return put_size(settings, Knob::chunk_size, fmt::format("{}KiB", *number));
}

Done lz4_blocks(Settings& settings, std::string_view argument) {
  for (const char setting : argument) {
    if (auto done = lz4_block_setting(settings, setting); !done) return done;
  }
  return {};
}

}  // namespace braid::cli::effect
