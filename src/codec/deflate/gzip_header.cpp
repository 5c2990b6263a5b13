#include "codec/deflate/gzip_header.hpp"

#include <algorithm>
#include <cstring>

#include "base/byte_order.hpp"
#include "base/try.hpp"
#include "codec/deflate/checksum.hpp"

namespace braid::codec::deflate {

namespace {

constexpr std::array<unsigned, 2> magic = {0x1f, 0x8b};
constexpr unsigned method_deflate = 8;

}  // namespace

std::optional<ByteView> GzipHeader::subfield(char first, char second) const noexcept {
  ByteView rest(extra);
  while (rest.size() >= 4) {
    const auto length = base::load_le<std::uint16_t>(rest.data() + 2);
    const ByteView content = rest.drop(4);
    if (length > content.size()) return std::nullopt;
    if (rest.text()[0] == first && rest.text()[1] == second) return content.first(length);
    rest = content.drop(length);
  }
  return std::nullopt;
}

void GzipHeaderParser::reset() {
  field_ = Field::fixed;
  header_ = {};
  part_size_ = 0;
  extra_size_ = 0;
  crc_ = crc32_of_nothing;
}

Result<bool> GzipHeaderParser::parse(ByteView in, std::size_t& consumed) {
  ByteView rest = in;
  while (field_ != Field::done) {
    BRAID_TRY_VALUE(const bool whole, parse_field(rest));
    if (!whole) break;
    next_field();
  }
  consumed += in.size() - rest.size();
  header_.size += in.size() - rest.size();
  return field_ == Field::done;
}

Result<bool> GzipHeaderParser::parse_field(ByteView& in) {
  switch (field_) {
    case Field::fixed: {
      const bool whole = collect(in, gzip_fixed_size);
      BRAID_TRY(check_fixed());
      if (whole) take_fixed();
      return whole;
    }
    case Field::extra_size:
      if (!collect(in, 2)) return false;
      extra_size_ = base::load_le<std::uint16_t>(part_.data());
      sum({part_.data(), 2});
      return true;
    case Field::extra: {
      const ByteView part = in.first(extra_size_ - header_.extra.size());
      header_.extra.append(part.text());
      sum(part);
      in = in.drop(part.size());
      return header_.extra.size() == extra_size_;
    }
    case Field::name:
      return take_text(in, header_.name);
    case Field::comment:
      return take_text(in, header_.comment);
    case Field::checksum:
      if (!collect(in, 2)) return false;
      if (base::load_le<std::uint16_t>(part_.data()) != (crc_ & 0xffff)) {
        return Error{.code = Errc::checksum_mismatch,
                     .message = "the header's checksum does not match"};
      }
      return true;
    case Field::done:
      break;
  }
  return true;
}

// Goes on to the next field that the flags announce.
void GzipHeaderParser::next_field() {
  constexpr std::array<unsigned, 6> needed = {0,         gzip_extra,   gzip_extra,
                                              gzip_name, gzip_comment, gzip_checksum};
  part_size_ = 0;
  auto next = static_cast<std::size_t>(field_);
  do {
    ++next;
  } while (next < needed.size() && (header_.flags & needed[next]) == 0);
  field_ = static_cast<Field>(next);
}

// Gathers a field of fixed size in part_.
bool GzipHeaderParser::collect(ByteView& in, std::size_t size) {
  const ByteView part = in.first(size - part_size_);
  if (!part.empty()) std::memcpy(&part_[part_size_], part.data(), part.size());
  part_size_ += part.size();
  in = in.drop(part.size());
  return part_size_ == size;
}

// Judges as many of the fixed bytes as there are, so that what is no gzip is refused at once.
Result<void> GzipHeaderParser::check_fixed() const {
  const ByteView have(part_.data(), part_size_);
  for (std::size_t i = 0; i < std::min(have.size(), magic.size()); ++i) {
    if (have.at(i) != magic[i]) {
      return Error{
          .code = Errc::unknown_format, .message = "no gzip member begins here", .offset = 0};
    }
  }
  if (have.size() > 2 && have.at(2) != method_deflate) {
    return Error{.code = Errc::unsupported_feature,
                 .message = "unknown compression method " + std::to_string(have.at(2)),
                 .offset = 2};
  }
  if (have.size() > 3 && (have.at(3) & gzip_reserved) != 0) {
    return Error{.code = Errc::unsupported_feature,
                 .message = "the header uses reserved flags",
                 .offset = 3};
  }
  return {};
}

void GzipHeaderParser::take_fixed() {
  const ByteView fixed(part_.data(), gzip_fixed_size);
  header_.flags = fixed.at(3);
  header_.time = base::load_le<std::uint32_t>(&part_[4]);
  header_.extra_flags = fixed.at(8);
  header_.system = fixed.at(9);
  sum(fixed);
}

// Takes a zero-terminated text, of which only the beginning is kept; true when its end was seen.
bool GzipHeaderParser::take_text(ByteView& in, std::string& text) {
  if (in.empty()) return false;
  const void* const end = std::memchr(in.data(), 0, in.size());
  const std::size_t size =
      end == nullptr ? in.size()
                     : static_cast<std::size_t>(static_cast<const std::byte*>(end) - in.data());
  text.append(in.first(std::min(size, GzipHeader::kept_text - text.size())).text());
  const ByteView part = in.first(size + (end != nullptr ? 1 : 0));
  sum(part);
  in = in.drop(part.size());
  return end != nullptr;
}

void GzipHeaderParser::sum(ByteView bytes) {
  if ((header_.flags & gzip_checksum) != 0) crc_ = crc32(crc_, bytes);
}

}  // namespace braid::codec::deflate
