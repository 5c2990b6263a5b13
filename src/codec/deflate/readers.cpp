#include "codec/deflate/readers.hpp"

#include <algorithm>
#include <cstring>

#include "base/byte_order.hpp"
#include "base/try.hpp"
#include "codec/deflate/checksum.hpp"
#include "codec/deflate/excerpt.hpp"

namespace braid::codec::deflate {

namespace {

constexpr unsigned zlib_method_deflate = 8;
constexpr unsigned zlib_longest_window = 7;  // CINFO: 32 KiB
constexpr unsigned zlib_dictionary_flag = 0x20;

}  // namespace

Result<void> check_gzip_trailer(ByteView trailer, std::uint32_t crc, std::uint64_t plain_size) {
  if (base::load_le<std::uint32_t>(trailer.data()) != crc) {
    return Error{.code = Errc::checksum_mismatch, .message = "the CRC-32 does not match"};
  }
  // ISIZE counts modulo 2^32.
  if (base::load_le<std::uint32_t>(trailer.data() + 4) != (plain_size & UINT32_MAX)) {
    return Error{.code = Errc::checksum_mismatch, .message = "the stored size does not match"};
  }
  return {};
}

Result<void> check_zlib_trailer(ByteView trailer, std::uint32_t adler) {
  if (base::load_be<std::uint32_t>(trailer.data()) == adler) return {};
  return Error{.code = Errc::checksum_mismatch, .message = "the Adler-32 does not match"};
}

// ---- Reader ------------------------------------------------------------------------------------

Result<void> Reader::reset() {
  stage_ = Stage::header;
  trailer_have_ = 0;
  consumed_ = 0;
  data_.reset();
  reset_header();
  return {};
}

void Reader::continue_from(ByteView history, std::uint64_t size, std::uint32_t sum) {
  data_.continue_from(history, size, sum);
  stage_ = Stage::data;
}

Result<Step> Reader::step(ByteView in, MutableBytes out, Input input) {
  Step step;
  while (stage_ != Stage::done) {
    const Stage before = stage_;
    BRAID_TRY(advance(in, out, step));
    if (stage_ != before) continue;
    if (step.state == StepState::need_input && input == Input::last) {
      return Error{.code = Errc::truncated,
                   .message = "the data ends in the middle of a stream",
                   .offset = consumed_ + step.consumed};
    }
    consumed_ += step.consumed;
    return step;
  }
  consumed_ += step.consumed;
  step.state = StepState::finished;
  return step;
}

Result<void> Reader::advance(ByteView in, MutableBytes out, Step& step) {
  switch (stage_) {
    case Stage::header:
      return read_header(in.drop(step.consumed), step);
    case Stage::data:
      return read_data(in.drop(step.consumed), out.subspan(step.produced), step);
    case Stage::trailer:
      return read_trailer(in.drop(step.consumed), step);
    case Stage::done:
      break;
  }
  return {};
}

Result<void> Reader::read_header(ByteView in, Step& step) {
  step.state = StepState::need_input;
  BRAID_TRY_VALUE(const bool whole, parse_header(in, step.consumed));
  if (whole) {
    data_.continue_from(preset(), 0, data_.sum());
    stage_ = Stage::data;
    block_bit_ = 8 * (consumed_ + step.consumed);
    block_plain_ = 0;
  }
  return {};
}

std::optional<unsigned> Reader::at_block() const {
  if (stage_ != Stage::data || !data_.at_block()) return std::nullopt;
  return data_.bits_held();
}

SummedPart Reader::take_part() {
  const auto [plain_size, sum] = data_.take_part();
  SummedPart part{.plain_size = plain_size, .sum = sum, .ends_stream = stage_ == Stage::done};
  if (part.ends_stream) {
    part.trailer = trailer_;
    part.end = trailer_size_;
  }
  return part;
}

void Reader::enter(std::byte first, unsigned bits, ByteView history) {
  data_.move_to(first, bits, history);
  stage_ = Stage::data;
  trailer_have_ = 0;
}

bool Reader::leap(Excerpt& excerpt, std::uint64_t packed) {
  auto& over = static_cast<DeflateExcerpt&>(excerpt);
  if (over.needs_history()) {
    const ByteView history = data_.history();
    if (stage_ != Stage::data || history.size() != max_distance) return false;
    over.set_history(history);
  }
  consumed_ += packed;
  const StreamPlace end = over.end();
  if (end.kind == StreamPlace::Kind::behind_stream) {
    stage_ = Stage::done;
    return true;
  }
  std::array<std::byte, max_distance> room;
  enter(over.end_byte(), static_cast<unsigned>((8 - end.bit % 8) % 8), over.tail(room));
  return true;
}

Result<void> Reader::read_data(ByteView in, MutableBytes out, Step& step) {
  auto done = data_.step(in, out, stop_in(step));
  if (!done) {
    Error error = std::move(done).error();
    error.offset = consumed_ + step.consumed + error.offset.value_or(0);
    return error;
  }
  step.consumed += done->consumed;
  step.produced += done->produced;
  step.state = done->state;
  const bool finished = step.state == StepState::finished;
  if (observer() != nullptr && (finished || data_.at_block())) tell_of_block(step);
  if (finished) stage_ = Stage::trailer;
  return {};
}

// Where data_ is to end its step before a block, from the front of what is left of the input.
std::uint64_t Reader::stop_in(const Step& step) const noexcept {
  if (observer() == nullptr) return stop_ - std::min<std::uint64_t>(stop_, step.consumed);
  // Before the next one. No block is shorter than ten bits.
  return data_.at_block_start() ? 1 : 0;
}

void Reader::tell_of_block(const Step& step) {
  static constexpr std::array<std::string_view, 3> forms = {"stored", "fixed", "dynamic"};
  const unsigned held = data_.at_block() ? data_.bits_held() : 0;
  const std::uint64_t end = 8 * (consumed_ + step.consumed) - held;
  observer()->block({.first_bit = block_bit_,
                     .end_bit = end,
                     .plain = data_.plain_size() - block_plain_,
                     .form = forms[static_cast<std::size_t>(data_.block_form())]});
  block_bit_ = end;
  block_plain_ = data_.plain_size();
}

Result<void> Reader::read_trailer(ByteView in, Step& step) {
  const ByteView part = in.first(trailer_size_ - trailer_have_);
  if (!part.empty()) std::memcpy(&trailer_[trailer_have_], part.data(), part.size());
  trailer_have_ += part.size();
  step.consumed += part.size();
  step.state = StepState::need_input;
  if (trailer_have_ != trailer_size_) return {};
  if (deferred_) {
    stage_ = Stage::done;
    return {};
  }
  auto checked = check_trailer({trailer_.data(), trailer_size_});
  if (!checked) {
    Error error = std::move(checked).error();
    error.offset = consumed_ + step.consumed - trailer_size_;
    return error;
  }
  stage_ = Stage::done;
  return {};
}

// ---- gzip --------------------------------------------------------------------------------------

Result<bool> GzipReader::parse_header(ByteView in, std::size_t& consumed) {
  BRAID_TRY_VALUE(const bool whole, parser_.parse(in, consumed));
  if (whole && !first_) first_ = parser_.header();
  return whole;
}

Result<void> GzipReader::check_trailer(ByteView trailer) const {
  return check_gzip_trailer(trailer, data().sum(), data().plain_size());
}

void GzipReader::describe(StreamInfo& info) const {
  info.check = name_of(Sum::crc32);
  if (first_) describe_header(*first_, info);
}

void describe_header(const GzipHeader& header, StreamInfo& info) {
  info.stored_name = header.name;
  info.comment = header.comment;
  info.stored_time = header.time;
}

// ---- zlib --------------------------------------------------------------------------------------

Result<std::optional<ZlibHeader>> ZlibHeader::parse(ByteView bytes) {
  if (bytes.size() < fixed_size) return std::optional<ZlibHeader>();
  const unsigned method = bytes.at(0);
  const unsigned flags = bytes.at(1);
  if ((method & 15) != zlib_method_deflate || (method >> 4) > zlib_longest_window ||
      (method * 256 + flags) % 31 != 0) {
    return Error{
        .code = Errc::unknown_format, .message = "no zlib stream begins here", .offset = 0};
  }
  ZlibHeader header;
  header.has_dictionary = (flags & zlib_dictionary_flag) != 0;
  if (bytes.size() < header.size()) return std::optional<ZlibHeader>();
  if (header.has_dictionary) header.dictionary_id = base::load_be<std::uint32_t>(&bytes.data()[2]);
  return std::optional<ZlibHeader>(header);
}

Result<void> ZlibHeader::check_dictionary(ByteView dictionary) const {
  if (!has_dictionary) return {};
  if (dictionary.empty()) {
    return Error{.code = Errc::unsupported_feature,
                 .message = "the stream needs a dictionary that was not given"};
  }
  if (adler32(adler32_of_nothing, dictionary) != dictionary_id) {
    return Error{.code = Errc::unsupported_feature,
                 .message = "the dictionary is not the one that the stream was made with"};
  }
  return {};
}

void ZlibReader::reset_header() {
  header_ = {};
  part_size_ = 0;
}

Result<bool> ZlibReader::parse_header(ByteView in, std::size_t& consumed) {
  for (;;) {
    BRAID_TRY_VALUE(const auto header, ZlibHeader::parse({part_.data(), part_size_}));
    if (header) {
      header_ = *header;
      BRAID_TRY(header_.check_dictionary(dictionary_));
      return true;
    }
    if (in.empty()) return false;
    part_[part_size_++] = in[0];
    in = in.drop(1);
    ++consumed;
  }
}

Result<void> ZlibReader::check_trailer(ByteView trailer) const {
  return check_zlib_trailer(trailer, data().sum());
}

}  // namespace braid::codec::deflate
