#include "codec/brotli/memory.hpp"

#include <bit>
#include <cstdlib>
#include <new>

#include "base/chunk_memory.hpp"

namespace braid::codec::brotli {

// Stands in front of each block.
struct alignas(std::max_align_t) Memory::Block {
  std::size_t size;  // that was asked for
  std::size_t room;
  Block* next;
};

namespace {

// Smaller blocks are malloc's own business.
constexpr std::size_t worth_keeping = 64 << 10;

// The encoder's list of commands grows a little many times a chunk, and moves each time. Where
// rooms are powers of two it goes back and forth between two blocks of each size, which the next
// context finds again; what is not used of a room is never touched.
constexpr std::size_t rounded_up = 1 << 20;

std::size_t room_for(std::size_t size) {
  return size < rounded_up || size > SIZE_MAX / 4 ? size : std::bit_ceil(size);
}

// A context holds a ring buffer, a match finder's tables, some buffers, and the list of commands in
// up to four sizes.
constexpr std::size_t most_kept = 16;

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
  kept_room_ = 0;
  kept_count_ = 0;
}

void Memory::drop_oldest() noexcept {
  Block** link = &kept_;
  while ((*link)->next != nullptr) link = &(*link)->next;
  kept_room_ -= (*link)->room;
  --kept_count_;
  std::free(*link);
  *link = nullptr;
}

void* Memory::allocate(void* opaque, std::size_t size) noexcept {
  auto& memory = *static_cast<Memory*>(opaque);
  for (Block** link = &memory.kept_; *link != nullptr; link = &(*link)->next) {
    Block* block = *link;
    // At most half of it wasted: the library asks for much the same again, but not exactly.
    const bool fits = size <= block->room && block->room / 2 <= size;
    if (!fits || size > memory.limit_ - memory.used_) continue;
    *link = block->next;
    memory.kept_room_ -= block->room;
    --memory.kept_count_;
    memory.used_ += size;
    block->size = size;
    return block + 1;
  }
  if (size > memory.limit_ - memory.used_) {
    memory.refused_ = memory.used_ + size;
    return nullptr;
  }
  const std::uint64_t free = memory.limit_ - memory.used_;
  if (memory.kept_room_ > free || size > free - memory.kept_room_) memory.drop_kept();
  if (size > SIZE_MAX - sizeof(Block)) return nullptr;
  const std::size_t room = room_for(size);
  void* raw = base::chunk_malloc(room + sizeof(Block), room - size);
  if (raw == nullptr) return nullptr;
  memory.used_ += size;
  return new (raw) Block{.size = size, .room = room, .next = nullptr} + 1;
}

void Memory::release(void* opaque, void* address) noexcept {
  if (address == nullptr) return;
  auto& memory = *static_cast<Memory*>(opaque);
  Block* block = static_cast<Block*>(address) - 1;
  memory.used_ -= block->size;
  if (block->room < worth_keeping) {
    std::free(block);
    return;
  }
  block->next = memory.kept_;
  memory.kept_ = block;
  memory.kept_room_ += block->room;
  if (++memory.kept_count_ > most_kept) memory.drop_oldest();
}

}  // namespace braid::codec::brotli
