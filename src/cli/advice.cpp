#include "cli/advice.hpp"

#include <algorithm>
#include <cerrno>

#include "cli/command_table.hpp"
#include "cli/option_table.hpp"

namespace braid::cli {

namespace {

bool has_option(const Settings& settings, std::string_view name) {
  const Personality who =
      settings.command != nullptr ? settings.command->personality : settings.habits->personality;
  return std::ranges::any_of(option_table(), [&](const Option& option) {
    return option.name == name && option.belongs_to(who);
  });
}

std::string_view to_replace(const Settings& settings, const Error& error) {
  if (has_option(settings, "overwrite")) {
    const bool of_trace = error.entry == settings.trace;
    return of_trace ? "" : "; --overwrite, --skip and --rename go on";
  }
  return has_option(settings, "force") ? "; -f replaces it" : "";
}

// Of one entry: the others could be had without it.
std::string_view to_go_on(const Settings& settings) {
  const bool could = !settings.keep_going && has_option(settings, "keep-going");
  return could ? "; --keep-going goes on without it" : "";
}

bool is_limited(const Settings& settings) {
  return settings.max_output != UINT64_MAX || settings.max_entries || settings.max_ratio;
}

}  // namespace

std::string_view advice(const Settings& settings, const Error& error) noexcept {
  switch (error.code) {
    case Errc::already_exists:
      return to_replace(settings, error);
    case Errc::unsafe_path:
      return to_go_on(settings);
    case Errc::unsupported_feature:
      return error.entry.empty() ? "" : to_go_on(settings);
    case Errc::io:
      return !error.entry.empty() && error.os_error == EACCES ? to_go_on(settings) : "";
    case Errc::memory_limit:
      return "; --memory sets the limit";
    case Errc::output_limit:  // of the limits, only this one is there when none was asked for
      return !is_limited(settings) && has_option(settings, "max-ratio")
                 ? "; --max-ratio sets the limit"
                 : "";
    default:
      return "";
  }
}

}  // namespace braid::cli
