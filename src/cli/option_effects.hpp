#pragma once

#include <braid/result.hpp>

#include <string_view>

#include "cli/moment.hpp"
#include "cli/numbers.hpp"
#include "cli/settings.hpp"

// What the options do to the settings: the last column of the table.
namespace braid::cli::effect {

using Done = Result<void>;

template <Action action>
Done act(Settings& settings, std::string_view) {
  settings.action = action;
  return {};
}

// A switch.
template <bool Settings::*member, bool value = true>
Done turn(Settings& settings, std::string_view) {
  settings.*member = value;
  return {};
}

// A text to be looked at later.
template <std::optional<std::string> Settings::*member>
Done keep_text(Settings& settings, std::string_view argument) {
  settings.*member = argument;
  return {};
}

template <int by>
Done talk(Settings& settings, std::string_view) {
  settings.verbosity += by;
  return {};
}

template <bool value>
Done progress(Settings& settings, std::string_view) {
  settings.progress = value;
  return {};
}

template <int number>
Done level(Settings& settings, std::string_view) {
  settings.level = number;
  settings.named_level.reset();
  return {};
}

template <Level value>
Done level_of(Settings& settings, std::string_view) {
  settings.named_level = value;
  settings.level.reset();
  return {};
}

// A knob with a fixed value.
template <Knob knob, std::int64_t value>
Done put(Settings& settings, std::string_view) {
  settings.knobs.emplace_back(knob, value);
  return {};
}

// A knob whose value is a size or number.
Done put_size(Settings& settings, Knob knob, std::string_view argument);

template <Knob knob>
Done put_size(Settings& settings, std::string_view argument) {
  return put_size(settings, knob, argument);
}

// Accepted for its users where braid works that way already: the help says so.
inline Done already_so(Settings&, std::string_view) {
  return {};
}

// A number that is not negative.
template <std::optional<std::uint64_t> Settings::*member>
Done count(Settings& settings, std::string_view argument) {
  auto number = parse_count(argument);
  if (!number) return std::move(number).error();
  settings.*member = *number;
  return {};
}

// One more pattern.
template <std::vector<std::string> NameFilter::*member>
Done add_to(Settings& settings, std::string_view argument) {
  (settings.filter.*member).emplace_back(argument);
  return {};
}

template <Existing value>
Done existing(Settings& settings, std::string_view) {
  settings.existing = value;
  return {};
}

template <std::uint64_t NameFilter::*member>
Done size_to(Settings& settings, std::string_view argument) {
  auto size = parse_size(argument);
  if (!size) return std::move(size).error();
  settings.filter.*member = *size;
  return {};
}

template <std::optional<Timestamp> NameFilter::*member>
Done time_to(Settings& settings, std::string_view argument) {
  auto time = parse_moment(argument);
  if (!time) return std::move(time).error();
  settings.filter.*member = *time;
  return {};
}

Done range(Settings& settings, std::string_view argument);
Done index_format(Settings& settings, std::string_view argument);
Done runs(Settings& settings, std::string_view argument);  // 1 to 1000
Done max_depth(Settings& settings, std::string_view argument);
Done exclude_from(Settings& settings, std::string_view argument);    // a file of patterns
Done any_format(Settings& settings, std::string_view argument);      // also of streams
Done archive_format(Settings& settings, std::string_view argument);  // "tar.zst", "tgz"
Done strip_components(Settings& settings, std::string_view argument);
Done output(Settings& settings, std::string_view argument);
Done format(Settings& settings, std::string_view argument);       // a name
Done tool_format(Settings& settings, std::string_view argument);  // a name or "auto"
Done level_number(Settings& settings, std::string_view argument);
Done level_name(Settings& settings, std::string_view argument);
Done fast(Settings& settings, std::string_view argument);  // --fast[=N]
Done suffix(Settings& settings, std::string_view argument);
Done set_knob(Settings& settings, std::string_view argument);  // KNOB=VALUE
Done threads(Settings& settings, std::string_view argument);
Done memory(Settings& settings, std::string_view argument);
Done max_output(Settings& settings, std::string_view argument);
Done generate(Settings& settings, std::string_view argument);
Done long_distance(Settings& settings, std::string_view argument);  // zstd --long[=LOG]
Done small(Settings& settings, std::string_view argument);          // bzip2 -s
Done one_thread(Settings& settings, std::string_view argument);
Done chunk_of_kib(Settings& settings, std::string_view argument);
Done lz4_blocks(Settings& settings, std::string_view argument);  // lz4 -B4, -BD

}  // namespace braid::cli::effect
