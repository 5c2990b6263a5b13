#include "codec/deflate/match_finder.hpp"

namespace braid::codec::deflate {

void MatchFinder::begin(ByteView text, const SearchEffort& effort) noexcept {
  text_ = text.data();
  size_ = text.size();
  next_ = 0;
  worth_ = guess_worth(text);
  attempts_ = effort.attempts;
  good_enough_ = effort.good_enough;
  origin_ = std::size_t{0} - max_distance;
  before_text_ = max_distance - 1;
  latest_.fill(0);
  latest_short_.fill(0);
}

void MatchFinder::slide() noexcept {
  // The top bit tells which places stay; without branches, for vectors of them.
  static_assert(end_of_places == 1U << 16);
  const auto pull = [](auto& places) {
    for (std::uint16_t& place : places) {
      place = static_cast<std::uint16_t>(place & -(place >> 15) & (max_distance - 1));
    }
  };
  pull(latest_);
  pull(latest_short_);
  pull(before_);
  origin_ += max_distance;
  before_text_ = 0;
}

}  // namespace braid::codec::deflate
