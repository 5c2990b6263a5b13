#include "archive/copy_ranges.hpp"

#include <algorithm>

#include "base/try.hpp"

namespace braid::archive {

Result<void> copy_ranges(const Positioned& file, const std::vector<Range>& ranges, Sink& sink,
                         const RunOptions& run) {
  Buffer piece(std::size_t{1} << 20);
  Progress progress{.total_in = file.size()};
  for (const Range& range : ranges) {
    for (std::uint64_t at = range.start; at < range.end;) {
      if (run.stop.stop_requested()) return Error{.code = Errc::cancelled, .message = "stopped"};
      const auto room =
          static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), range.end - at));
      BRAID_TRY_VALUE(const std::size_t count, file.read_at(piece.writable().first(room), at));
      if (count != room) return Error{.code = Errc::io, .message = "the archive became shorter"};
      BRAID_TRY(sink.write(piece.view().first(count)));
      at += count;
      progress.bytes_in = at;
      progress.bytes_out += count;
      if (run.on_progress) run.on_progress(progress);
    }
  }
  return {};
}

}  // namespace braid::archive
