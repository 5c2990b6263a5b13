#include "codec/deflate/match_finder.hpp"

namespace braid::codec::deflate {

void MatchFinder::begin(ByteView text, std::size_t end, const SearchEffort& effort) noexcept {
  text_ = text.data();
  size_ = text.size();
  end_ = end;
  next_ = 0;
  worth_ = guess_worth(text);
  attempts_ = effort.attempts;
  good_enough_ = effort.good_enough;
  origin_ = std::size_t{0} - max_distance;
  before_text_ = max_distance - 1;
  latest_.fill(0);
  latest_short_.fill(0);
}

void MatchFinder::enter_batch() noexcept {
  if (place(next_) == end_of_places) slide();
  const std::size_t end = std::min(next_ + batch, end_);
  const std::byte* text = text_ + next_;
  unsigned here = place(next_);
  for (std::size_t left = end - next_; left > 0; --left, ++text, ++here) {
    const auto four = base::load_le<std::uint32_t>(text);
    std::uint16_t& latest = latest_[hash(four)];
    before_[here % max_distance] = latest;
    latest = static_cast<std::uint16_t>(here);
    std::uint16_t& latest_short = latest_short_[short_hash(four)];
    before_short_[here % short_places] = latest_short;
    latest_short = static_cast<std::uint16_t>(here);
  }
  next_ = end;
}

void MatchFinder::slide() noexcept {
  // place - max_distance, or 0 if that is less, as vectors of signed numbers can do it.
  static_assert(end_of_places == 1U << 16 && max_distance == 1U << 15);
  const auto pull = [](auto& places) {
    for (std::uint16_t& place : places) {
      const auto moved = static_cast<std::int16_t>(place ^ max_distance);
      place = static_cast<std::uint16_t>(moved > 0 ? moved : 0);
    }
  };
  pull(latest_);
  pull(latest_short_);
  pull(before_);
  pull(before_short_);
  origin_ += max_distance;
  before_text_ = 0;
}

}  // namespace braid::codec::deflate
