#pragma once

#include <braid/bytes.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/byte_order.hpp"
#include "codec/deflate/block_format.hpp"
#include "codec/deflate/common_prefix.hpp"
#include "codec/deflate/match_worth.hpp"

namespace braid::codec::deflate {

// Bytes that stood before as well. Length 0: none.
struct Match {
  unsigned length = 0;
  unsigned distance = 0;
};

// How hard to look.
struct SearchEffort {
  unsigned attempts;     // candidates to look at, for each place and again for each later one
  unsigned good_enough;  // a match of this length is not improved on
};

// Finds where bytes of a text stood before.
//
// Places are entered in turn into chains, one for each hash of four bytes: the latest place of the
// hash, and for each place the one before it. A first match is found on the chain of its first four
// bytes. A longer one must hold the byte by which the first one ends, so that the search then goes
// along the chain of the four bytes that end with it: far fewer places, and each of them a match
// that is longer if it begins the same. On this chain lies also every match of that length that
// begins a byte later, which a lazy parser asks for next; so one walk answers both.
//
// Places are entered ahead of the search, many at once: a loop that never ends unforeseen, whose
// misses of the cache do not wait for each other. A place's own entry then tells where its chain
// goes on, and the search needs no hash.
//
// Places are kept in 16 bits, counted from an origin that moves on by max_distance; what then lies
// too far back becomes zero, which no match begins at.
//
// One thread at a time; about 230 KiB.
class MatchFinder {
 public:
  // Places can be looked at that have so many bytes behind them.
  static constexpr std::size_t reach = 8;

  // Forgets all. Places before `end` are looked at; they have `reach` bytes behind them. `text`
  // stays where it is until the next call.
  void begin(ByteView text, std::size_t end, const SearchEffort& effort) noexcept;

  [[nodiscard]] std::size_t end() const noexcept { return end_; }

  // What matches are worth, which may change on the way.
  [[nodiscard]] const Worth& worth() const noexcept { return worth_; }
  void set_worth(const Worth& worth) noexcept { worth_ = worth; }

  [[nodiscard]] bool is_worth(const Match& match) const noexcept {
    return match.distance <= worth_[std::min<std::size_t>(match.length, worth_.size() - 1)];
  }

  // Returns the nearest match of four or more bytes for `at`, or one of three if it is near enough
  // to be worth its distance. Places are asked for in rising order, all before the end.
  [[nodiscard]] Match find(std::size_t at) noexcept;

  // Makes `match`, which find() or lengthen() returned for `at`, the longest that is found. Returns
  // the longest match found that begins at `at` + 1, if it is as long or longer.
  [[nodiscard]] Match lengthen(std::size_t at, Match& match) noexcept;

 private:
  static constexpr unsigned hash_bits = 16;
  static constexpr unsigned short_hash_bits = 14;
  static constexpr unsigned end_of_places = 2 * max_distance;

  // Entered at once. The search is behind by no more than this and the longest match, and so much
  // of the last matches' distance is lost.
  static constexpr std::size_t batch = 64;
  static constexpr unsigned short_places = 512;
  static_assert(max_distance % short_places == 0 && short_places % batch == 0);
  static_assert(longest_match + batch <= short_places);

  static constexpr std::uint32_t factor = 0x9E3779B1;  // 2^32 divided by the golden ratio

  static std::size_t hash(std::uint32_t four) noexcept {
    return (four * factor) >> (32 - hash_bits);
  }

  static std::size_t short_hash(std::uint32_t four) noexcept {
    return ((four << 8) * factor) >> (32 - short_hash_bits);
  }

  [[nodiscard]] std::uint32_t four_at(std::size_t at) const noexcept {
    return base::load_le<std::uint32_t>(text_ + at);
  }

  [[nodiscard]] std::uint64_t eight_at(std::size_t at) const noexcept {
    return base::load_le<std::uint64_t>(text_ + at);
  }

  // Matches at `at` are no longer than this.
  [[nodiscard]] unsigned longest_at(std::size_t at) const noexcept {
    const std::size_t rest = size_ - at;
    return rest < longest_match ? static_cast<unsigned>(rest) : longest_match;
  }

