#include <algorithm>

#include "base/byte_order.hpp"
#include "base/zeros.hpp"
#include "codec/deflate/gzip_fields.hpp"
#include "codec/deflate/units.hpp"

namespace braid::codec::deflate {

namespace {

// Longest member header that is worth waiting for. Larger ones are valid, and read in sequence.
constexpr std::size_t longest_header = 256 * 1024;

// Where no field tells the size of parts: how far to look for a mark. A stream without marks is
// looked at for this long before it is read in sequence.
constexpr std::size_t longest_hinted_part = 4 << 20;

// Small members go to the decoder together until they are this many bytes.
constexpr std::size_t group_size = 256 * 1024;

// No deflate data grows by more than this when it is decoded (258 bytes from two bits).
constexpr std::uint64_t most_growth = 1032;

Split need_input() {
  return {.kind = Split::Kind::need_input};
}

Split sequential() {
  return {.kind = Split::Kind::sequential};
}

Split at_end() {
  return {.kind = Split::Kind::end};
}

Split cut(const Unit& unit) {
  return {.kind = Split::Kind::unit, .unit = unit};
}

// Most bytes that a part of `plain` bytes may take: stored in short blocks, with its mark.
std::uint64_t longest_part(std::uint64_t plain) {
  constexpr std::uint64_t slack = 4096;
  return plain > UINT32_MAX ? UINT64_MAX : plain + plain / 8 + slack;
}

std::uint64_t le32(ByteView bytes) {
  return base::load_le<std::uint32_t>(bytes.data());
}

// Bytes of a whole member as an extra field claims; 0 when none does. mgzip's field has been
// written with different meanings: believed is the one behind which a member or nothing stands.
std::uint64_t claimed_size(const GzipHeader& header, ByteView ahead, bool last) {
  if (const auto field = header.subfield(member_subfield.first, member_subfield.second);
      field && field->size() == 4) {
    return le32(*field);
  }
  if (const auto field = header.subfield(bgzf_subfield.first, bgzf_subfield.second);
      field && field->size() == 2) {
    return base::load_le<std::uint16_t>(field->data()) + std::uint64_t{1};
  }
  const auto field = header.subfield(mgzip_subfield.first, mgzip_subfield.second);
  if (!field || field->size() != 4) return 0;
  for (const std::uint64_t more :
       {std::uint64_t{0}, header.size, header.size + gzip_trailer_size}) {
    const std::uint64_t size = le32(*field) + more;
    if (size + 2 <= ahead.size()) {
      if (ahead.at(size) == 0x1f && ahead.at(size + 1) == 0x8b) return size;
    } else if (size == ahead.size() || !last) {
      return size;
    }
  }
  return 0;
}

}  // namespace

void DeflateSplitter::resume(std::uint64_t /*offset*/) {
  state_ = wrapper_ == Wrapper::gzip ? State::between : State::done;
  scan_.reset();
}

Split DeflateSplitter::next(ByteView ahead, bool last) {
  switch (state_) {
    case State::start:
      if (wrapper_ != Wrapper::gzip) return next_stream(ahead, last);
      break;
    case State::between: {
      const std::size_t zeros = base::leading_zeros(ahead);
      if (zeros == 0) break;
      return cut({.kind = Unit::Kind::frame, .size = zeros, .tag = tag_padding});
    }
    case State::parts:
      return next_part(ahead, last);
    case State::done:
      return ahead.empty() ? (last ? at_end() : need_input()) : sequential();
  }
  if (!ahead.empty()) return next_member(ahead, last);
  if (!last) return need_input();
  return state_ == State::start ? sequential() : at_end();
}

// The beginning of a zlib or raw stream: in parts, when there is a mark in reach.
Split DeflateSplitter::next_stream(ByteView ahead, bool last) {
  std::size_t header_size = 0;
  if (wrapper_ == Wrapper::zlib) {
    const auto header = ZlibHeader::parse(ahead);
    if (!header || (header->has_value() && (*header)->has_dictionary)) return sequential();
    if (!header->has_value()) return last ? sequential() : need_input();
    header_size = (*header)->size();
  }
  if (!scan_.part_end(ahead.drop(header_size))) {
    return last || ahead.size() > longest_hinted_part ? sequential() : need_input();
  }
  scan_.reset();
  state_ = State::parts;
  if (header_size == 0) return next_part(ahead, last);
  return cut({.kind = Unit::Kind::frame, .size = header_size, .tag = tag_head});
}

// The beginning of a gzip member.
Split DeflateSplitter::next_member(ByteView ahead, bool last) {
  GzipHeaderParser parser;
  std::size_t consumed = 0;
  const auto whole = parser.parse(ahead.first(longest_header), consumed);
  if (!whole) return sequential();
  if (!*whole) return last || ahead.size() >= longest_header ? sequential() : need_input();
  const auto field = parser.header().subfield(chunks_subfield.first, chunks_subfield.second);
  if (!field) return next_members(ahead, last);
  if (field->size() != 4) return sequential();
  part_size_ = le32(*field) != 0 ? le32(*field) : Unit::unknown;
  first_part_ = true;
  scan_.reset();
  state_ = State::parts;
  return cut({.kind = Unit::Kind::frame, .size = consumed, .tag = tag_head});
}

// Members that tell their sizes: as many as are there, up to a group.
Split DeflateSplitter::next_members(ByteView ahead, bool last) {
  Unit unit{.size = 0, .plain_size = 0, .tag = tag_members};
  while (unit.size < group_size) {
    const ByteView rest = ahead.drop(static_cast<std::size_t>(unit.size));
    GzipHeaderParser parser;
    std::size_t consumed = 0;
    const auto whole = parser.parse(rest.first(longest_header), consumed);
    if (!whole || !*whole) break;
    const std::uint64_t size = claimed_size(parser.header(), rest, last);
    if (size < consumed + gzip_trailer_size) break;
    if (size > rest.size()) {
      if (unit.size == 0 && !last) return need_input();
      break;
    }
    const ByteView member = rest.first(static_cast<std::size_t>(size));
    const std::uint64_t plain = le32({member.end() - 4, 4});
    if (plain > size * most_growth) break;
    unit.size += size;
    unit.plain_size += plain;
  }
  if (unit.size == 0) return sequential();
  state_ = State::between;
  return cut(unit);
}

Split DeflateSplitter::next_part(ByteView ahead, bool last) {
  Unit unit{
      .plain_size = part_size_, .tag = first_part_ ? tag_first_part : tag_part, .tag2 = end_mark};
  if (const auto end = scan_.part_end(ahead)) {
    unit.size = *end;
    // Room is made for the parts' size before they are decoded: an absurd one is not believed.
    if (part_size_ != Unit::unknown && part_size_ > *end * most_growth) {
      unit.tag = tag_no_part;
      unit.plain_size = Unit::unknown;
    }
  } else if (last) {
    if (ahead.empty()) return at_end();
    unit.size = ahead.size();
    unit.plain_size = Unit::unknown;
    unit.tag2 = end_stream;
    state_ = wrapper_ == Wrapper::gzip ? State::between : State::done;
  } else {
    const std::uint64_t longest =
        part_size_ == Unit::unknown ? longest_hinted_part : longest_part(part_size_);
    if (ahead.size() <= longest) return need_input();
    unit.size = ahead.size();
    unit.tag = tag_no_part;
    unit.plain_size = Unit::unknown;
  }
  first_part_ = false;
  scan_.reset();
  return cut(unit);
}

}  // namespace braid::codec::deflate
