#pragma once

#include <memory_resource>

namespace braid::parallel {

// Memory for small results that one thread makes and another destroys. malloc() gives such blocks
// back to the heap of the thread that made them, under that heap's lock, and a thread that finds it
// taken sleeps: with tasks of 4 KiB that cost an eighth of the run. Here blocks of 1 to 16 KiB go
// from hand to hand without a lock. Sizes are rounded up by an eighth at most; everything else, and
// what there is no place for, is std::pmr::new_delete_resource()'s. Under AddressSanitizer all of
// it is, so that a use of freed memory is seen.
// One for the process, since results outlive the pools that made them; it keeps 3 MiB at most.
// Every member may be called from any thread.
[[nodiscard]] std::pmr::memory_resource* recycled_memory() noexcept;

}  // namespace braid::parallel
