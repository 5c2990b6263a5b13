#pragma once

#include <braid/result.hpp>

#include <array>
#include <cstdint>
#include <string>

#include "codec/codec.hpp"

// The header of a gzip member, RFC 1952 section 2.3.
namespace braid::codec::deflate {

// Flags of the header's fourth byte.
inline constexpr unsigned gzip_text = 1;      // FTEXT
inline constexpr unsigned gzip_checksum = 2;  // FHCRC
inline constexpr unsigned gzip_extra = 4;     // FEXTRA
inline constexpr unsigned gzip_name = 8;      // FNAME
inline constexpr unsigned gzip_comment = 16;  // FCOMMENT
inline constexpr unsigned gzip_reserved = 0xe0;

// Length of the fields that every header has.
inline constexpr std::size_t gzip_fixed_size = 10;

// CRC-32 and ISIZE, behind the deflate data.
inline constexpr std::size_t gzip_trailer_size = 8;

struct GzipHeader {
  // Most bytes of a name or comment that are kept: neither has a length limit of its own.
  static constexpr std::size_t kept_text = 65536;

  unsigned flags = 0;
  std::uint32_t time = 0;    // MTIME: seconds since 1970, 0 for none
  unsigned extra_flags = 0;  // XFL: how hard the compressor tried
  unsigned system = 0;       // OS
  std::string extra;         // FEXTRA: all subfields, at most 65535 bytes
  std::string name;          // FNAME without its end, as stored (ISO 8859-1 by the letter)
  std::string comment;       // FCOMMENT without its end
  std::uint64_t size = 0;    // bytes of the whole header

  // The content of the first extra subfield named by these two letters; nothing when there is none
  // or it reaches beyond the field.
  [[nodiscard]] std::optional<ByteView> subfield(char first, char second) const noexcept;
};

// Reads a header that may come in any number of parts. After an error only reset() is of use.
class GzipHeaderParser {
 public:
  // Takes bytes from the front of `in`, adds their number to `consumed`, and returns whether the
  // header is complete. Errors: unknown_format when the magic is another, unsupported_feature for
  // another method or reserved flags, checksum_mismatch for a wrong FHCRC.
  [[nodiscard]] Result<bool> parse(ByteView in, std::size_t& consumed);

  // Complete once parse() returned true.
  [[nodiscard]] const GzipHeader& header() const noexcept { return header_; }

  void reset();

 private:
  enum class Field : std::uint8_t { fixed, extra_size, extra, name, comment, checksum, done };

  [[nodiscard]] bool collect(ByteView& in, std::size_t size);
  [[nodiscard]] Result<void> check_fixed() const;
  void take_fixed();
  [[nodiscard]] bool take_text(ByteView& in, std::string& text);
  [[nodiscard]] Result<bool> parse_field(ByteView& in);
  void next_field();
  void sum(ByteView bytes);

  Field field_ = Field::fixed;
  GzipHeader header_;
  std::array<std::byte, gzip_fixed_size> part_{};  // of a field of fixed size
  std::size_t part_size_ = 0;
  std::size_t extra_size_ = 0;
  std::uint32_t crc_ = 0;
};

}  // namespace braid::codec::deflate
