#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace braid::codec::brotli {

// Memory for one library context after another. The library has no way to begin anew, so each
// chunk takes a new context: large blocks are kept from one to the next, which spares the system
// from mapping and zeroing them again. Refuses beyond a limit. One thread at a time.
class Memory {
 public:
  explicit Memory(std::uint64_t limit = UINT64_MAX) noexcept : limit_(limit) {}

  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory();

  // The callbacks that the library takes; `opaque` is the Memory.
  static void* allocate(void* opaque, std::size_t size) noexcept;
  static void release(void* opaque, void* address) noexcept;

  // What was asked for in all when the limit refused, 0 when it never did.
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

  void forget_refusal() noexcept { refused_ = 0; }

 private:
  struct Block;
  void drop_kept() noexcept;
  void drop_oldest() noexcept;

  std::uint64_t limit_;
  std::uint64_t used_ = 0;  // blocks in the library's hands
  std::uint64_t refused_ = 0;
  Block* kept_ = nullptr;  // blocks handed back, linked
  std::uint64_t kept_room_ = 0;
  std::size_t kept_count_ = 0;
};

}  // namespace braid::codec::brotli
