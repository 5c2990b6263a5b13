#include "codec/deflate/match_worth.hpp"

#include <algorithm>

#include "codec/deflate/entropy.hpp"

namespace braid::codec::deflate {

namespace {

constexpr std::uint32_t enough = 64;          // symbols of a kind, to tell what one takes
constexpr std::uint32_t enough_bytes = 2048;  // looked at
constexpr std::size_t most_sequences = 256;   // looked at

// Before anything is known: the two symbols of a match, and a literal where a code of its own would
// be dear.
constexpr std::int64_t usual_match = 11LL << cost_bits;
constexpr std::int64_t usual_literal = 8LL << cost_bits;
constexpr std::size_t small_text = 512;

// What a symbol of these takes, on average, in a code for `all` symbols.
std::int64_t average_cost(const CountSum& symbols, std::uint32_t all) noexcept {
  return static_cast<std::int64_t>(count_log_count(all) / all) -
         static_cast<std::int64_t>(symbols.products / symbols.total);
}

// `literal`: what a literal takes; `match`: the symbols of a match, without extra bits.
Worth worth_at(std::int64_t literal, std::int64_t match) noexcept {
  constexpr std::int64_t most_extra_bits = 13;
  Worth worth{};
  for (unsigned length = shortest_match; length < worth.size() - 1; ++length) {
    const std::int64_t extra_bits = (literal * length - match) >> cost_bits;
    if (extra_bits < 0) continue;
    // So many extra bits belong to distances of up to four times their power of two.
    worth[length] = 4U << std::min(extra_bits, most_extra_bits);
    worth[length] = std::min(worth[length], static_cast<unsigned>(max_distance));
  }
  worth.back() = max_distance;
  return worth;
}

}  // namespace

Worth guess_worth(ByteView text) noexcept {
  if (text.size() < small_text) return worth_at(usual_literal, usual_match);
  std::array<bool, 256> occurs{};
  for (const std::byte byte : text.first(enough_bytes)) {
    occurs[std::to_integer<std::size_t>(byte)] = true;
  }
  const auto different = static_cast<std::uint32_t>(std::count(occurs.begin(), occurs.end(), true));
  return worth_at(static_cast<std::int64_t>(count_log_count(different) / different), usual_match);
}

Worth worth_after(const Worth& before, const SymbolCounts& counts,
                  std::span<const Sequence> sequences, const std::byte* plain) noexcept {
  const std::span literals(counts.literals);
  const CountSum plain_bytes = sum_up(literals.first(end_of_block));
  const CountSum lengths = sum_up(literals.subspan(first_length_symbol));
  if (lengths.total < enough) return before;
  const std::uint32_t all = plain_bytes.total + lengths.total;
  const std::int64_t match =
      average_cost(lengths, all) + average_cost(sum_up(counts.distances), lengths.total);
  std::int64_t literal =
      plain_bytes.total < enough ? usual_literal : average_cost(plain_bytes, all);

  // Literals are rare, and take many bits, as long as matches are preferred to them. So the matches
  // that save less than half are tried as literals too, all of them together: they are, or are not,
  // worth it at what literals would take then.
  std::array<std::uint32_t, 256> occurs{};
  std::uint32_t bytes = 0;
  std::uint32_t others = 0;  // matches that stay
  std::int64_t as_now = 0;
  const auto count = [&](std::uint32_t size) {
    for (std::uint32_t i = 0; i < size; ++i) ++occurs[std::to_integer<std::size_t>(plain[i])];
    bytes += size;
  };
  for (const Sequence& sequence : sequences.first(std::min(sequences.size(), most_sequences))) {
    count(sequence.literals);
    as_now += literal * sequence.literals;
    plain += sequence.literals;
    if (bytes > enough_bytes) break;
    if (sequence.length == 0) continue;
    const std::int64_t extra_bits = distance_ranges[distance_symbol(sequence.distance)].extra_bits;
    const std::int64_t cost = match + (extra_bits << cost_bits);
    if (sequence.length < before.size() - 1 && 2 * cost > literal * sequence.length) {
      count(sequence.length);
      as_now += cost;
    } else {
      ++others;
    }
    plain += sequence.length;
  }
  if (bytes >= enough) {
    const std::int64_t one = average_cost(sum_up(occurs), bytes + others);
    if (one * bytes < as_now) literal = one;
  }
  return worth_at(literal, match);
}

}  // namespace braid::codec::deflate
