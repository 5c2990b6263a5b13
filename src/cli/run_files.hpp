#pragma once

#include "cli/report.hpp"
#include "cli/settings.hpp"
#include "cli/signals.hpp"

namespace braid::cli {

// Goes through the operands, and with -r through folders, and does what the settings ask for to
// each file. The error of one file does not keep the others from being dealt with.
void run_files(const Settings& settings, SignalWatch& signals, Report& report);

}  // namespace braid::cli
