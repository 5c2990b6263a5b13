#include <algorithm>

#include "base/try.hpp"
#include "codec/deflate/units.hpp"

namespace braid::codec::deflate {

Result<void> DeflateVerifier::add(const Unit& unit, ByteView bytes, const Decoded& decoded,
                                  ByteView /*plain*/) {
  switch (unit.tag) {
    case tag_head:
      note_header(bytes);
      open_ = true;
      size_ = 0;
      sum_ = sum_of_nothing(sum_of(wrapper_));
      return {};
    case tag_members:  // the decoder has checked each by its own trailer
      note_header(bytes);
      streams_ += decoded.tag;
      return {};
    case tag_first_part:
    case tag_part:
      return add_part(unit, bytes, decoded);
    default:
      return {};
  }
}

Result<void> DeflateVerifier::add_part(const Unit& unit, ByteView bytes, const Decoded& decoded) {
  open_ = true;
  sum_ = combine_sums(sum_of(wrapper_), sum_, static_cast<std::uint32_t>(decoded.checksum),
                      decoded.plain_size);
  size_ += decoded.plain_size;
  if (unit.tag2 != end_stream) return {};
  open_ = false;
  ++streams_;
  const auto trailer = bytes.drop(static_cast<std::size_t>(decoded.tag));
  Result<void> verdict;
  if (wrapper_ == Wrapper::gzip) verdict = check_gzip_trailer(trailer, sum_, size_);
  if (wrapper_ == Wrapper::zlib) verdict = check_zlib_trailer(trailer, sum_);
  if (!verdict) verdict.error().offset = decoded.tag;
  return verdict;
}

Result<std::unique_ptr<StreamDecoder>> DeflateVerifier::take_over(ByteView history) {
  auto reader = new_reader();
  // Between streams the unit that comes next begins one, whatever its header claims of its size.
  if (open_) {
    // What lies before the stream is none of its history; a dictionary is.
    history = history.drop(history.size() - std::min<std::uint64_t>(history.size(), size_));
    Buffer joined;
    if (wrapper_ == Wrapper::raw && size_ < max_distance && !dictionary_.empty()) {
      joined.append(dictionary_);
      joined.append(history);
      history = joined.view();
    }
    reader->continue_from(history, size_, sum_);
  }
  open_ = false;
  return std::unique_ptr<StreamDecoder>(std::move(reader));
}

std::unique_ptr<Reader> DeflateVerifier::new_reader() const {
  switch (wrapper_) {
    case Wrapper::gzip:
      return std::make_unique<GzipReader>();
    case Wrapper::zlib:
      return std::make_unique<ZlibReader>(dictionary_);
    case Wrapper::raw:
      break;
  }
  return std::make_unique<RawReader>(dictionary_);
}

Result<void> DeflateVerifier::finish() {
  if (!open_) return {};
  return Error{.code = Errc::truncated, .message = "the data ends in the middle of a stream"};
}

void DeflateVerifier::note_header(ByteView bytes) {
  if (first_ || wrapper_ != Wrapper::gzip) return;
  GzipHeaderParser parser;
  std::size_t consumed = 0;
  const auto whole = parser.parse(bytes, consumed);
  if (whole && *whole) first_ = parser.header();
}

void DeflateVerifier::describe(StreamInfo& info) const {
  info.streams += streams_;
  info.check = name_of(sum_of(wrapper_));
  if (first_) describe_header(*first_, info);
}

}  // namespace braid::codec::deflate
