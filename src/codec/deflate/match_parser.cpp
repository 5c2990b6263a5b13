#include "codec/deflate/match_parser.hpp"

#include <algorithm>
#include <bit>
#include <span>

namespace braid::codec::deflate {

namespace {

// Matches are valued anew after the first stretch and then each fourth: oftener costs two percent
// of the time and gains nothing.
constexpr std::size_t valued_stretches = 4;

// Whether a match that begins a byte later is worth the literal before it: a byte of length saves
// about four bits, each doubling of the distance costs one.
bool is_better(const Match& later, const Match& now) noexcept {
  const auto width = [](unsigned distance) { return static_cast<int>(std::bit_width(distance)); };
  const int longer = static_cast<int>(later.length) - static_cast<int>(now.length);
  return later.length != 0 && 4 * longer + width(now.distance) - width(later.distance) > 2;
}

}  // namespace

void MatchParser::begin(ByteView text, const SearchEffort& effort) {
  at_ = 0;
  last_match_ = 0;
  stretch_begin_ = 0;
  counts_ = {};
  symbols_ = 0;
  literals_ = 0;
  text_ = text;
  // The four bytes that a place is entered by stand within the text, and behind it what is read
  // with them.
  std::size_t behind = MatchFinder::reach;
  if (text.size() <= small_text) {
    std::copy(text.begin(), text.end(), copy_.begin());
    std::fill_n(copy_.begin() + static_cast<std::ptrdiff_t>(text.size()), MatchFinder::reach,
                std::byte{0});
    text_ = {copy_.data(), text.size()};
    behind = 4;
  }
  finder_.begin(text_, text.size() < behind ? 0 : text.size() - behind + 1, effort);
}

inline void MatchParser::pass_literal() {
  ++counts_.literals[text_.at(at_)];
  ++literals_;
  ++symbols_;
  ++at_;
}

// Where nothing was found for long, as in what is compressed already, few places are looked at. All
// are entered, so that what comes again is still found, some bytes late.
inline void MatchParser::pass_literals() {
  const std::size_t since = at_ - last_match_;
  const std::size_t end = std::min(at_ + 1 + std::min<std::size_t>(since / 256, 7), finder_.end());
  while (at_ < end) pass_literal();
}

inline void MatchParser::take(const Match& match) {
  ++counts_.literals[length_symbols[match.length]];
  ++counts_.distances[distance_symbol(match.distance)];
  out_->sequences.push_back({literals_, static_cast<std::uint16_t>(match.length),
                             static_cast<std::uint16_t>(match.distance)});
  literals_ = 0;
  ++symbols_;
  at_ += match.length;
  last_match_ = at_;
}

void MatchParser::end_stretch() {
  if (literals_ != 0) out_->sequences.push_back({literals_, 0, 0});
  literals_ = 0;
  counts_.literals[end_of_block] = 1;
  out_->stretches.push_back({counts_, out_->sequences.size(), at_ - stretch_begin_, 0});
  if (out_->stretches.size() % valued_stretches == 1) value_matches();
  counts_ = {};
  symbols_ = 0;
  stretch_begin_ = at_;
}

// As the stretch that has just ended tells.
void MatchParser::value_matches() {
  const std::span<const Sequence> sequences(out_->sequences);
  const std::size_t begin = out_->stretches.size() < 2 ? 0 : out_->stretches.end()[-2].end;
  finder_.set_worth(worth_after(finder_.worth(), counts_, sequences.subspan(begin),
                                text_.data() + stretch_begin_));
}

void MatchParser::parse(Parsed& parsed) {
  parsed.sequences.clear();
  parsed.stretches.clear();
  out_ = &parsed;
  // No sequence but the last of a stretch stands for less than three bytes.
  parsed.sequences.reserve(
      std::min(most_sequences, (text_.size() - at_) / shortest_match + most_stretches));
  while (at_ < finder_.end()) {
    if (symbols_ >= stretch_symbols) {
      end_stretch();
      if (parsed.stretches.size() == most_stretches) return;
    }
    Match match = finder_.find(at_);
    if (match.length == 0) {
      pass_literals();
      continue;
    }
    if (match.length == shortest_match) {
      const Match later = at_ + 1 < finder_.end() ? finder_.find(at_ + 1) : Match{};
      if (later.length <= shortest_match) {
        take(match);
        continue;
      }
      pass_literal();
      match = later;
    }
    for (;;) {
      const Match later = finder_.lengthen(at_, match);
      if (!is_better(later, match) || at_ + 1 == finder_.end()) break;
      pass_literal();
      match = later;
    }
    if (!finder_.is_worth(match)) {
      pass_literals();
      continue;
    }
    take(match);
  }
  while (at_ < text_.size()) pass_literal();
  end_stretch();
}

}  // namespace braid::codec::deflate
