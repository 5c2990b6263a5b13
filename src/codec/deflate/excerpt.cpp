#include "codec/deflate/excerpt.hpp"

#include <algorithm>
#include <cstring>

namespace braid::codec::deflate {

namespace {

constexpr std::size_t plain_values = marked_history;

// Tested for marks at a time.
constexpr std::size_t group = 32;

// Symbols that often come out of one match: where they are marks, they count up as its bytes did.
constexpr std::size_t stretch = 8;

void put_stretch(std::byte* to, const MarkedByte* symbol, const std::byte* value) noexcept {
  unsigned other = 0;
  for (std::size_t i = 1; i < stretch; ++i) {
    other |= static_cast<unsigned>(symbol[i] ^ static_cast<MarkedByte>(symbol[0] + i));
  }
  if (other == 0) {
    std::memcpy(to, value + symbol[0], stretch);
    return;
  }
  for (std::size_t i = 0; i < stretch; ++i) to[i] = value[symbol[i]];
}

}  // namespace

DeflateExcerpt::DeflateExcerpt(Sum sum) : sum_(sum) {
  values_.resize(plain_values + max_distance);
  for (std::size_t i = 0; i < plain_values; ++i) values_.data()[i] = static_cast<std::byte>(i);
}

void DeflateExcerpt::begin(const BlockGuess& guess, std::uint64_t offset, std::size_t most_plain) {
  const std::size_t symbol_bytes =
      sizeof(MarkedByte) * (max_distance + most_plain + MarkedInflate::slack);
  if (symbols_.size() < symbol_bytes) {
    symbols_.clear();
    symbols_.resize(symbol_bytes);
    for (std::size_t i = 0; i < max_distance; ++i) {
      marks()[i] = static_cast<MarkedByte>(marked_history + i);
    }
  }
  if (bytes_.size() < most_plain) {
    bytes_.clear();
    bytes_.resize(most_plain);
  }
  guess_ = {guess.member, guess.first + 8 * offset, guess.last + 8 * offset};
  end_ = {};
  symbol_count_ = byte_count_ = 0;
  parts_.clear();
  closed_ = 0;
}

void DeflateExcerpt::commit(const StreamPlace& end, std::byte end_byte, std::size_t symbols,
                            std::size_t bytes) {
  end_ = end;
  end_byte_ = end_byte;
  symbol_count_ = symbols;
  byte_count_ = bytes;
}

void DeflateExcerpt::end_stream(std::uint64_t at, ByteView trailer) {
  SummedPart part{.plain_size = plain_size() - closed_, .ends_stream = true, .end = at};
  std::copy_n(trailer.data(), std::min(trailer.size(), part.trailer.size()), part.trailer.data());
  parts_.push_back(part);
  closed_ = plain_size();
}

bool DeflateExcerpt::begins_at(const StreamPlace& place) const noexcept {
  const auto kind = guess_.member ? StreamPlace::Kind::behind_stream : StreamPlace::Kind::block;
  return place.kind == kind && guess_.first <= place.bit && place.bit <= guess_.last;
}

std::uint64_t DeflateExcerpt::streams() const noexcept {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(parts_, [](const SummedPart& part) { return part.ends_stream; }));
}

void DeflateExcerpt::set_history(ByteView history) {
  std::memcpy(values_.data() + plain_values, history.data(), max_distance);
}

std::byte DeflateExcerpt::known(MarkedByte symbol) const noexcept {
  return values_.data()[symbol];
}

ByteView DeflateExcerpt::tail(MutableBytes room) const {
  const std::size_t open = static_cast<std::size_t>(plain_size() - closed_);
  // Where no stream ended within, the history goes on in front.
  const bool whole = parts_.empty() && needs_history();
  const std::size_t size = whole ? max_distance : std::min(max_distance, open);
  std::byte* to = room.data();
  std::size_t left = size;
  if (left > plain_size()) {
    const auto before = static_cast<std::size_t>(left - plain_size());
    std::memcpy(to, values_.data() + values_.size() - before, before);
    to += before;
    left -= before;
  }
  if (left > byte_count_) {
    const MarkedByte* from = marks() + max_distance + symbol_count_ - (left - byte_count_);
    for (; left > byte_count_; --left) *to++ = known(*from++);
  }
  if (left != 0) std::memcpy(to, bytes_.data() + byte_count_ - left, left);
  return {room.data(), size};
}

void DeflateExcerpt::resolve() {
  fill_in();
  add_sums();
}

// In place: a byte is written where the symbol of half its number stood, which has been read.
void DeflateExcerpt::fill_in() {
  const std::byte* from = symbols_.data() + max_distance * sizeof(MarkedByte);
  auto* to = symbols_.data() + max_distance * sizeof(MarkedByte);
  const std::byte* const value = values_.data();
  std::size_t left = symbol_count_;
  for (; left >= group; left -= group, from += group * sizeof(MarkedByte), to += group) {
    MarkedByte symbol[group];
    std::memcpy(symbol, from, sizeof symbol);
    MarkedByte all = 0;
    for (const MarkedByte one : symbol) all |= one;
    if (all < marked_history) {
      std::byte plain[group];
      for (std::size_t i = 0; i < group; ++i) plain[i] = static_cast<std::byte>(symbol[i]);
      std::memcpy(to, plain, sizeof plain);
      continue;
    }
    for (std::size_t i = 0; i < group; i += stretch) put_stretch(to + i, symbol + i, value);
  }
  for (; left != 0; --left, from += sizeof(MarkedByte)) {
    MarkedByte symbol = 0;
    std::memcpy(&symbol, from, sizeof symbol);
    *to++ = value[symbol];
  }
}

void DeflateExcerpt::add_sums() {
  if (closed_ != plain_size()) parts_.push_back({.plain_size = plain_size() - closed_});
  const auto pieces = plain();
  std::uint64_t at = 0;
  for (SummedPart& part : parts_) {
    part.sum = sum_of_nothing(sum_);
    const std::uint64_t end = at + part.plain_size;
    const std::size_t first = pieces[0].size();
    if (at < first) {
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(end, first) - at);
      part.sum = add_to_sum(sum_, part.sum, pieces[0].slice(static_cast<std::size_t>(at), size));
      at += size;
    }
    if (at < end) {
      part.sum = add_to_sum(sum_, part.sum,
                            pieces[1].slice(static_cast<std::size_t>(at - first),
                                            static_cast<std::size_t>(end - at)));
      at = end;
    }
  }
}

std::array<ByteView, 2> DeflateExcerpt::plain() const noexcept {
  return {ByteView(reinterpret_cast<const std::byte*>(marks() + max_distance), symbol_count_),
          ByteView(bytes_.data(), byte_count_)};
}

}  // namespace braid::codec::deflate
