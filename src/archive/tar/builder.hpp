#pragma once

#include <braid/archive.hpp>

namespace braid::archive::tar {

// Appends the header blocks of an entry: a ustar header, behind a pax extended header where that
// cannot say everything; of a sparse file also the map (GNU sparse 1.0) that its content begins
// with. Fields that do not fit are never cut. Errors: invalid_argument (an empty name, or one with
// a NUL byte).
[[nodiscard]] Result<void> append_headers(Buffer& out, const Entry& entry);

// Bytes of content that follow the headers: of a sparse file those of its extents.
[[nodiscard]] std::uint64_t stored_size(const Entry& entry) noexcept;

}  // namespace braid::archive::tar
