#include "cli/stats.hpp"

#include <fmt/core.h>

#include "cli/numbers.hpp"

namespace braid::cli {

namespace {

std::string seconds(std::uint64_t nanoseconds) {
  return fmt::format("{:.3f} s", static_cast<double>(nanoseconds) / 1e9);
}

}  // namespace

std::string stats_text(const Engine& engine) {
  const EngineStats stats = engine.stats();
  std::string text = fmt::format("threads  {}\n", engine.thread_reason());
  text += fmt::format("calls    {}, at most {} chunks on their way at once\n", stats.calls,
                      stats.in_flight_peak);
  text +=
      fmt::format("memory   {} at most, of {}; waited {} for it\n", size_text(stats.peak_memory),
                  size_text(engine.memory_limit()), seconds(stats.wait_memory_ns));
  text += fmt::format("stages   read {}, codec {}, write {}\n", seconds(stats.read_ns),
                      seconds(stats.codec_ns), seconds(stats.write_ns));
  text += fmt::format("{:>4} {:>8} {:>12} {:>12} {:>11} {:>14} {:>14}\n", "lane", "chunks", "in",
                      "out", "busy", "without input", "out of turn");
  for (std::size_t i = 0; i < stats.lanes.size(); ++i) {
    const LaneStats& lane = stats.lanes[i];
    text += fmt::format("{:>4} {:>8} {:>12} {:>12} {:>11} {:>14} {:>14}\n", i, lane.tasks,
                        size_text(lane.bytes_in), size_text(lane.bytes_out), seconds(lane.busy_ns),
                        seconds(lane.wait_input_ns), seconds(lane.wait_order_ns));
  }
  return text;
}

}  // namespace braid::cli
