#pragma once

#include <braid/engine.hpp>

#include <string>

namespace braid::cli {

// What --stats prints: how many threads and why, memory, the time of each stage and each lane.
[[nodiscard]] std::string stats_text(const Engine& engine);

// The same for machines: one line of JSON, type "stats". Times are nanoseconds.
[[nodiscard]] std::string json_stats(const Engine& engine);

}  // namespace braid::cli
