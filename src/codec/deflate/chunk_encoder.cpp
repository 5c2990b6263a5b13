#include <algorithm>

#include "base/try.hpp"
#include "codec/deflate/checksum.hpp"
#include "codec/deflate/encode.hpp"
#include "codec/deflate/engine.hpp"
#include "codec/deflate/headers.hpp"
#include "codec/deflate/stored_blocks.hpp"

namespace braid::codec::deflate {

namespace {

// Turns chunks into pieces: runs of blocks for one stream, or whole gzip members.
class DeflateChunkEncoder final : public ChunkEncoder {
 public:
  // `engine` is null for stored blocks.
  DeflateChunkEncoder(const CompressionConfig& config, std::unique_ptr<Engine> engine)
      : config_(config), engine_(std::move(engine)) {}

  Result<void> encode(ByteView chunk, const ChunkPlace& place, Piece& piece) override {
    piece.bytes.clear();
    piece.plain_size = chunk.size();
    piece.checksum = 0;
    switch (layout_of(config_)) {
      case Layout::members:
        return add_member(chunk, place, piece.bytes);
      case Layout::bgzf:
        return add_bgzf(chunk, piece.bytes);
      default:
        return add_blocks(chunk, place, piece);
    }
  }

 private:
  Result<void> add_blocks(ByteView chunk, const ChunkPlace& place, Piece& piece) {
    BRAID_TRY(deflate(chunk, place.last, place.index == 0, piece.bytes));
    // The second empty block makes the mark, chunk_mark, that readers look for.
    if (!place.last) append_stored({}, false, piece.bytes);
    if (config_.algorithm() == Algorithm::gzip) {
      piece.checksum = crc32(crc32_of_nothing, chunk);
    } else if (config_.algorithm() == Algorithm::zlib) {
      piece.checksum = adler32(adler32_of_nothing, chunk);
    }
    return {};
  }

  Result<void> add_member(ByteView chunk, const ChunkPlace& place, Buffer& out) {
    const OwnSubfield own{member_subfield, 4};
    const HeaderSpots header = append_gzip_header(config_, place.index == 0, own, out);
    BRAID_TRY(deflate(chunk, true, false, out));
    append_gzip_trailer(crc32(crc32_of_nothing, chunk), chunk.size(), out);
    seal_gzip_header(header, own, static_cast<std::uint32_t>(out.size()), out);
    return {};
  }

  Result<void> add_bgzf(ByteView chunk, Buffer& out) {
    const OwnSubfield own{bgzf_subfield, 2};
    while (!chunk.empty()) {
      const ByteView block = chunk.first(bgzf_block);
      chunk = chunk.drop(block.size());
      const HeaderSpots header = append_gzip_header(config_, false, own, out);
      BRAID_TRY(deflate(block, true, false, out));
      append_gzip_trailer(crc32(crc32_of_nothing, block), block.size(), out);
      const std::size_t size = out.size() - header.begin;
      seal_gzip_header(header, own, static_cast<std::uint32_t>(size - 1), out);
    }
    return {};
  }

  // Appends blocks that restore `plain`. `final`: the stream ends with them; else they end with an
  // empty stored block at a byte edge.
  Result<void> deflate(ByteView plain, bool final, bool with_dictionary, Buffer& out) {
    if (plain.empty()) {
      if (!final) {
        append_stored({}, false, out);
        return {};
      }
      // One fixed block that ends at once, ten bits: as all encoders write it.
      constexpr std::array<unsigned char, 2> empty = {0x03, 0x00};
      out.append(empty);
      return {};
    }
    if (engine_ != nullptr) {
      BRAID_TRY_VALUE(const bool smaller, engine_->append(plain, final, with_dictionary, out));
      if (smaller) return {};
    }
    append_stored(plain, final, out);
    if (!final) append_stored({}, false, out);
    return {};
  }

  CompressionConfig config_;
  std::unique_ptr<Engine> engine_;
};

Result<std::unique_ptr<Engine>> make_engine(const CompressionConfig& config) {
  const EngineChoice choice = choose_engine(config);
  switch (choice.kind) {
    case EngineKind::stored:
      break;
#ifdef BRAID_HAVE_ISAL
    case EngineKind::isal:
      return make_isal_engine(choice.level);
#else
    case EngineKind::isal:
      break;  // never chosen
#endif
    case EngineKind::braid:
      return make_braid_engine(choice.level);
    case EngineKind::libdeflate:
      return make_libdeflate_engine(choice.level);
    case EngineKind::zlib:
      return make_zlib_engine(config);
  }
  return std::unique_ptr<Engine>();
}

}  // namespace

Result<std::unique_ptr<ChunkEncoder>> make_chunk_encoder(const CompressionConfig& config) {
  BRAID_TRY_VALUE(auto engine, make_engine(config));
  return std::make_unique<DeflateChunkEncoder>(config, std::move(engine));
}

}  // namespace braid::codec::deflate
