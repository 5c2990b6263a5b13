#include "codec/deflate/deflate_read.hpp"

#include "base/byte_order.hpp"
#include "codec/deflate/readers.hpp"

namespace braid::codec::deflate {

Result<std::unique_ptr<StreamDecoder>> make_gzip_decoder(const DecoderSettings& /*settings*/) {
  return std::make_unique<GzipReader>();
}

Result<std::unique_ptr<StreamDecoder>> make_zlib_decoder(const DecoderSettings& settings) {
  return std::make_unique<ZlibReader>(settings.dictionary);
}

Result<std::unique_ptr<StreamDecoder>> make_raw_decoder(const DecoderSettings& settings) {
  auto reader = std::make_unique<RawReader>(settings.dictionary);
  return reader;
}

std::uint64_t gzip_size_hint(ByteView whole) {
  if (whole.size() < gzip_fixed_size + gzip_trailer_size) return 0;
  return base::load_le<std::uint32_t>(whole.end() - 4);
}

}  // namespace braid::codec::deflate
