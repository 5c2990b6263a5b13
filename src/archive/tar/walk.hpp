#pragma once

#include "archive/format.hpp"

namespace braid::archive::tar {

struct WalkOptions {
  bool ignore_zeros = false;
  bool strict = false;  // nothing but zeros may follow the archive
  std::stop_token stop{};
};

// Goes from header to header of an archive that nothing compresses, without reading contents, and
// tells the visitor by enter() alone. The end of the last entry. Errors: corrupt, truncated,
// trailing_data, io, cancelled, those of the visitor.
[[nodiscard]] Result<std::uint64_t> walk(const Positioned& file, const WalkOptions& options,
                                         EntryVisitor& visitor);

}  // namespace braid::archive::tar
