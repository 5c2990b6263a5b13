#pragma once

#include <memory_resource>

namespace braid::base {

// Memory for the buffers that chunks pass through: areas of 2 MiB and more are aligned to, and
// asked for as, huge pages, as many as fit into them. A buffer of 8 MiB then costs four page faults
// instead of two thousand, which at the speed of lz4 and zstd is a tenth of the run. Small requests
// go to the default resource. No area takes more memory than was asked for.
// Holds nothing; every member may be called from any thread.
[[nodiscard]] std::pmr::memory_resource* chunk_memory() noexcept;

}  // namespace braid::base