  // Bytes from `at` on that also stand `distance` before, of which the first four are known to.
  [[nodiscard]] unsigned length_at(std::size_t at, unsigned distance) const noexcept {
    const std::byte* const here = text_ + at;
    const std::byte* const there = here - distance;
    const unsigned longest = longest_at(at);
    unsigned length = 4;
    for (; length + prefix_step <= longest; length += prefix_step) {
      const unsigned same = common_prefix(here + length, there + length);
      if (same != prefix_step) return length + same;
    }
    while (length < longest && here[length] == there[length]) ++length;
    return length;
  }

  [[nodiscard]] unsigned place(std::size_t at) const noexcept {
    return static_cast<unsigned>(at - origin_);
  }

  // The last place that no match may begin at: those up to it are gone from the chains, or lie
  // before the text.
  [[nodiscard]] unsigned gone() const noexcept {
    return std::max(place(next_) - static_cast<unsigned>(max_distance), before_text_);
  }

  // Moves the origin on, so that there are places again.
  void slide() noexcept;

  // Enters `at`, and what a batch holds with it.
  void enter_until(std::size_t at) noexcept {
    while (next_ <= at) enter_batch();
  }

  void enter_batch() noexcept;

  const std::byte* text_ = nullptr;
  std::size_t size_ = 0;
  std::size_t end_ = 0;       // of what is entered and looked at
  std::size_t next_ = 0;      // the first place that is not entered
  std::size_t origin_ = 0;    // of places, modulo 2^N: max_distance before the text at first
  unsigned before_text_ = 0;  // the place before the text's first, or 0
  unsigned attempts_ = 0;
  unsigned good_enough_ = 0;
  Worth worth_{};
  std::array<std::uint16_t, 1U << hash_bits> latest_{};
  std::array<std::uint16_t, 1U << short_hash_bits> latest_short_{};
  // By place: the one before it on its chain; the one before it of the same three bytes.
  std::array<std::uint16_t, max_distance> before_{};
  std::array<std::uint16_t, short_places> before_short_{};
};

inline Match MatchFinder::find(std::size_t at) noexcept {
  enter_until(at);
  const std::uint32_t four = four_at(at);
  const unsigned here = place(at);
  const unsigned gone = this->gone();
  unsigned candidate = before_[here % max_distance];
  for (unsigned left = attempts_; left > 0 && candidate > gone; --left) {
    if (four_at(origin_ + candidate) == four) {
      const unsigned distance = here - candidate;
      return {length_at(at, distance), distance};
    }
    candidate = before_[candidate % max_distance];
  }
  const unsigned short_candidate = before_short_[here % short_places];
  const unsigned distance = here - short_candidate;
  if (short_candidate <= gone || distance > worth_[3]) return {};
  if (((four_at(at - distance) ^ four) & 0xffffff) != 0) return {};
  return {3, distance};
}

inline Match MatchFinder::lengthen(std::size_t at, Match& match) noexcept {
  const std::uint64_t eight = eight_at(at);
  const unsigned longest = longest_at(at);
  unsigned left = attempts_;
  while (match.length < good_enough_ && match.length < longest) {
    // The four bytes that end with the first one which the match does not hold.
    const unsigned ahead = match.length - 3;
    if (at + ahead >= end_) return {};
    enter_until(at + ahead);
    const unsigned here = place(at);
    unsigned candidate = before_[(here + ahead) % max_distance];
    const unsigned too_far = gone() + ahead;
    const unsigned nearer = here - match.distance + ahead;  // from here on they have been looked at
    const std::size_t back = origin_ - ahead;
    Match later;
    for (;; candidate = before_[candidate % max_distance]) {
      if (left == 0 || candidate <= too_far) return later;
      --left;
      const std::size_t there = back + candidate;
      const std::uint64_t differ = eight_at(there) ^ eight;
      if ((differ & 0xffffff00) != 0) continue;  // neither here nor a byte later
      const auto distance = static_cast<unsigned>(at - there);
      if (static_cast<std::uint32_t>(differ) == 0) {
        if (candidate >= nearer) continue;
        const unsigned length = length_at(at, distance);
        if (length > match.length) {
          match = {length, distance};
          break;
        }
      } else if (static_cast<std::uint32_t>(differ >> 8) == 0) {
        const unsigned length = length_at(at + 1, distance);
        if (length >= match.length && length > later.length) later = {length, distance};
      }
    }
  }
  return {};
}

}  // namespace braid::codec::deflate
