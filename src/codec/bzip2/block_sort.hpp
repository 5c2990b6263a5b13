#pragma once

#include <braid/bytes.hpp>
#include <braid/result.hpp>

#include <cstddef>
#include <cstdint>

#include "base/chunk_memory.hpp"

namespace braid::codec::bzip2 {

// Where the least rotation of a word begins, and the length of the shortest word of which it is a
// power: the word itself unless it repeats.
struct Rotation {
  std::size_t start = 0;
  std::size_t period = 0;
};

// Linear time, whatever the word.
[[nodiscard]] Rotation least_rotation(ByteView word) noexcept;

// The Burrows-Wheeler transform as bzip2 wants it: of all rotations of the block.
//
// A suffix sorter gives another order, since a suffix ends where a rotation goes on. They agree for
// a word that is smaller than all its other rotations (a Lyndon word): so the block is first turned
// to its least rotation, which only changes the number of the row it is found in.
// One thread at a time; holds its memory for the next block.
class BlockSorter {
 public:
  // Replaces block by its transform and returns the row in which the block itself stands.
  // Block: 1 to max_block bytes. Errors: out_of_memory, internal.
  [[nodiscard]] Result<std::uint32_t> transform(MutableBytes block);

  // Room for `count` numbers of four bytes, free to use between transforms. Throws std::bad_alloc.
  [[nodiscard]] std::byte* scratch(std::size_t count);

 private:
  Buffer rows_{base::chunk_memory()};  // the suffix array
  Buffer word_;
};

}  // namespace braid::codec::bzip2
