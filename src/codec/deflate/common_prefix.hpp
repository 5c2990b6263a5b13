#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/byte_order.hpp"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

// How many of the first bytes at two places are the same, without a branch that depends on it:
// where it is any number, half of such branches are foreseen wrong.
namespace braid::codec::deflate {

// Bytes that are compared at once, all of which must be there: the most that is returned.
inline constexpr unsigned prefix_step = 16;

[[nodiscard]] inline unsigned portable_common_prefix(const std::byte* a,
                                                     const std::byte* b) noexcept {
  const std::uint64_t low = base::load_le<std::uint64_t>(a) ^ base::load_le<std::uint64_t>(b);
  const std::uint64_t high =
      base::load_le<std::uint64_t>(a + 8) ^ base::load_le<std::uint64_t>(b + 8);
  const int in_low = std::countr_zero(low) / 8;
  const int in_high = std::countr_zero(high) / 8;
  return static_cast<unsigned>(low != 0 ? in_low : 8 + in_high);
}

[[nodiscard]] inline unsigned common_prefix(const std::byte* a, const std::byte* b) noexcept {
#ifdef __SSE2__
  const auto load = [](const std::byte* p) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  };
  const int same = _mm_movemask_epi8(_mm_cmpeq_epi8(load(a), load(b)));
  return static_cast<unsigned>(std::countr_one(static_cast<unsigned>(same)));
#else
  return portable_common_prefix(a, b);
#endif
}

}  // namespace braid::codec::deflate
