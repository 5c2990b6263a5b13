#include "codec/deflate/inflate_fast.hpp"

#include <algorithm>
#include <cstring>

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

// Plain bytes behind those that are there, with the history before them.
struct PlainOutput {
  std::byte* next;
  std::byte* limit;
  const std::byte* base;
  const std::byte* history_end;
  std::size_t history_size;

  [[gnu::always_inline]] void literal(std::uint32_t value) noexcept {
    *next++ = static_cast<std::byte>(value);
  }

  [[gnu::always_inline]] bool match(std::size_t distance, std::size_t length) noexcept {
    const auto near = static_cast<std::size_t>(next - base);
    if (distance > near) [[unlikely]]
      return match_history(distance - near, distance, length);
    copy_match(next, distance, length);
    next += length;
    return true;
  }

  [[nodiscard, gnu::always_inline]] bool full() const noexcept { return next >= limit; }

 private:
  // A match that begins `back` bytes before the base.
  [[gnu::always_inline]] bool match_history(std::size_t back, std::size_t distance,
                                            std::size_t length) noexcept {
    if (back > history_size) return false;
    if (length <= back) {
      copy_apart(next, history_end - back, length);
      next += length;
      return true;
    }
    std::memcpy(next, history_end - back, back);
    next += back;
    for (std::size_t rest = length - back; rest != 0; --rest, ++next) *next = *(next - distance);
    return true;
  }
};

}  // namespace

// A template so that each caller gets its own, compiled for its own instructions.
template <int Unused>
[[gnu::always_inline]] inline LoopEnd InflateFast::loop(Inflate& inflate,
                                                        InflateView& view) noexcept {
  LoopState state{.in = view.in,
                  .in_end = view.in_end,
                  .bits = inflate.bits_,
                  .count = inflate.count_,
                  .litlen = inflate.litlen_.data(),
                  .distances = inflate.distances_.data(),
                  .litlen_bits = inflate.litlen_bits_};
  PlainOutput output{.next = view.next,
                     .limit = std::min(view.end - room, view.pause),
                     .base = view.base,
                     .history_end = inflate.history_.data() + inflate.history_size_,
                     .history_size = inflate.history_size_};
  const LoopEnd end = decode_symbols(state, output);
  view.in = state.in;
  view.next = output.next;
  inflate.bits_ = state.bits;
  inflate.count_ = state.count;
  return end;
}

#if BRAID_INFLATE_BMI2

// Shifts by a variable count without the flags' detour, and masks in one instruction.
[[gnu::target("bmi2")]] LoopEnd InflateFast::run_bmi2(Inflate& inflate,
                                                      InflateView& view) noexcept {
  return loop<1>(inflate, view);
}

LoopEnd InflateFast::run(Inflate& inflate, InflateView& view) noexcept {
  if (__builtin_cpu_supports("bmi2") != 0) return run_bmi2(inflate, view);
  return loop<0>(inflate, view);
}

#else

LoopEnd InflateFast::run(Inflate& inflate, InflateView& view) noexcept {
  return loop<0>(inflate, view);
}

#endif

}  // namespace braid::codec::deflate
