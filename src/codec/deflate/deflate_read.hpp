#pragma once

#include "codec/format.hpp"

// The reading side of the three rows.
namespace braid::codec::deflate {

[[nodiscard]] Result<std::unique_ptr<StreamDecoder>> make_gzip_decoder(const DecoderSettings&);
[[nodiscard]] Result<std::unique_ptr<StreamDecoder>> make_zlib_decoder(const DecoderSettings&);
[[nodiscard]] Result<std::unique_ptr<StreamDecoder>> make_raw_decoder(const DecoderSettings&);

// ISIZE of what may be the last member: of bytes that end with padding or garbage, anything.
[[nodiscard]] std::uint64_t gzip_size_hint(ByteView whole);

}  // namespace braid::codec::deflate
