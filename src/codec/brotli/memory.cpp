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
}

void* Memory::allocate(void* opaque, std::size_t size) noexcept {
  auto& memory = *static_cast<Memory*>(opaque);
  for (Block** link = &memory.kept_; *link != nullptr; link = &(*link)->next) {
    Block* block = *link;
    if (block->size != size) continue;
    *link = block->next;
    memory.kept_size_ -= size;
    memory.used_ += size;
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
  // Never more kept than what one context can have used, or a context of ever new sizes would
  // gather them all.
  constexpr std::uint64_t most_kept = std::uint64_t{512} << 20;
  if (block->size < worth_keeping || memory.kept_size_ + block->size > most_kept) {
    std::free(block);
    return;
  }
  block->next = memory.kept_;
  memory.kept_ = block;
  memory.kept_size_ += block->size;
}

}  // namespace braid::codec::brotli
