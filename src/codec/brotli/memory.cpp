#include "codec/brotli/memory.hpp"

#include <cstdlib>
#include <new>

namespace braid::codec::brotli {

// Stands in front of each block.
struct alignas(std::max_align_t) Memory::Block {
  std::size_t size;
  Block* next;
};

namespace {

// Smaller blocks are malloc's own business.
constexpr std::size_t worth_keeping = 64 << 10;

// A context holds a ring buffer, a match finder's tables and three or four buffers of that size.
constexpr std::size_t most_kept = 8;

}  // namespace

Memory::~Memory() {
  drop_kept();
}

void Memory::drop_kept() noexcept {
  while (kept_ != nullptr) {
    Block* next = kept_->next;
    std::free(kept_);
    kept_ = next;
  }
  kept_size_ = 0;
  kept_count_ = 0;
}

void Memory::drop_oldest() noexcept {
  Block** link = &kept_;
  while ((*link)->next != nullptr) link = &(*link)->next;
  kept_size_ -= (*link)->size;
  --kept_count_;
  std::free(*link);
  *link = nullptr;
}

void* Memory::allocate(void* opaque, std::size_t size) noexcept {
  auto& memory = *static_cast<Memory*>(opaque);
  for (Block** link = &memory.kept_; *link != nullptr; link = &(*link)->next) {
    Block* block = *link;
    // At most half of it wasted: the library asks for much the same again, but not exactly.
    const bool fits = size <= block->size && block->size / 2 <= size;
    if (!fits || block->size > memory.limit_ - memory.used_) continue;
    *link = block->next;
    memory.kept_size_ -= block->size;
    --memory.kept_count_;
    memory.used_ += block->size;
    return block + 1;
  }
  if (size > memory.limit_ - memory.used_) {
    memory.refused_ = memory.used_ + size;
    return nullptr;
  }
  if (size > memory.limit_ - memory.used_ - memory.kept_size_) memory.drop_kept();
  if (size > SIZE_MAX - sizeof(Block)) return nullptr;
  void* raw = std::malloc(size + sizeof(Block));
  if (raw == nullptr) return nullptr;
  memory.used_ += size;
  return new (raw) Block{.size = size, .next = nullptr} + 1;
}

void Memory::release(void* opaque, void* address) noexcept {
  if (address == nullptr) return;
  auto& memory = *static_cast<Memory*>(opaque);
  Block* block = static_cast<Block*>(address) - 1;
  memory.used_ -= block->size;
  if (block->size < worth_keeping) {
    std::free(block);
    return;
  }
  block->next = memory.kept_;
  memory.kept_ = block;
  memory.kept_size_ += block->size;
  if (++memory.kept_count_ > most_kept) memory.drop_oldest();
}

}  // namespace braid::codec::brotli
