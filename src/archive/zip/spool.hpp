#pragma once

#include <memory>

#include "archive/format.hpp"

namespace braid::archive::zip {

// Copies a source without places into a file without a name, in $TMPDIR or /tmp: the directory that
// says what an archive holds stands at its end. The file goes with the result.
// Errors: io, cancelled, those of the source.
[[nodiscard]] Result<std::unique_ptr<Positioned>> spool(Source& source, std::stop_token stop);

}  // namespace braid::archive::zip
