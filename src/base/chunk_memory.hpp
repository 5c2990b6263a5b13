#pragma once

#include <cstddef>
#include <memory_resource>

namespace braid::base {

inline constexpr std::size_t huge_page = 2 << 20;

// Memory for the buffers that chunks pass through: areas of 2 MiB and more are aligned to, and
// asked for as, huge pages, as many as fit into them. A buffer of 8 MiB then costs four page faults
// instead of two thousand, which at the speed of lz4 and zstd is a tenth of the run. Small requests
// go to the default resource. No area takes more memory than was asked for.
// Holds nothing; every member may be called from any thread.
[[nodiscard]] std::pmr::memory_resource* chunk_memory() noexcept;

// The same for libraries that take memory as malloc() gives it: nullptr where there is none, to be
// given back with std::free(). `spare`: how many at its end will perhaps never be touched, so that
// no huge page may hold them.
[[nodiscard]] void* chunk_malloc(std::size_t bytes, std::size_t spare = 0) noexcept;

// `bytes`, or what whole huge pages hold where that is at most a fifth more: for tables that are
// looked all over, and counted as such.
[[nodiscard]] std::size_t whole_pages(std::size_t bytes) noexcept;

}  // namespace braid::base
