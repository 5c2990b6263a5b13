#include "codec/deflate/inflate_fast.hpp"

#include <algorithm>
#include <cstring>

#include "base/byte_order.hpp"

#if defined(__x86_64__) && defined(__GNUC__)
#define BRAID_INFLATE_BMI2 1
#else
#define BRAID_INFLATE_BMI2 0
#endif

namespace braid::codec::deflate {

namespace {

template <std::size_t Count>
[[gnu::always_inline]] inline void copy_fixed(std::byte* to, const std::byte* from) noexcept {
  std::byte word[Count];
  std::memcpy(word, from, Count);
  std::memcpy(to, word, Count);
}

// Copies between areas that do not overlap, and up to 15 bytes too many.
[[gnu::always_inline]] inline void copy_apart(std::byte* to, const std::byte* from,
                                              std::size_t length) noexcept {
  std::byte* const end = to + length;
  do {
    copy_fixed<16>(to, from);
    to += 16;
    from += 16;
  } while (to < end);
}

// Copies a match to `to` and up to 31 bytes behind it. Each word is read only after the bytes it
// holds have been written.
[[gnu::always_inline]] inline void copy_match(std::byte* to, std::size_t distance,
                                              std::size_t length) noexcept {
  const std::byte* from = to - distance;
  std::byte* const end = to + length;
  if (distance >= 8) [[likely]] {
    copy_fixed<8>(to, from);
    copy_fixed<8>(to + 8, from + 8);
    copy_fixed<8>(to + 16, from + 16);
    copy_fixed<8>(to + 24, from + 24);
    for (to += 32, from += 32; to < end; to += 8, from += 8) [[unlikely]] copy_fixed<8>(to, from);
  } else if (distance == 1) {
    const std::uint64_t word = std::to_integer<std::uint64_t>(*from) * 0x0101010101010101U;
    do {
      std::memcpy(to, &word, 8);
      to += 8;
    } while (to < end);
  } else {
    do {  // of eight bytes, the first `distance` are right, and just these are read next
      copy_fixed<8>(to, from);
      to += distance;
      from += distance;
    } while (to < end);
  }
}

// The lowest bits of a word; how many, is told by the low six bits of `count`.
[[gnu::always_inline]] inline std::uint64_t low_bits(std::uint64_t word, unsigned count) noexcept {
  return word & ((std::uint64_t{1} << (count & 63)) - 1);
}

}  // namespace

// A template so that each caller gets its own, compiled for its own instructions.
template <int Unused>
[[gnu::always_inline]] inline InflateFast::End InflateFast::loop(Inflate& inflate,
                                                                 InflateView& view) noexcept {
  const std::byte* in = view.in;
  const std::byte* const in_limit = view.in_end - input;
  std::byte* next = view.next;
  std::byte* const limit = std::min(view.end - room, view.pause);
  const std::byte* const base = view.base;
  const Entry* const litlen = inflate.litlen_.data();
  const Entry* const distances = inflate.distances_.data();
  const std::uint64_t litlen_mask = (std::uint64_t{1} << inflate.litlen_bits_) - 1;
  constexpr std::uint64_t distance_mask = (1U << distance_table_bits) - 1;
  std::uint64_t bits = inflate.bits_;
  unsigned count = inflate.count_;
  End result = End::margin;

  // Only the low eight bits of `count` count in here: whole entries are subtracted from it.
  const auto refill = [&]() __attribute__((always_inline)) {
    bits |= base::load_le<std::uint64_t>(in) << (count & 63);
    in += 7 - ((count >> 3) & 7);
    count |= 56;
  };
  const auto drop = [&](Entry entry) __attribute__((always_inline)) {
    bits >>= entry & 63;
    count -= entry;
  };
  // The value of an entry that was looked up in `from`, with its extra bits.
  const auto value_of = [](Entry entry, std::uint64_t from) __attribute__((always_inline)) {
    return (entry >> 16) + static_cast<std::size_t>(low_bits(from, entry) >> ((entry >> 8) & 63));
  };

  // After a refill there are 56 bits or more: two literals of the main table (22), a length (20
  // with its extra bits), and then 28 for a distance only after looking whether they are there.
  refill();
  Entry entry = litlen[bits & litlen_mask];
  do {
    if ((entry & entry_literal) != 0) {
      drop(entry);
      *next++ = static_cast<std::byte>(entry >> 16);
      entry = litlen[bits & litlen_mask];
      if ((entry & entry_literal) != 0) {
        drop(entry);
        *next++ = static_cast<std::byte>(entry >> 16);
        entry = litlen[bits & litlen_mask];
        if ((entry & entry_literal) != 0) {
          drop(entry);
          *next++ = static_cast<std::byte>(entry >> 16);
          refill();
          entry = litlen[bits & litlen_mask];
          continue;
        }
      }
    }
    std::uint64_t from = bits;
    drop(entry);
    if ((entry & entry_special) != 0) [[unlikely]] {
      if ((entry & entry_link) != 0) {
        entry = litlen[entry_value(entry) + low_bits(bits, entry_code_bits(entry))];
        from = bits;
        drop(entry);
        if ((entry & entry_literal) != 0) {
          *next++ = static_cast<std::byte>(entry >> 16);
          refill();
          entry = litlen[bits & litlen_mask];
          continue;
        }
      }
      if ((entry & entry_special) != 0) {
        result = (entry & entry_end) != 0 ? End::block : End::bad_symbol;
        break;
      }
    }
    const std::size_t length = value_of(entry, from);

    if ((count & 0xff) < 28) refill();
    entry = distances[bits & distance_mask];
    if ((entry & entry_special) != 0) [[unlikely]] {
      if ((entry & entry_link) == 0) {
        result = End::bad_distance;
        break;
      }
      bits >>= distance_table_bits;
      count -= distance_table_bits;
      entry = distances[entry_value(entry) + low_bits(bits, entry_code_bits(entry))];
      if ((entry & entry_special) != 0) {
        result = End::bad_distance;
        break;
      }
    }
    from = bits;
    drop(entry);
    const std::size_t distance = value_of(entry, from);
    refill();
    entry = litlen[bits & litlen_mask];
    const auto near = static_cast<std::size_t>(next - base);
    if (distance > near) [[unlikely]] {
      const std::size_t back = distance - near;
      if (back > inflate.history_size_) {
        result = End::too_far;
        break;
      }
      if (length <= back) {
        copy_apart(next, &inflate.history_[inflate.history_size_ - back], length);
        next += length;
      } else {
        view.next = next;
        inflate.copy_bytes(view, distance, length);
        next = view.next;
      }
      continue;
    }
    copy_match(next, distance, length);
    next += length;
  } while (in < in_limit && next < limit);

  view.in = in;
  view.next = next;
  inflate.bits_ = bits;
  inflate.count_ = count & 0xff;
  return result;
}

#if BRAID_INFLATE_BMI2

// Shifts by a variable count without the flags' detour, and masks in one instruction.
[[gnu::target("bmi2")]] InflateFast::End InflateFast::run_bmi2(Inflate& inflate,
                                                               InflateView& view) noexcept {
  return loop<1>(inflate, view);
}

InflateFast::End InflateFast::run(Inflate& inflate, InflateView& view) noexcept {
  if (__builtin_cpu_supports("bmi2") != 0) return run_bmi2(inflate, view);
  return loop<0>(inflate, view);
}

#else

InflateFast::End InflateFast::run(Inflate& inflate, InflateView& view) noexcept {
  return loop<0>(inflate, view);
}

#endif

}  // namespace braid::codec::deflate
