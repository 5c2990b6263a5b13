#include "base/chunk_memory.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

#include <sys/mman.h>

namespace braid::base {

namespace {

bool large(std::size_t bytes) {
  return bytes >= huge_page;
}

class ChunkMemory final : public std::pmr::memory_resource {
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (!large(bytes)) return std::pmr::new_delete_resource()->allocate(bytes, alignment);
    void* memory = chunk_malloc(bytes);
    if (memory == nullptr) throw std::bad_alloc();
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

void* chunk_malloc(std::size_t bytes, std::size_t spare) noexcept {
  if (!large(bytes)) return std::malloc(bytes);
  // Not aligned_alloc(), nor operator new, which calls it: it wants whole multiples of the
  // alignment.
  void* memory = nullptr;
  if (::posix_memalign(&memory, huge_page, bytes) != 0) return nullptr;
  // A hint: without huge pages everything works as well, only slower. Not for what is over at the
  // end: one byte there would take a whole huge page that no budget has heard of.
  static_cast<void>(madvise(memory, (bytes - spare) / huge_page * huge_page, MADV_HUGEPAGE));
  return memory;
}

std::size_t whole_pages(std::size_t bytes) noexcept {
  const std::size_t whole = (bytes + huge_page - 1) / huge_page * huge_page;
  return whole - bytes <= bytes / 5 ? whole : bytes;
}

std::pmr::memory_resource* chunk_memory() noexcept {
  static ChunkMemory memory;
  return &memory;
}

}  // namespace braid::base
