#include "codec/bzip2/block_sort.hpp"

#include <algorithm>
#include <cstring>

#include <divsufsort.h>

#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "codec/bzip2/constants.hpp"

namespace braid::codec::bzip2 {

static_assert(sizeof(saidx_t) == sizeof(std::int32_t));

// Two candidates i < j are compared; at the first difference everything that the larger one has
// matched so far is no candidate any more, since the other one's bytes show something smaller.
Rotation least_rotation(ByteView word) noexcept {
  const std::size_t n = word.size();
  std::size_t i = 0;
  std::size_t j = 1;
  std::size_t matched = 0;
  const auto at = [&](std::size_t k) { return word[k < n ? k : k - n]; };
  while (j < n && matched < n) {
    const std::byte a = at(i + matched);
    const std::byte b = at(j + matched);
    if (a == b) {
      ++matched;
      continue;
    }
    if (a > b) {
      const std::size_t next = std::max(i + matched, j) + 1;
      i = j;
      j = next;
    } else {
      j += matched + 1;
    }
    matched = 0;
  }
  // Two equal rotations: the distance of the first two least ones is the period.
  return {i, matched == n && j < n ? j - i : n};
}

std::byte* BlockSorter::scratch(std::size_t count) {
  rows_.reserve(base::whole_pages(count * sizeof(saidx_t)));
  rows_.resize(count * sizeof(saidx_t));
  return rows_.data();
}

Result<std::uint32_t> BlockSorter::transform(MutableBytes block) {
  const std::size_t n = block.size();
  const auto [start, period] = least_rotation(ByteView(block));
  word_.resize(n);
  std::memcpy(word_.data(), block.data() + start, n - start);
  if (start != 0) std::memcpy(word_.data() + (n - start), block.data(), start);

  auto* rows = reinterpret_cast<saidx_t*>(scratch(n));
  const auto* word = reinterpret_cast<const sauchar_t*>(word_.data());
  if (divsufsort(word, rows, static_cast<saidx_t>(period)) != 0) {
    return base::no_memory("no memory to sort a block");
  }

  // Row 0 is the word itself. Of a block that repeats its word, every row stands there as often.
  const std::size_t copies = n / period;
  const auto self = static_cast<saidx_t>((period - start % period) % period);
  std::size_t origin = 0;
  std::byte* out = block.data();
  for (std::size_t row = 0; row < period; ++row) {
    const saidx_t suffix = rows[row];
    if (suffix == self) origin = row;
    const std::byte last =
        word_.data()[suffix == 0 ? period - 1 : static_cast<std::size_t>(suffix) - 1];
    if (copies == 1) {
      *out++ = last;
    } else {
      out = std::fill_n(out, copies, last);
    }
  }
  return static_cast<std::uint32_t>(origin * copies);
}

}  // namespace braid::codec::bzip2
