#pragma once

#include <cstdint>
#include <deque>

#include "base/chunk_memory.hpp"
#include "base/mutex.hpp"
#include "codec/codec.hpp"
#include "parallel/spare_buffers.hpp"

namespace braid::engine {

// Plain bytes on their way from the thread that decodes a unit to the one that writes it, which may
// be the same, in blocks that others use again once their bytes are written. Where writing keeps up
// it is one block, used over and over from its front, so that its bytes stay in a near cache.
// One thread makes bytes and one takes them at a time.
class PieceQueue {
 public:
  static constexpr std::size_t block_size = base::huge_page;

  // No room is larger: what is made at a time is written while a near cache holds it.
  static constexpr std::size_t largest_room = 256 << 10;

  // The most memory that so many bytes take. At its end a block may stay empty where less is left
  // than was asked for.
  [[nodiscard]] static constexpr std::uint64_t memory_for(std::uint64_t bytes) noexcept {
    return (bytes / (block_size - codec::unit_step) + 1) * block_size;
  }

  // `spare` is where blocks come from and go to. Borrowed.
  explicit PieceQueue(parallel::SpareBuffers& spare) : spare_(spare) {}

  ~PieceQueue() { clear(); }

  PieceQueue(const PieceQueue&) = delete;
  PieceQueue& operator=(const PieceQueue&) = delete;

  // Whoever makes bytes: room for `least` bytes or more; codec::unit_step are the most to ask for.
  // Throws std::bad_alloc.
  [[nodiscard]] MutableBytes room(std::size_t least) BRAID_EXCLUDES(mutex_);

  // The first `count` bytes of the room are made.
  void commit(std::size_t count) BRAID_EXCLUDES(mutex_);

  // Whoever takes them: the bytes that come next, or those of them that lie in one piece; none when
  // all that are made were taken. They stay until pop().
  [[nodiscard]] ByteView front() const BRAID_EXCLUDES(mutex_);

  // So many of them are not needed any more.
  void pop(std::size_t count) BRAID_EXCLUDES(mutex_);

  // Nobody makes or takes any: begins anew.
  void clear() noexcept BRAID_EXCLUDES(mutex_);

 private:
  struct Block {
    Buffer bytes;
    unsigned node = 0;
    std::size_t begin = 0;  // those made and not taken
    std::size_t end = 0;
  };

  void give_front() BRAID_REQUIRES(mutex_);

  parallel::SpareBuffers& spare_;
  mutable base::Mutex mutex_;
  std::deque<Block> blocks_ BRAID_GUARDED_BY(mutex_);
};

}  // namespace braid::engine
