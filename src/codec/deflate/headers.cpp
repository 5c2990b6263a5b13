#include "codec/deflate/headers.hpp"

#include "base/byte_order.hpp"
#include "codec/deflate/block_format.hpp"
#include "codec/deflate/checksum.hpp"
#include "codec/deflate/gzip_header.hpp"

namespace braid::codec::deflate {

namespace {

// XFL as gzip and zlib set it: 2 for the slowest levels, 4 for the fastest.
unsigned extra_flags(int level) noexcept {
  if (level >= 9) return 2;
  return level == 1 ? 4 : 0;
}

// FLEVEL in zlib's own classes.
unsigned level_class(int level) noexcept {
  if (level < 2) return 0;
  if (level < 6) return 1;
  return level == 6 ? 2 : 3;
}

void append_text(ByteView text, Buffer& out) {
  out.append(text);
  base::append_byte(out, 0);
}

}  // namespace

HeaderSpots append_gzip_header(const CompressionConfig& config, bool first,
                               std::optional<OwnSubfield> own, Buffer& out) {
  const ByteView name = first ? config.header_name() : ByteView();
  const ByteView comment = first ? config.header_comment() : ByteView();
  const ByteView extra = first ? config.header_extra() : ByteView();
  HeaderSpots header{.begin = out.size(), .checksum = config.get(Knob::header_checksum, 0) != 0};

  unsigned flags = header.checksum ? gzip_checksum : 0;
  if (own || !extra.empty()) flags |= gzip_extra;
  if (!name.empty()) flags |= gzip_name;
  if (!comment.empty()) flags |= gzip_comment;
  base::append_byte(out, 0x1f);
  base::append_byte(out, 0x8b);
  base::append_byte(out, 8);
  base::append_byte(out, flags);
  base::append_le(out, static_cast<std::uint32_t>(first ? config.get(Knob::header_time, 0) : 0));
  base::append_byte(out, extra_flags(config.level()));
  base::append_byte(out, os_unknown);
  if ((flags & gzip_extra) != 0) {
    const std::size_t own_size = own ? subfield_header + own->size : 0;
    base::append_le(out, static_cast<std::uint16_t>(own_size + extra.size()));
    if (own) {
      // First, so that readers find it at a fixed place.
      base::append_byte(out, static_cast<unsigned char>(own->id.first));
      base::append_byte(out, static_cast<unsigned char>(own->id.second));
      base::append_le(out, own->size);
      header.payload = out.size();
      for (unsigned i = 0; i < own->size; ++i) base::append_byte(out, 0);
    }
    out.append(extra);
  }
  if (!name.empty()) append_text(name, out);
  if (!comment.empty()) append_text(comment, out);
  if (header.checksum) base::append_le(out, std::uint16_t{0});
  header.end = out.size();
  return header;
}

void seal_gzip_header(const HeaderSpots& header, std::optional<OwnSubfield> own,
                      std::uint32_t value, Buffer& out) noexcept {
  if (own) {
    for (unsigned i = 0; i < own->size; ++i) {
      out.data()[header.payload + i] = static_cast<std::byte>(value >> (8 * i));
    }
  }
  if (header.checksum) {
    const std::size_t covered = header.end - header.begin - 2;
    const std::uint32_t crc = crc32(crc32_of_nothing, out.view().slice(header.begin, covered));
    base::store_le(out.data() + header.end - 2, static_cast<std::uint16_t>(crc));
  }
}

void append_gzip_trailer(std::uint32_t crc, std::uint64_t plain_size, Buffer& out) {
  base::append_le(out, crc);
  base::append_le(out, static_cast<std::uint32_t>(plain_size));
}

void append_zlib_header(const CompressionConfig& config, Buffer& out) {
  const auto window = static_cast<unsigned>(config.get(Knob::window_log, max_window_log));
  const ByteView dictionary = config.dictionary();
  const unsigned cmf = ((window - 8) << 4) | 8;
  unsigned flg = (level_class(config.level()) << 6) | (dictionary.empty() ? 0U : 0x20U);
  flg |= 31 - (cmf * 256 + flg) % 31;  // FCHECK
  base::append_byte(out, cmf);
  base::append_byte(out, flg);
  if (!dictionary.empty()) base::append_be(out, adler32(adler32_of_nothing, dictionary));
}

}  // namespace braid::codec::deflate
