#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/json_output.hpp"
#include "cli/report.hpp"

namespace braid::cli {

int run_formats(const Settings& settings) {
  if (settings.names_only) return print(*settings.habits, format_names());
  return print(*settings.habits, settings.json ? json_formats() : formats_text());
}

}  // namespace braid::cli
