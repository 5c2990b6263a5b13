#include "codec/deflate/ahead_decoder.hpp"

#include <algorithm>

namespace braid::codec::deflate {

namespace {

// A leap costs about as much as decoding this much: excerpts that are shorter are of no use.
constexpr std::uint64_t least_plain = 64 << 10;

// Symbols that attempts may put out in vain: a file full of headers that lead nowhere must not keep
// a thread busy for long.
constexpr std::uint64_t most_wasted = 2 << 20;

// Blocks that must follow a stored block, whose header is short, for it to be believed.
constexpr unsigned stored_blocks = 2;

}  // namespace

bool DeflateAheadDecoder::decode(const AheadInput& input, std::size_t most_plain,
                                 Excerpt& excerpt) {
  const std::uint64_t until = 8 * std::uint64_t{input.size};
  std::uint64_t from = 0;
  std::uint64_t wasted = 0;
  while (wasted <= most_wasted) {
    const auto guess = finder_.next(input.bytes, from, until);
    if (!guess) return false;
    Attempt at{.input = input,
               .most_plain = most_plain,
               .excerpt = static_cast<DeflateExcerpt&>(excerpt),
               .bit = guess->last,
               .until = until};
    if (attempt(*guess, at)) return true;
    wasted += at.wasted + at.excerpt.plain_size();
    from = guess->last + 1;
  }
  return false;
}

bool DeflateAheadDecoder::attempt(const BlockGuess& guess, Attempt& at) {
  at.excerpt.begin(guess, at.input.offset, at.most_plain);
  if (guess.member) {
    if (!pass_header(at)) return false;
    begin_plain(at, {});
    run_plain(at);
  } else if (run_marked(at) == Next::plain) {
    run_plain(at);
  }
  const bool stored = guess.first != guess.last;
  return at.excerpt.plain_size() >= least_plain && at.blocks >= (stored ? stored_blocks : 1);
}

void DeflateAheadDecoder::commit(Attempt& at, StreamPlace::Kind kind, std::size_t symbols) {
  const ByteView input = at.input.bytes;
  const std::byte last =
      at.bit % 8 == 0 ? std::byte{} : input[static_cast<std::size_t>(at.bit / 8)];
  at.excerpt.commit({kind, at.bit + 8 * at.input.offset}, last, symbols, at.bytes);
  ++at.blocks;
}

// Decodes to symbols until it is done or the rest can be decoded to bytes.
DeflateAheadDecoder::Next DeflateAheadDecoder::run_marked(Attempt& at) {
  MarkedByte* const begin = at.excerpt.symbols();
  MarkedInflate::View view{
      .bytes = at.input.bytes, .bit = at.bit, .next = begin, .limit = begin + at.most_plain};
  std::size_t known_from = 0;  // no mark stands behind it among the symbols looked at
  for (;;) {
    const auto status = marked_.run_block(view);
    const auto count = static_cast<std::size_t>(view.next - begin);
    if (status == MarkedInflate::Status::stream) {
      at.bit = (view.bit + 7) / 8 * 8;
      if (!pass_trailer(at, count) || !pass_header(at)) return Next::done;
      begin_plain(at, {});
      return Next::plain;
    }
    at.wasted = view.tried;
    if (status != MarkedInflate::Status::block) return Next::done;
    at.bit = view.bit;
    commit(at, StreamPlace::Kind::block, count);
    if (at.bit >= at.until) return Next::done;
    if (count < known_from + max_distance) continue;
    known_from = behind_last_mark(begin, count);
    if (count < known_from + max_distance) continue;
    std::array<std::byte, max_distance> history;
    std::transform(view.next - max_distance, view.next, history.begin(),
                   [](MarkedByte symbol) { return static_cast<std::byte>(symbol); });
    begin_plain(at, {history.data(), history.size()});
    return Next::plain;
  }
}

void DeflateAheadDecoder::begin_plain(Attempt& at, ByteView history) {
  const auto held = static_cast<unsigned>((8 - at.bit % 8) % 8);
  const auto byte = static_cast<std::size_t>(at.bit / 8);
  if (held == 0) {
    inflate_.reset();
  } else {
    inflate_.reset_within(at.input.bytes[byte], held);
  }
  inflate_.remember(history);
}

// Decodes to bytes, from where begin_plain() put it.
void DeflateAheadDecoder::run_plain(Attempt& at) {
  const ByteView input = at.input.bytes;
  const std::size_t symbols = at.excerpt.symbol_count();
  std::byte* const begin = at.excerpt.bytes();
  std::byte* const end = begin + at.most_plain;
  InflateView view{.in = input.begin() + (at.bit + 7) / 8,
                   .in_end = input.end(),
                   .base = begin,
                   .next = begin,
                   .end = end,
                   .pause = end};
  for (;;) {
    view.stop = view.in + 1;
    const auto status = inflate_.run(view);
    at.bytes = static_cast<std::size_t>(view.next - begin);
    at.bit = 8 * static_cast<std::uint64_t>(view.in - input.begin());
    if (status == Inflate::Status::at_block) {
      at.bit -= inflate_.bits_held();
      commit(at, StreamPlace::Kind::block, symbols);
      if (at.bit >= at.until) return;
      continue;
    }
    if (status != Inflate::Status::finished) return;
    if (!pass_trailer(at, symbols) || !pass_header(at)) return;
    begin_plain(at, {});
    view.in = input.begin() + at.bit / 8;
    view.base = view.next;
  }
}

// Behind a stream's last block; false when its trailer is not there, or is not to be passed.
bool DeflateAheadDecoder::pass_trailer(Attempt& at, std::size_t symbols) {
  const std::size_t size = trailer_size_of(wrapper_);
  const auto begin = static_cast<std::size_t>(at.bit / 8);
  const ByteView trailer = at.input.bytes.slice(begin, size);
  if (trailer.size() != size) return false;
  at.bit += 8 * size;
  commit(at, StreamPlace::Kind::behind_stream, symbols);
  at.excerpt.end_stream(at.input.offset + begin, trailer);
  return true;
}

bool DeflateAheadDecoder::pass_header(Attempt& at) {
  if (wrapper_ != Wrapper::gzip || at.bit >= at.until) return false;
  GzipHeaderParser parser;
  std::size_t size = 0;
  const auto whole = parser.parse(at.input.bytes.drop(static_cast<std::size_t>(at.bit / 8)), size);
  if (!whole || !*whole) return false;
  at.bit += 8 * size;
  return true;
}

}  // namespace braid::codec::deflate
