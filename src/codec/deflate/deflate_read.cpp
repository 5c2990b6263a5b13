#include "codec/deflate/deflate_read.hpp"

#include "base/byte_order.hpp"
#include "codec/deflate/units.hpp"

namespace braid::codec::deflate {

Result<std::unique_ptr<StreamDecoder>> make_gzip_decoder(const DecoderSettings& /*settings*/) {
  return std::make_unique<GzipReader>();
}

Result<std::unique_ptr<StreamDecoder>> make_zlib_decoder(const DecoderSettings& settings) {
  return std::make_unique<ZlibReader>(settings.dictionary);
}

Result<std::unique_ptr<StreamDecoder>> make_raw_decoder(const DecoderSettings& settings) {
  return std::make_unique<RawReader>(settings.dictionary);
}

std::unique_ptr<Splitter> make_gzip_splitter() {
  return std::make_unique<DeflateSplitter>(Wrapper::gzip);
}

std::unique_ptr<Splitter> make_zlib_splitter() {
  return std::make_unique<DeflateSplitter>(Wrapper::zlib);
}

std::unique_ptr<Splitter> make_raw_splitter() {
  return std::make_unique<DeflateSplitter>(Wrapper::raw);
}

Result<std::unique_ptr<UnitDecoder>> make_gzip_unit_decoder(const DecoderSettings& settings) {
  return std::make_unique<DeflateUnitDecoder>(Wrapper::gzip, settings.dictionary);
}

Result<std::unique_ptr<UnitDecoder>> make_zlib_unit_decoder(const DecoderSettings& settings) {
  return std::make_unique<DeflateUnitDecoder>(Wrapper::zlib, settings.dictionary);
}

Result<std::unique_ptr<UnitDecoder>> make_raw_unit_decoder(const DecoderSettings& settings) {
  return std::make_unique<DeflateUnitDecoder>(Wrapper::raw, settings.dictionary);
}

std::unique_ptr<Verifier> make_gzip_verifier(const DecoderSettings& settings) {
  return std::make_unique<DeflateVerifier>(Wrapper::gzip, settings.dictionary);
}

std::unique_ptr<Verifier> make_zlib_verifier(const DecoderSettings& settings) {
  return std::make_unique<DeflateVerifier>(Wrapper::zlib, settings.dictionary);
}

std::unique_ptr<Verifier> make_raw_verifier(const DecoderSettings& settings) {
  return std::make_unique<DeflateVerifier>(Wrapper::raw, settings.dictionary);
}

std::uint64_t gzip_size_hint(ByteView whole) {
  if (whole.size() < gzip_fixed_size + gzip_trailer_size) return 0;
  return base::load_le<std::uint32_t>(whole.end() - 4);
}

}  // namespace braid::codec::deflate
