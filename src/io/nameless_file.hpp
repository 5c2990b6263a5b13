#pragma once

#include "io/file.hpp"

namespace braid::io {

// A file to write to and read back that no name leads to and that goes with its descriptor, in
// $TMPDIR or else /tmp. Errors: io, not_found (no such folder).
[[nodiscard]] Result<File> nameless_file();

}  // namespace braid::io
