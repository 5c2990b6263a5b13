#include "parallel/chunk_memory.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

#include <sys/mman.h>

namespace braid::parallel {

namespace {

constexpr std::size_t huge_page = 2 << 20;

class ChunkMemory final : public std::pmr::memory_resource {
  // Below half a huge page, rounding up would waste more than the faults cost.
  static bool large(std::size_t bytes) { return bytes >= huge_page / 2; }

  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (!large(bytes)) return std::pmr::new_delete_resource()->allocate(bytes, alignment);
    if (bytes > SIZE_MAX - huge_page) throw std::bad_alloc();
    const std::size_t rounded = (bytes + huge_page - 1) / huge_page * huge_page;
    void* memory = std::aligned_alloc(huge_page, rounded);
    if (memory == nullptr) throw std::bad_alloc();
    // A hint: without huge pages everything works as well, only slower.
    static_cast<void>(madvise(memory, rounded, MADV_HUGEPAGE));
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

}  // namespace braid::parallel
