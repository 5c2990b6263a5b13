#include "codec/deflate/marked_inflate.hpp"

#include <cstring>
#include <span>

#include "codec/deflate/dynamic_header.hpp"
#include "codec/deflate/symbol_loop.hpp"

namespace braid::codec::deflate {

namespace {

// As in inflate_fast.cpp, for symbols of two bytes, and with all the history at hand.
struct MarkedOutput {
  MarkedByte* next;
  MarkedByte* limit;

  [[gnu::always_inline]] void literal(std::uint32_t value) noexcept {
    *next++ = static_cast<std::uint8_t>(value);
  }

  [[gnu::always_inline]] bool match(std::size_t distance, std::size_t length) noexcept {
    constexpr std::size_t word = 8;  // symbols
    const MarkedByte* from = next - distance;
    MarkedByte* to = next;
    next += length;
    if (distance >= word) [[likely]] {
      copy_word(to, from);
      copy_word(to + word, from + word);
      for (to += 2 * word, from += 2 * word; to < next; to += word, from += word) {
        copy_word(to, from);
      }
      return true;
    }
    do {  // of eight symbols, the first `distance` are right, and just these are read next
      copy_word(to, from);
      to += distance;
      from += distance;
    } while (to < next);
    return true;
  }

  [[nodiscard, gnu::always_inline]] bool full() const noexcept { return next >= limit; }

 private:
  [[gnu::always_inline]] static void copy_word(MarkedByte* to, const MarkedByte* from) noexcept {
    MarkedByte word[8];
    std::memcpy(word, from, sizeof word);
    std::memcpy(to, word, sizeof word);
  }
};

// A template for the same reason as InflateFast::loop.
template <int Unused>
[[gnu::always_inline]] inline LoopEnd run_loop(LoopState& state, MarkedOutput& output) noexcept {
  return decode_symbols(state, output);
}

#if defined(__x86_64__) && defined(__GNUC__)

[[gnu::target("bmi2")]] LoopEnd run_loop_bmi2(LoopState& state, MarkedOutput& output) noexcept {
  return run_loop<1>(state, output);
}

LoopEnd decode(LoopState& state, MarkedOutput& output) noexcept {
  if (__builtin_cpu_supports("bmi2") != 0) return run_loop_bmi2(state, output);
  return run_loop<0>(state, output);
}

#else

LoopEnd decode(LoopState& state, MarkedOutput& output) noexcept {
  return run_loop<0>(state, output);
}

#endif

}  // namespace

MarkedInflate::Status MarkedInflate::run_block(View& view) noexcept {
  const BitView bits(view.bytes);
  const auto head = static_cast<unsigned>(bits.peek(view.bit));
  const bool last = (head & 1) != 0;
  const std::uint64_t body = view.bit + 3;
  if (body > bits.size()) return Status::out_of_input;
  switch (static_cast<BlockType>((head >> 1) & 3)) {
    case BlockType::stored:
      return run_stored(view, body, last);
    case BlockType::fixed:
      if (!load_fixed()) return Status::failed;
      return run_symbols(view, body, last);
    case BlockType::dynamic: {
      CodeLengths lengths;
      const std::uint64_t symbols = read_dynamic_header(bits, body, lengths);
      if (symbols == 0) return Status::failed;
      fixed_tables_ = false;
      unsigned distance_bits = 0;
      const std::span<const std::uint8_t> literals(lengths.literals);
      const std::span<const std::uint8_t> distances(lengths.distances);
      if (build_table(Alphabet::litlen, literals.first(most_literals), litlen_, litlen_bits_) !=
              TableError::none ||
          build_table(Alphabet::distance, distances.first(most_distances), distances_,
                      distance_bits) != TableError::none) {
        return Status::failed;
      }
      return run_symbols(view, symbols, last);
    }
    case BlockType::reserved:
      break;
  }
  return Status::failed;
}

bool MarkedInflate::load_fixed() noexcept {
  if (fixed_tables_) return true;
  const CodeLengths lengths = fixed_lengths();
  unsigned distance_bits = 0;
  fixed_tables_ =
      build_table(Alphabet::litlen, lengths.literals, litlen_, litlen_bits_) == TableError::none &&
      build_table(Alphabet::distance, lengths.distances, distances_, distance_bits) ==
          TableError::none;
  return fixed_tables_;
}

MarkedInflate::Status MarkedInflate::run_stored(View& view, std::uint64_t at, bool last) noexcept {
  const ByteView lengths = view.bytes.slice(static_cast<std::size_t>((at + 7) / 8), 4);
  if (lengths.size() < 4) return Status::out_of_input;
  const std::size_t size = base::load_le<std::uint16_t>(lengths.data());
  if ((base::load_le<std::uint16_t>(lengths.data() + 2) ^ size) != 0xffff) return Status::failed;
  const ByteView body = {lengths.end(), static_cast<std::size_t>(view.bytes.end() - lengths.end())};
  if (body.size() < size) return Status::out_of_input;
  if (view.limit < view.next || static_cast<std::size_t>(view.limit - view.next) < size) {
    return Status::out_of_room;
  }
  for (const std::byte byte : body.first(size)) *view.next++ = std::to_integer<MarkedByte>(byte);
  view.bit = 8 * static_cast<std::uint64_t>(body.data() + size - view.bytes.data());
  return last ? Status::stream : Status::block;
}

MarkedInflate::Status MarkedInflate::run_symbols(View& view, std::uint64_t at, bool last) noexcept {
  const std::byte* const begin = view.bytes.data();
  const auto byte = static_cast<std::size_t>(at / 8);
  if (byte + loop_input >= view.bytes.size()) return Status::out_of_input;
  LoopState state{.in = begin + byte + 1,
                  .in_end = view.bytes.end(),
                  .bits = std::to_integer<std::uint64_t>(begin[byte]) >> (at % 8),
                  .count = 8 - static_cast<unsigned>(at % 8),
                  .litlen = litlen_.data(),
                  .distances = distances_.data(),
                  .litlen_bits = litlen_bits_};
  MarkedOutput output{.next = view.next, .limit = view.limit};
  const LoopEnd end = decode(state, output);
  if (end != LoopEnd::block) view.tried += static_cast<std::uint64_t>(output.next - view.next);
  switch (end) {
    case LoopEnd::margin:
      return output.full() ? Status::out_of_room : Status::out_of_input;
    case LoopEnd::block:
      view.bit = 8 * static_cast<std::uint64_t>(state.in - begin) - state.count;
      view.next = output.next;
      return last ? Status::stream : Status::block;
    case LoopEnd::bad_symbol:
    case LoopEnd::bad_distance:
    case LoopEnd::too_far:
      break;
  }
  return Status::failed;
}

std::size_t behind_last_mark(const MarkedByte* symbols, std::size_t count) noexcept {
  constexpr std::size_t stride = 64;
  while (count >= stride) {
    MarkedByte all = 0;
    for (std::size_t i = count - stride; i < count; ++i) all |= symbols[i];
    if (all >= marked_history) break;
    count -= stride;
  }
  while (count != 0 && symbols[count - 1] < marked_history) --count;
  return count;
}

}  // namespace braid::codec::deflate
