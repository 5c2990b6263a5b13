#include "cli/progress.hpp"

#include <algorithm>

#include <fmt/core.h>
#include <unistd.h>

#include "cli/numbers.hpp"
#include "cli/text.hpp"

namespace braid::cli {

namespace {

constexpr std::chrono::milliseconds redraw_interval(100);
constexpr std::size_t name_columns = 24;

std::string time_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  if (whole >= 3600)
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

void ProgressLine::begin(std::string name) {
  name_ = printable(name);
  if (name_.size() > name_columns) {
    name_ = "..." + name_.substr(name_.size() - (name_columns - 3));
  }
  begun_ = Clock::now();
  drawn_at_ = begun_;
}

void ProgressLine::update(const Progress& progress) {
  if (!on_) return;
  const Clock::time_point now = Clock::now();
  if (now - drawn_at_ < redraw_interval) return;
  drawn_at_ = now;
  drawn_ = true;
  std::string line = text(progress, now);
  line.resize(std::min(line.size(), terminal_width(STDERR_FILENO) - 1));
  // What cannot be drawn is no reason to stop.
  [[maybe_unused]] const auto written = write_text(STDERR_FILENO, "\r" + line + "\x1b[K");
}

void ProgressLine::erase() {
  if (!drawn_) return;
  drawn_ = false;
  [[maybe_unused]] const auto written = write_text(STDERR_FILENO, "\r\x1b[K");
}

std::string ProgressLine::text(const Progress& progress, Clock::time_point now) const {
  const double seconds = std::max(std::chrono::duration<double>(now - begun_).count(), 1e-3);
  const double speed = static_cast<double>(progress.bytes_in) / seconds;
  const std::uint64_t plain = restoring_ ? progress.bytes_out : progress.bytes_in;
  const std::uint64_t packed = restoring_ ? progress.bytes_in : progress.bytes_out;
  std::string line =
      fmt::format("{}: {} => {}  {}  {:.1f} MB/s", name_, size_text(progress.bytes_in),
                  size_text(progress.bytes_out), ratio_text(packed, plain),
                  static_cast<double>(plain) / seconds / 1e6);
  if (progress.total_in && *progress.total_in >= progress.bytes_in && speed > 0) {
    const auto total = static_cast<double>(*progress.total_in);
    const auto rest = static_cast<double>(*progress.total_in - progress.bytes_in);
    line += fmt::format("  {:.0f} %  {} left",
                        total > 0 ? 100 * static_cast<double>(progress.bytes_in) / total : 100.0,
                        time_text(rest / speed));
  }
  return line;
}

}  // namespace braid::cli
