#include "codec/deflate/gzip_header.hpp"

#include <gtest/gtest.h>

#include "base/byte_order.hpp"
#include "codec/deflate/checksum.hpp"
#include "codec/deflate/deflate_read.hpp"
#include "deflate_samples.hpp"

namespace braid::codec::deflate {
namespace {

struct Parts {
  std::string extra{};
  std::string name{};
  std::string comment{};
  bool checksum = false;
  unsigned more_flags = 0;
};

// A header with these parts, written by the rules of RFC 1952.
std::string header(const Parts& parts) {
  std::string bytes("\x1f\x8b\x08\0\x04\x03\x02\x01\x02\x03", 10);
  unsigned flags = parts.more_flags;
  if (!parts.extra.empty()) {
    flags |= gzip_extra;
    bytes += static_cast<char>(parts.extra.size() & 0xff);
    bytes += static_cast<char>(parts.extra.size() >> 8);
    bytes += parts.extra;
  }
  if (!parts.name.empty()) flags |= gzip_name, bytes += parts.name + '\0';
  if (!parts.comment.empty()) flags |= gzip_comment, bytes += parts.comment + '\0';
  if (parts.checksum) flags |= gzip_checksum;
  bytes[3] = static_cast<char>(flags);
  if (parts.checksum) {
    const std::uint32_t crc = crc32(crc32_of_nothing, bytes);
    bytes += static_cast<char>(crc & 0xff);
    bytes += static_cast<char>((crc >> 8) & 0xff);
  }
  return bytes;
}

// Parses, given at most `cut` bytes at a time.
Result<bool> parse(GzipHeaderParser& parser, const std::string& bytes, std::size_t cut,
                   std::size_t& consumed) {
  while (consumed < bytes.size()) {
    const ByteView part = ByteView(bytes).slice(consumed, cut);
    auto whole = parser.parse(part, consumed);
    if (!whole || *whole) return whole;
  }
  return false;
}

Errc error_of(const std::string& bytes) {
  GzipHeaderParser parser;
  std::size_t consumed = 0;
  const auto whole = parse(parser, bytes, SIZE_MAX, consumed);
  return whole ? Errc::internal : whole.error().code;
}

TEST(GzipHeader, reads_every_field_in_every_cut) {
  const std::string extra("AB\x03\0xyzBR\x04\0\x01\x02\x03\x04", 15);
  const std::string bytes =
      header({.extra = extra, .name = "a name", .comment = "a comment", .checksum = true});
  for (std::size_t cut = 1; cut <= bytes.size(); ++cut) {
    GzipHeaderParser parser;
    std::size_t consumed = 0;
    const auto whole = parse(parser, bytes + "data", cut, consumed);
    ASSERT_TRUE(whole && *whole) << cut;
    EXPECT_EQ(consumed, bytes.size());
    EXPECT_EQ(parser.header().size, bytes.size());
    EXPECT_EQ(parser.header().name, "a name");
    EXPECT_EQ(parser.header().comment, "a comment");
    EXPECT_EQ(parser.header().extra, extra);
    EXPECT_EQ(parser.header().time, 0x01020304U);
    EXPECT_EQ(parser.header().extra_flags, 2U);
    EXPECT_EQ(parser.header().system, 3U);
  }
}

TEST(GzipHeader, finds_subfields_and_stops_at_a_broken_one) {
  GzipHeader header;
  header.extra = std::string("AB\x03\0xyzBR\x04\0\x01\x02\x03\x04", 15);
  ASSERT_TRUE(header.subfield('B', 'R'));
  EXPECT_EQ(header.subfield('B', 'R')->text(), "\x01\x02\x03\x04");
  EXPECT_EQ(header.subfield('A', 'B')->text(), "xyz");
  EXPECT_FALSE(header.subfield('Z', 'Z'));
  header.extra = std::string("AB\x09\0xyzBR\x04\0\x01\x02\x03\x04", 15);  // swallows the next
  EXPECT_FALSE(header.subfield('B', 'R'));
  header.extra = std::string("AB\xff\xffxyz", 7);
  EXPECT_FALSE(header.subfield('A', 'B'));
}

TEST(GzipHeader, verifies_its_checksum) {
  std::string bytes = header({.name = "name", .checksum = true});
  for (std::size_t i = 10; i < bytes.size(); ++i) {
    if (bytes[i] == 0) continue;  // the end of the name: another length, not another byte
    std::string broken = bytes;
    broken[i] = static_cast<char>(broken[i] ^ 0x40);
    EXPECT_EQ(error_of(broken), Errc::checksum_mismatch) << i;
  }
}

TEST(GzipHeader, refuses_reserved_flags_and_other_methods) {
  for (const unsigned flag : {0x20U, 0x40U, 0x80U}) {
    EXPECT_EQ(error_of(header({.more_flags = flag})), Errc::unsupported_feature);
  }
  std::string other = header({});
  other[2] = 7;
  EXPECT_EQ(error_of(other), Errc::unsupported_feature);
}

TEST(GzipHeader, tells_other_formats_from_truncation) {
  EXPECT_EQ(error_of("\x1f\x8c"), Errc::unknown_format);
  EXPECT_EQ(error_of("hello"), Errc::unknown_format);
  auto reader = make_gzip_decoder({}).value();
  EXPECT_EQ(samples::read(*reader, "\x1f", 1, 1).code, Errc::truncated);
  ASSERT_TRUE(reader->reset());
  EXPECT_EQ(samples::read(*reader, "", 1, 1).code, Errc::truncated);
  ASSERT_TRUE(reader->reset());
  const auto other = samples::read(*reader, "PK\x03\x04", 1, 1);
  EXPECT_EQ(other.code, Errc::unknown_format);
  EXPECT_TRUE(other.plain.empty());
}

TEST(GzipHeader, keeps_no_more_of_a_name_than_it_promises) {
  const std::string bytes =
      header({.name = std::string(300000, 'n'), .comment = std::string(200000, 'c')});
  GzipHeaderParser parser;
  std::size_t consumed = 0;
  const auto whole = parse(parser, bytes, 1000, consumed);
  ASSERT_TRUE(whole && *whole);
  EXPECT_EQ(consumed, bytes.size());
  EXPECT_EQ(parser.header().name, std::string(GzipHeader::kept_text, 'n'));
  EXPECT_EQ(parser.header().comment, std::string(GzipHeader::kept_text, 'c'));
}

TEST(GzipHeader, describes_the_first_member) {
  const std::string body = samples::deflated("", {samples::Wrap::gzip}).substr(10);
  auto reader = make_gzip_decoder({}).value();
  ASSERT_TRUE(samples::read(*reader, header({.name = "one", .comment = "c"}) + body, 5, 5).ok);
  ASSERT_TRUE(reader->reset());
  ASSERT_TRUE(samples::read(*reader, header({.name = "two"}) + body, 5, 5).ok);
  StreamInfo info;
  reader->describe(info);
  EXPECT_EQ(info.check, "CRC-32");
  EXPECT_EQ(info.stored_name, "one");
  EXPECT_EQ(info.comment, "c");
  EXPECT_EQ(info.stored_time, 0x01020304U);
}

TEST(GzipSizeHint, is_the_size_of_the_last_member) {
  const std::string packed = samples::deflated(std::string(70000, 'x'), {samples::Wrap::gzip});
  EXPECT_EQ(gzip_size_hint(packed), 70000U);
  EXPECT_EQ(gzip_size_hint(ByteView(packed).first(17)), 0U);
}

}  // namespace
}  // namespace braid::codec::deflate
