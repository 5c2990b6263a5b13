#include "tests/robustness/failing_new.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

namespace failing_new {

std::atomic<long> allowed = all;
std::atomic<long> in_a_row = 1;
std::atomic<long> asked = 0;

}  // namespace failing_new

namespace {

using failing_new::allowed;
using failing_new::asked;
using failing_new::in_a_row;

void* allocate(std::size_t size, std::size_t alignment) noexcept {
  asked.fetch_add(1, std::memory_order_relaxed);
  const long left = allowed.fetch_sub(1, std::memory_order_relaxed);
  if (left <= 0 && left > -in_a_row.load(std::memory_order_relaxed)) return nullptr;
  if (alignment <= alignof(std::max_align_t)) return std::malloc(size == 0 ? 1 : size);
  return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* memory = allocate(size, 1)) return memory;
  throw std::bad_alloc();
}

void* operator new(std::size_t size, std::align_val_t alignment) {
  if (void* memory = allocate(size, static_cast<std::size_t>(alignment))) return memory;
  throw std::bad_alloc();
}

void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  return allocate(size, 1);
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::align_val_t /*alignment*/) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t /*size*/, std::align_val_t /*alignment*/) noexcept {
  std::free(memory);
}
