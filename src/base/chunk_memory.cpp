#include "base/chunk_memory.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

#include <sys/mman.h>

namespace braid::base {

namespace {

constexpr std::size_t huge_page = 2 << 20;

class ChunkMemory final : public std::pmr::memory_resource {
  static bool large(std::size_t bytes) { return bytes >= huge_page; }

  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (!large(bytes)) return std::pmr::new_delete_resource()->allocate(bytes, alignment);
    // Not aligned_alloc(), nor operator new, which calls it: it wants whole multiples of the
    // alignment.
    void* memory = nullptr;
    if (::posix_memalign(&memory, huge_page, bytes) != 0) throw std::bad_alloc();
    // A hint: without huge pages everything works as well, only slower. Not for what is over at the
    // end: one byte there would take a whole huge page that no budget has heard of.
    static_cast<void>(madvise(memory, bytes / huge_page * huge_page, MADV_HUGEPAGE));
    return memory;
  }

  void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override {
    if (!large(bytes)) {
      std::pmr::new_delete_resource()->deallocate(memory, bytes, alignment);
    } else {
      std::free(memory);
    }
  }

  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }
};

}  // namespace

std::pmr::memory_resource* chunk_memory() noexcept {
  static ChunkMemory memory;
  return &memory;
}

}  // namespace braid::base
