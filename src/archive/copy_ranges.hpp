#pragma once

#include <vector>

#include "archive/format.hpp"

namespace braid::archive {

struct Range {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
};

// Writes these parts of a file one after the other. Errors: io, cancelled, those of the sink.
[[nodiscard]] Result<void> copy_ranges(const Positioned& file, const std::vector<Range>& ranges,
                                       Sink& sink, const RunOptions& run);

}  // namespace braid::archive
