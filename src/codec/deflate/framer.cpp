#include "base/byte_order.hpp"
#include "codec/cut.hpp"
#include "codec/deflate/checksum.hpp"
#include "codec/deflate/encode.hpp"
#include "codec/deflate/headers.hpp"

namespace braid::codec::deflate {

namespace {

// One gzip member around all pieces.
class GzipFramer final : public Framer {
 public:
  explicit GzipFramer(const CompressionConfig& config) : config_(config) {}

  Result<void> begin(const StreamPlan& /*plan*/, bool only, Buffer& head) override {
    crc_ = crc32_of_nothing;
    size_ = 0;
    std::optional<OwnSubfield> own;
    if (!only) own = OwnSubfield{chunks_subfield, 4};
    const HeaderSpots header = append_gzip_header(config_, true, own, head);
    const std::size_t chunk = cuts_by_content(config_) ? 0 : chunk_size(config_);
    seal_gzip_header(header, own, static_cast<std::uint32_t>(chunk), head);
    return {};
  }

  Result<void> add(Piece& piece, ByteView /*plain*/, const ChunkPlace& /*place*/,
                   Buffer& /*head*/) override {
    crc_ = combine_crc32(crc_, static_cast<std::uint32_t>(piece.checksum), piece.plain_size);
    size_ += piece.plain_size;
    return {};
  }

  Result<void> finish(Buffer& tail) override {
    append_gzip_trailer(crc_, size_, tail);
    return {};
  }

 private:
  CompressionConfig config_;
  std::uint32_t crc_ = crc32_of_nothing;
  std::uint64_t size_ = 0;
};

class ZlibFramer final : public Framer {
 public:
  explicit ZlibFramer(const CompressionConfig& config) : config_(config) {}

  Result<void> begin(const StreamPlan& /*plan*/, bool /*only*/, Buffer& head) override {
    adler_ = adler32_of_nothing;
    append_zlib_header(config_, head);
    return {};
  }

  Result<void> add(Piece& piece, ByteView /*plain*/, const ChunkPlace& /*place*/,
                   Buffer& /*head*/) override {
    adler_ = combine_adler32(adler_, static_cast<std::uint32_t>(piece.checksum), piece.plain_size);
    return {};
  }

  Result<void> finish(Buffer& tail) override {
    base::append_be(tail, adler_);
    return {};
  }

 private:
  CompressionConfig config_;
  std::uint32_t adler_ = adler32_of_nothing;
};

// Pieces that are complete by themselves: raw deflate, and gzip members of their own.
class PlainFramer final : public Framer {
 public:
  explicit PlainFramer(ByteView end) : end_(end) {}

  Result<void> begin(const StreamPlan& /*plan*/, bool /*only*/, Buffer& /*head*/) override {
    return {};
  }

  Result<void> add(Piece& /*piece*/, ByteView /*plain*/, const ChunkPlace& /*place*/,
                   Buffer& /*head*/) override {
    return {};
  }

  Result<void> finish(Buffer& tail) override {
    tail.append(end_);
    return {};
  }

 private:
  ByteView end_;
};

}  // namespace

Result<std::unique_ptr<Framer>> make_framer(const CompressionConfig& config) {
  const Layout layout = layout_of(config);
  if (layout == Layout::bgzf) return std::make_unique<PlainFramer>(bgzf_end);
  if (layout == Layout::members || config.algorithm() == Algorithm::deflate) {
    return std::make_unique<PlainFramer>(ByteView());
  }
  if (config.algorithm() == Algorithm::zlib) return std::make_unique<ZlibFramer>(config);
  return std::make_unique<GzipFramer>(config);
}

}  // namespace braid::codec::deflate
