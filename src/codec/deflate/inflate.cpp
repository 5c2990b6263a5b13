#include "codec/deflate/inflate.hpp"

#include <algorithm>
#include <cstring>

#include "base/byte_order.hpp"
#include "codec/deflate/inflate_fast.hpp"

namespace braid::codec::deflate {

namespace {

constexpr std::uint64_t low_bits(unsigned count) noexcept {
  return (std::uint64_t{1} << count) - 1;
}

}  // namespace

void Inflate::reset() noexcept {
  bits_ = 0;
  count_ = 0;
  state_ = State::block_header;
  final_block_ = false;
  history_size_ = 0;
  message_ = {};
}

void Inflate::reset_within(std::byte first, unsigned bits) noexcept {
  reset();
  bits_ = std::to_integer<std::uint64_t>(first) >> (8 - bits);
  count_ = bits;
}

Inflate::Status Inflate::run(InflateView& view) noexcept {
  in_begin_ = view.in;
  for (;;) {
    Stage stage = Stage::next;
    switch (state_) {
      case State::block_header:
        if (must_stop(view)) {
          give_back(view);
          return Status::at_block;
        }
        stage = read_block_header(view);
        break;
      case State::stored_length:
        stage = read_stored_length(view);
        break;
      case State::stored_bytes:
        stage = copy_stored(view);
        break;
      case State::table_sizes:
        stage = read_table_sizes(view);
        break;
      case State::precode_lengths:
        stage = read_precode_lengths(view);
        break;
      case State::code_lengths:
        stage = read_code_lengths(view);
        break;
      case State::symbol:
        stage = read_symbols(view);
        break;
      case State::distance:
        stage = read_distance(view);
        break;
      case State::match:
        stage = copy_match(view);
        break;
      case State::finished:
        give_back(view);
        return Status::finished;
      case State::failed:
        return Status::failed;
    }
    if (stage == Stage::need_input) return Status::need_input;
    if (stage == Stage::need_output) {
      give_back(view);
      return Status::need_output;
    }
  }
}

void Inflate::remember(ByteView plain) noexcept {
  if (plain.empty()) return;
  if (plain.size() >= max_distance) {
    std::memcpy(history_.data(), plain.end() - max_distance, max_distance);
    history_size_ = max_distance;
    return;
  }
  if (history_size_ + plain.size() > history_capacity) {
    std::memmove(history_.data(), &history_[history_size_ - max_distance], max_distance);
    history_size_ = max_distance;
  }
  std::memcpy(&history_[history_size_], plain.data(), plain.size());
  history_size_ += plain.size();
}

// ---- Bits --------------------------------------------------------------------------------------
// Bits of bits_ above count_ are either zero or those of the bytes at view.in: reading these bytes
// again puts the same bits there.

bool Inflate::pull_byte(InflateView& view) noexcept {
  if (view.in == view.in_end) return false;
  bits_ |= std::to_integer<std::uint64_t>(*view.in++) << count_;
  count_ += 8;
  return true;
}

// Makes at least `bits` bits available, at most 32.
bool Inflate::need(InflateView& view, unsigned bits) noexcept {
  if (count_ >= bits) return true;
  if (view.in_end - view.in >= 8) {
    bits_ |= base::load_le<std::uint64_t>(view.in) << count_;
    view.in += (63 - count_) >> 3;
    count_ |= 56;
    return true;
  }
  while (count_ < bits) {
    if (!pull_byte(view)) return false;
  }
  return true;
}

unsigned Inflate::take(unsigned bits) noexcept {
  const auto value = static_cast<unsigned>(bits_ & low_bits(bits));
  bits_ >>= bits;
  count_ -= bits;
  return value;
}

// Returns whole bytes of this view that were read ahead. Bytes of an earlier view are only kept
// while a symbol is incomplete, so that none is left when a stream ends.
void Inflate::give_back(InflateView& view) noexcept {
  const auto read = static_cast<std::size_t>(view.in - in_begin_);
  const std::size_t whole = std::min<std::size_t>(count_ / 8, read);
  view.in -= whole;
  count_ -= static_cast<unsigned>(8 * whole);
  bits_ &= low_bits(count_);
}

bool Inflate::must_stop(const InflateView& view) const noexcept {
  if (view.stop == nullptr) return false;
  return 8 * (view.in - in_begin_) - static_cast<std::ptrdiff_t>(count_) >=
         8 * (view.stop - in_begin_);
}

bool Inflate::peek_symbol(InflateView& view, const Entry* table, unsigned index_bits,
                          Symbol& symbol) noexcept {
  for (;;) {
    Entry entry = table[bits_ & low_bits(index_bits)];
    unsigned first = 0;
    if ((entry & entry_link) != 0) {
      first = index_bits;
      entry = table[entry_value(entry) + ((bits_ >> first) & low_bits(entry_code_bits(entry)))];
    }
    if (first + entry_bits(entry) <= count_) {
      symbol = {entry, first};
      return true;
    }
    if (!pull_byte(view)) return false;
  }
}

// Drops the symbol's bits; returns its value with the extra bits added.
unsigned Inflate::take_symbol(const Symbol& symbol) noexcept {
  static_cast<void>(take(symbol.index_bits + entry_code_bits(symbol.entry)));
  return entry_value(symbol.entry) + take(entry_bits(symbol.entry) - entry_code_bits(symbol.entry));
}

// ---- Blocks ------------------------------------------------------------------------------------

Inflate::Stage Inflate::fail(std::string_view message) noexcept {
  message_ = message;
  state_ = State::failed;
  return Stage::next;
}

Inflate::Stage Inflate::read_block_header(InflateView& view) noexcept {
  if (!need(view, 3)) return Stage::need_input;
  final_block_ = take(1) != 0;
  switch (take(2)) {
    case 0:
      form_ = Form::stored;
      findable_ = findable_ || !final_block_;
      static_cast<void>(take(count_ & 7));
      state_ = State::stored_length;
      return Stage::next;
    case 1:
      form_ = Form::fixed;
      use_fixed_tables();
      state_ = State::symbol;
      return Stage::next;
    case 2:
      form_ = Form::dynamic;
      findable_ = findable_ || !final_block_;
      state_ = State::table_sizes;
      return Stage::next;
    default:
      return fail("invalid block type");
  }
}

void Inflate::end_block() noexcept {
  if (!final_block_) {
    state_ = State::block_header;
    return;
  }
  static_cast<void>(take(count_ & 7));
  state_ = State::finished;
}

Inflate::Stage Inflate::read_stored_length(InflateView& view) noexcept {
  if (!need(view, 32)) return Stage::need_input;
  const unsigned length = take(16);
  if ((take(16) ^ length) != 0xffff) return fail("the length of a stored block is damaged");
  give_back(view);  // all of it is of this view: fewer than 32 bits were there before
  length_ = length;
  state_ = State::stored_bytes;
  return Stage::next;
}

Inflate::Stage Inflate::copy_stored(InflateView& view) noexcept {
  const auto have = static_cast<std::size_t>(view.in_end - view.in);
  const auto room = static_cast<std::size_t>(view.end - view.next);
  const std::size_t count = std::min({length_, have, room});
  if (count != 0) {
    std::memcpy(view.next, view.in, count);
    view.in += count;
    view.next += count;
    length_ -= count;
  }
  if (length_ == 0) {
    end_block();
    return Stage::next;
  }
  return have == count ? Stage::need_input : Stage::need_output;
}

void Inflate::use_fixed_tables() noexcept {
  if (fixed_tables_) return;
  std::fill_n(lengths_.begin(), 144, std::uint8_t{8});
  std::fill_n(lengths_.begin() + 144, 112, std::uint8_t{9});
  std::fill_n(lengths_.begin() + 256, 24, std::uint8_t{7});
  std::fill_n(lengths_.begin() + 280, 8, std::uint8_t{8});
  std::fill_n(lengths_.begin() + litlen_symbols, distance_symbols, std::uint8_t{5});
  const std::span<const std::uint8_t> all(lengths_);
  static_cast<void>(
      build_table(Alphabet::litlen, all.first(litlen_symbols), litlen_, litlen_bits_));
  static_cast<void>(
      build_table(Alphabet::distance, all.subspan(litlen_symbols), distances_, distance_bits_));
  fixed_tables_ = true;
}

Inflate::Stage Inflate::read_table_sizes(InflateView& view) noexcept {
  if (!need(view, 14)) return Stage::need_input;
  litlen_count_ = take(5) + 257;
  distance_count_ = take(5) + 1;
  precode_count_ = take(4) + 4;
  if (litlen_count_ > most_literals || distance_count_ > most_distances) {
    return fail("too many length or distance symbols");
  }
  index_ = 0;
  precode_lengths_.fill(0);
  state_ = State::precode_lengths;
  return Stage::next;
}

Inflate::Stage Inflate::read_precode_lengths(InflateView& view) noexcept {
  for (; index_ < precode_count_; ++index_) {
    if (!need(view, 3)) return Stage::need_input;
    precode_lengths_[precode_order[index_]] = static_cast<std::uint8_t>(take(3));
  }
  if (build_table(Alphabet::precode, precode_lengths_, precode_, precode_bits_) !=
      TableError::none) {
    return fail("invalid code for code lengths");
  }
  index_ = 0;
  state_ = State::code_lengths;
  return Stage::next;
}

Inflate::Stage Inflate::read_code_lengths(InflateView& view) noexcept {
  const unsigned total = litlen_count_ + distance_count_;
  while (index_ < total) {
    Symbol symbol;
    if (count_ < 14 && view.in_end - view.in >= 8) static_cast<void>(need(view, 14));
    if (!peek_symbol(view, precode_.data(), precode_bits_, symbol)) return Stage::need_input;
    const unsigned value = entry_value(symbol.entry);
    if (value < 16) {
      lengths_[index_++] = static_cast<std::uint8_t>(take_symbol(symbol));
      continue;
    }
    // 16 repeats the length before, 17 and 18 repeat zero.
    const unsigned extra = value == 16 ? 2 : value == 17 ? 3 : 7;
    if (!need(view, entry_bits(symbol.entry) + extra)) return Stage::need_input;
    static_cast<void>(take_symbol(symbol));
    const unsigned repeat = (value == 18 ? 11 : 3) + take(extra);
    if ((value == 16 && index_ == 0) || repeat > total - index_) {
      return fail("invalid repeat of a code length");
    }
    const std::uint8_t length = value == 16 ? lengths_[index_ - 1] : std::uint8_t{0};
    std::fill_n(lengths_.begin() + index_, repeat, length);
    index_ += repeat;
  }
  return build_tables();
}

Inflate::Stage Inflate::build_tables() noexcept {
  fixed_tables_ = false;
  if (lengths_[end_of_block] == 0) return fail("a code without an end of block");
  const std::span<const std::uint8_t> all(lengths_);
  if (build_table(Alphabet::litlen, all.first(litlen_count_), litlen_, litlen_bits_) !=
      TableError::none) {
    return fail("invalid code for literals and lengths");
  }
  if (build_table(Alphabet::distance, all.subspan(litlen_count_, distance_count_), distances_,
                  distance_bits_) != TableError::none) {
    return fail("invalid code for distances");
  }
  state_ = State::symbol;
  return Stage::next;
}

// ---- Symbols -----------------------------------------------------------------------------------

Inflate::Stage Inflate::read_symbols(InflateView& view) noexcept {
  for (;;) {
    if (view.next >= view.pause && view.pause != view.end) return Stage::need_output;
    if (view.in_end - view.in >= InflateFast::input && view.end - view.next >= InflateFast::room) {
      switch (InflateFast::run(*this, view)) {
        case LoopEnd::margin:
          continue;
        case LoopEnd::block:
          end_block();
          return Stage::next;
        case LoopEnd::bad_symbol:
          return fail("invalid literal or length");
        case LoopEnd::bad_distance:
          return fail("invalid distance");
        case LoopEnd::too_far:
          return fail("a distance reaches back too far");
      }
    }
    Symbol symbol;
    if (!peek_symbol(view, litlen_.data(), litlen_bits_, symbol)) return Stage::need_input;
    if ((symbol.entry & entry_literal) != 0) {
      if (view.next == view.end) return Stage::need_output;
      *view.next++ = static_cast<std::byte>(take_symbol(symbol) & 0xff);
      continue;
    }
    if ((symbol.entry & entry_special) != 0) {
      if ((symbol.entry & entry_end) == 0) return fail("invalid literal or length");
      static_cast<void>(take(symbol.index_bits + entry_bits(symbol.entry)));
      end_block();
      return Stage::next;
    }
    length_ = take_symbol(symbol);
    state_ = State::distance;
    return Stage::next;
  }
}

Inflate::Stage Inflate::read_distance(InflateView& view) noexcept {
  Symbol symbol;
  if (!peek_symbol(view, distances_.data(), distance_bits_, symbol)) return Stage::need_input;
  if ((symbol.entry & entry_special) != 0) return fail("invalid distance");
  distance_ = take_symbol(symbol);
  if (!reaches(view, distance_)) return fail("a distance reaches back too far");
  state_ = State::match;
  return Stage::next;
}

bool Inflate::reaches(const InflateView& view, std::size_t distance) const noexcept {
  return distance <= static_cast<std::size_t>(view.next - view.base) + history_size_;
}

Inflate::Stage Inflate::copy_match(InflateView& view) noexcept {
  const std::size_t count = std::min(length_, static_cast<std::size_t>(view.end - view.next));
  if (count == 0) return Stage::need_output;
  copy_bytes(view, distance_, count);
  length_ -= count;
  if (length_ != 0) return Stage::need_output;
  state_ = State::symbol;
  return Stage::next;
}

// Copies a match of `count` bytes, for which there is room, from what lies before view.next and,
// where that begins too late, from the history. Writes nothing behind the match.
void Inflate::copy_bytes(InflateView& view, std::size_t distance, std::size_t count) noexcept {
  const auto near = static_cast<std::size_t>(view.next - view.base);
  if (distance > near) {
    const std::size_t back = distance - near;
    const std::size_t part = std::min(back, count);
    std::memcpy(view.next, &history_[history_size_ - back], part);
    view.next += part;
    count -= part;
  }
  for (; count != 0; --count, ++view.next) *view.next = *(view.next - distance);
}

}  // namespace braid::codec::deflate
