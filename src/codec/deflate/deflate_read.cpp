#include "codec/deflate/deflate_read.hpp"

#include "base/byte_order.hpp"
#include "codec/deflate/ahead_decoder.hpp"
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

namespace {

// Sums up parts and compares with trailers.
template <Wrapper W>
class DeflatePartChecker final : public PartChecker {
 public:
  [[nodiscard]] Result<void> add(const SummedPart& part) override {
    sum_ = combine_sums(sum_of(W), sum_, part.sum, part.plain_size);
    size_ += part.plain_size;
    if (!part.ends_stream) return {};
    const ByteView trailer(part.trailer.data(), part.trailer.size());
    Result<void> verdict;
    if constexpr (W == Wrapper::gzip) verdict = check_gzip_trailer(trailer, sum_, size_);
    if constexpr (W == Wrapper::zlib) verdict = check_zlib_trailer(trailer, sum_);
    if (!verdict) verdict.error().offset = part.end;
    sum_ = sum_of_nothing(sum_of(W));
    size_ = 0;
    return verdict;
  }

 private:
  std::uint32_t sum_ = sum_of_nothing(sum_of(W));
  std::uint64_t size_ = 0;
};

template <Wrapper W>
constexpr Ahead ahead_of{
    .make_excerpt = []() -> std::unique_ptr<Excerpt> {
      return std::make_unique<DeflateExcerpt>(sum_of(W));
    },
    .make_decoder = []() -> std::unique_ptr<AheadDecoder> {
      return std::make_unique<DeflateAheadDecoder>(W);
    },
    .make_checker = []() -> std::unique_ptr<PartChecker> {
      return std::make_unique<DeflatePartChecker<W>>();
    },
};

}  // namespace

constexpr Ahead raw_ahead = ahead_of<Wrapper::raw>;
constexpr Ahead zlib_ahead = ahead_of<Wrapper::zlib>;
constexpr Ahead gzip_ahead = ahead_of<Wrapper::gzip>;

std::uint64_t gzip_size_hint(ByteView whole) {
  if (whole.size() < gzip_fixed_size + gzip_trailer_size) return 0;
  return base::load_le<std::uint32_t>(whole.end() - 4);
}

}  // namespace braid::codec::deflate
