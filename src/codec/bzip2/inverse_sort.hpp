#pragma once

#include <braid/bytes.hpp>

#include <array>
#include <cstdint>
#include <vector>

#include "base/chunk_memory.hpp"

namespace braid::codec::bzip2 {

// Undoes the Burrows-Wheeler transform: a walk through all rows of a table of some megabytes, in
// which every step waits for the memory that says where the next one goes.
//
// So several walks go at once. They begin at rows spread over the table, not knowing which place of
// the block that is, and each ends where another one began; the row of the block's own beginning is
// one of them, and from there the stretches are put together.
class InverseSort {
 public:
  // Bytes it holds for blocks of `size`, but for a few kilobytes.
  [[nodiscard]] static std::size_t memory(std::size_t size) noexcept {
    return base::whole_pages(size * sizeof(std::uint32_t)) + 2 * size;
  }

  InverseSort();

  // Replaces `sorted` by the block that stands in row `origin` (below sorted.size()). `counts`: how
  // often each byte value occurs in it. Any content is safe; at most max_block bytes.
  // Throws std::bad_alloc.
  void run(MutableBytes sorted, std::uint32_t origin, const std::array<std::uint32_t, 256>& counts);

 private:
  static constexpr std::size_t lanes = 16;
  static constexpr std::size_t most_stretches = 512;  // many, so that all lanes end about together

  // What was found on the way from one start to another, in up to two parts.
  struct Stretch {
    const std::byte* begin = nullptr;
    std::size_t size = 0;
    const std::byte* rest = nullptr;
    std::size_t rest_size = 0;
    std::size_t next = 0;  // the stretch that begins where this one ends
  };

  struct Lane {
    std::size_t stretch = 0;
    std::size_t from = 0;  // the step at which it began
  };

  void choose_starts(std::size_t size, std::uint32_t origin);
  void link(ByteView sorted, const std::array<std::uint32_t, 256>& counts);
  void walk(std::size_t size);
  std::byte* finish(Lane lane, std::uint32_t row, std::byte* out);
  void assemble(MutableBytes block, std::uint32_t origin) const;
  [[nodiscard]] std::size_t stretch_at(std::uint32_t row) const;

  Buffer links_{base::chunk_memory()};
  Buffer found_;
  std::vector<std::uint32_t> starts_;  // rows, ascending
  std::vector<Stretch> stretches_;     // of each start
};

}  // namespace braid::codec::bzip2
