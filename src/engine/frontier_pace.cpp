#include "engine/frontier_pace.hpp"

#include <algorithm>

namespace braid::engine {

namespace {

// So many excerpts in a row of no use, and only every `sparse`-th segment is tried: the data is of
// a kind that cannot be entered.
constexpr unsigned most_misses = 4;
constexpr std::uint64_t sparse = 8;

// Plain bytes a packed one, for each thread, above which nothing is decoded ahead. What is copied
// rather than decoded (logs, zeros) the frontier restores at the speed of memory, through which the
// symbols of an excerpt go three times.
constexpr std::uint64_t most_ratio = 4;

// Nanoseconds for a packed byte below which the frontier copies rather than decodes: stored blocks
// take a third of one, coded data three and more.
constexpr std::uint64_t least_ns = 1;

// Packed bytes without a findable place (fixed blocks, or a giant one) behind which nothing is
// looked for until two follow each other sooner: encoders seldom make larger blocks.
constexpr std::uint64_t most_barren = 256 << 10;

// Packed bytes after which those before count half.
constexpr std::uint64_t ratio_window = 4 << 20;

// Where nothing is decoded ahead a second thread gains no more than what writing takes, and loses
// what threads take to wake each other for every slice: it is called when writing takes at least an
// eighth of the frontier's time. Before so many nanoseconds nobody knows.
constexpr std::uint64_t least_overlap = 8;
constexpr std::uint64_t least_known_ns = 5'000'000;

// After which the times before count half.
constexpr std::uint64_t time_window_ns = 4 * least_known_ns;

}  // namespace

void FrontierPace::advanced(std::uint64_t packed, std::uint64_t plain, bool findable,
                            std::uint64_t ns) noexcept {
  count(packed, plain);
  if (findable && since_place_ < most_barren) barren_ = false;
  since_place_ = findable ? 0 : since_place_ + packed;
  if (since_place_ >= most_barren) barren_ = true;
  frontier_ns_ += ns;
  frontier_packed_ += packed;
  if (write_ns_ + frontier_ns_ > time_window_ns) {
    write_ns_ /= 2;
    frontier_ns_ /= 2;
    frontier_packed_ /= 2;
  }
}

void FrontierPace::leaped(std::uint64_t packed, std::uint64_t plain) noexcept {
  count(packed, plain);
  since_place_ = 0;
  misses_ = 0;
}

void FrontierPace::count(std::uint64_t packed, std::uint64_t plain) noexcept {
  packed_ += packed;
  plain_ += plain;
  if (packed_ > ratio_window) {
    packed_ /= 2;
    plain_ /= 2;
  }
}

std::uint64_t FrontierPace::packed_of(std::uint64_t plain) const noexcept {
  return plain * packed_ / std::max<std::uint64_t>(plain_, 1);
}

bool FrontierPace::looks_ahead() const noexcept {
  return packed_ != 0 && !barren_ && plain_ <= most_ratio * threads_ * packed_ &&
         frontier_ns_ >= least_ns * frontier_packed_;
}

bool FrontierPace::tries(std::uint64_t number) const noexcept {
  return misses_ < most_misses || number % sparse == 0;
}

bool FrontierPace::caller_leads() const noexcept {
  if (packed_ == 0) return true;
  if (looks_ahead() && misses_ < most_misses) return false;
  return write_ns_ + frontier_ns_ < least_known_ns || write_ns_ * least_overlap < frontier_ns_;
}

}  // namespace braid::engine
