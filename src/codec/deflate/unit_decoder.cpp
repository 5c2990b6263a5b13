#include <algorithm>
#include <string>

#include "base/try.hpp"
#include "codec/deflate/units.hpp"

namespace braid::codec::deflate {

namespace {

// Room asked for when the size is not known; the target gives more as it grows.
constexpr std::size_t first_room = 64 * 1024;

Error too_short(std::size_t offset) {
  return {.code = Errc::truncated, .message = "the part ends too early", .offset = offset};
}

bool only_zeros(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

}  // namespace

Result<Decoded> DeflateUnitDecoder::decode(ByteView bytes, const Unit& unit, Target& target) {
  switch (unit.tag) {
    case tag_members:
      return decode_members(bytes, target);
    case tag_first_part:
    case tag_part:
      return decode_part(bytes, unit, target);
    default:
      return Error{.code = Errc::corrupt, .message = "no end of a part was found"};
  }
}

// Decodes one deflate stream, or a part of one, to the end of `bytes` or its own. Nothing lies
// before it in the target that it may refer to.
Result<DeflateUnitDecoder::Run> DeflateUnitDecoder::run(ByteView bytes, Target& target,
                                                        std::uint64_t limit) {
  Run run{.status = {}, .consumed = 0, .plain_size = 0, .sum = sum_of_nothing(sum_of(wrapper_))};
  const std::size_t begin = target.view().size();
  InflateView view{.in = bytes.begin(), .in_end = bytes.end()};
  for (;;) {
    const std::byte* const before = view.next;
    run.status = inflate_summed(inflate_, view, sum_of(wrapper_), run.sum);
    const auto made = static_cast<std::size_t>(view.next - before);
    target.commit(made);
    run.plain_size += made;
    run.consumed = static_cast<std::size_t>(view.in - bytes.data());
    if (run.status != Inflate::Status::need_output) break;
    if (run.plain_size >= limit) break;
    auto room = target.room(std::min<std::uint64_t>(first_room, limit - run.plain_size));
    if (!room) room = target.room(1);
    if (!room) return std::move(room).error();
    // The target may have moved what it holds.
    view.base = target.view().data() + begin;
    view.next = room->data();
    view.end = room->data() + room->size();
  }
  if (run.status == Inflate::Status::failed) {
    return Error{
        .code = Errc::corrupt, .message = std::string(inflate_.message()), .offset = run.consumed};
  }
  return run;
}

Result<Decoded> DeflateUnitDecoder::decode_part(ByteView bytes, const Unit& unit, Target& target) {
  inflate_.reset();
  if (unit.tag == tag_first_part && wrapper_ == Wrapper::raw) inflate_.remember(dictionary_);
  BRAID_TRY_VALUE(const Run part, run(bytes, target, unit.plain_size));
  if (part.status == Inflate::Status::finished) {
    if (unit.tag2 == end_stream) return end_stream_part(bytes, part);
    return Error{
        .code = Errc::corrupt, .message = "the stream ends within a part", .offset = part.consumed};
  }
  if (part.status == Inflate::Status::need_output) {
    return Error{.code = Errc::corrupt,
                 .message = "a part is longer than the header says",
                 .offset = part.consumed};
  }
  const bool exact = unit.plain_size == Unit::unknown || part.plain_size == unit.plain_size;
  if (unit.tag2 != end_mark || !exact || !inflate_.at_block_start()) {
    return too_short(part.consumed);
  }
  return Decoded{.plain_size = part.plain_size, .checksum = part.sum};
}

// The last part: behind it stand the trailer and, with gzip, padding.
Result<Decoded> DeflateUnitDecoder::end_stream_part(ByteView bytes, const Run& run) const {
  const ByteView rest = bytes.drop(run.consumed);
  const std::size_t trailer = trailer_size_of(wrapper_);
  if (rest.size() < trailer) return too_short(bytes.size());
  const ByteView behind = rest.drop(trailer);
  if (wrapper_ == Wrapper::gzip ? !only_zeros(behind) : !behind.empty()) {
    return Error{.code = Errc::corrupt,
                 .message = "more follows the end of the stream",
                 .offset = run.consumed + trailer};
  }
  return Decoded{.plain_size = run.plain_size, .checksum = run.sum, .tag = run.consumed};
}

Result<Decoded> DeflateUnitDecoder::decode_members(ByteView bytes, Target& target) {
  Decoded all;
  std::size_t position = 0;
  while (position < bytes.size()) {
    GzipHeaderParser parser;
    BRAID_TRY_VALUE(const bool whole, parser.parse(bytes.drop(position), position));
    if (!whole) return too_short(position);
    inflate_.reset();
    auto member = run(bytes.drop(position), target, UINT64_MAX);
    if (!member) {
      Error error = std::move(member).error();
      error.offset = position + error.offset.value_or(0);
      return error;
    }
    position += member->consumed;
    const ByteView trailer = bytes.slice(position, gzip_trailer_size);
    if (member->status != Inflate::Status::finished || trailer.size() != gzip_trailer_size) {
      return too_short(position);
    }
    BRAID_TRY(check_gzip_trailer(trailer, member->sum, member->plain_size));
    position += gzip_trailer_size;
    all.plain_size += member->plain_size;
    ++all.tag;
  }
  return all;
}

}  // namespace braid::codec::deflate
