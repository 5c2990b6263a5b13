#include <memory>
#include <new>

#include "base/try.hpp"
#include "codec/lzma/encode_slices.hpp"
#include "codec/lzma/lzma.hpp"
#include "codec/lzma/options.hpp"

// Writing .xz in blocks that state both their sizes, as `xz -T` does: the stream header, the
// blocks, the index and the footer of one stream.
namespace braid::codec::lzma {

namespace {

// One block a chunk. An empty chunk makes no block: the empty .xz file has none.
class BlockEncoder final : public ChunkEncoder {
 public:
  explicit BlockEncoder(const CompressionConfig& config)
      : options_(config, UINT64_MAX), check_(check_of(config)) {}

  Result<void> encode(ByteView chunk, const ChunkPlace& /*place*/, Piece& piece) override {
    piece.bytes.clear();
    piece.plain_size = chunk.size();
    piece.tag = 0;
    if (chunk.empty()) return {};

    const std::size_t bound = lzma_block_buffer_bound(chunk.size());
    if (bound == 0) return encode_error(LZMA_DATA_ERROR);
    options_.fit(chunk.size());
    lzma_block block{};
    block.check = check_;
    block.compressed_size = bound;  // reserves the header's room; overwritten by the encoder
    block.uncompressed_size = chunk.size();
    block.filters = options_.chain();
    if (const lzma_ret code = lzma_block_header_size(&block); code != LZMA_OK) {
      return encode_error(code);
    }
    piece.bytes.resize(bound);
    BRAID_TRY_VALUE(std::size_t size, fill(block, chunk, piece.bytes));
    piece.bytes.resize(size);
    piece.tag = lzma_block_unpadded_size(&block);
    return {};
  }

 private:
  Result<std::size_t> fill(lzma_block& block, ByteView chunk, Buffer& bytes) {
    if (const lzma_ret code = lzma_block_encoder(coder_.get(), &block); code != LZMA_OK) {
      return encode_error(code);
    }
    ByteView rest = chunk;
    std::size_t size = block.header_size;
    BRAID_TRY_VALUE(lzma_ret code, encode_in_slices(coder_, rest, bytes.writable(), size,
                                                    [this] { return go_on(); }));
    if (code == LZMA_STREAM_END) {
      code = lzma_block_header_encode(&block, octets(bytes.data()));
    } else if (code == LZMA_OK) {
      // More bytes than the bound for stored ones: store them.
      size = 0;
      code = lzma_block_uncomp_encode(&block, octets(chunk), chunk.size(), octets(bytes.data()),
                                      &size, bytes.size());
    }
    if (code != LZMA_OK) return encode_error(code);
    return size;
  }

  EncoderOptions options_;
  lzma_check check_;
  Coder coder_;
};

struct IndexEnd {
  void operator()(lzma_index* index) const noexcept { lzma_index_end(index, nullptr); }
};

class XzFramer final : public Framer {
 public:
  explicit XzFramer(lzma_check check) { flags_.check = check; }

  Result<void> begin(const StreamPlan& /*plan*/, bool /*only*/, Buffer& head) override {
    index_.reset(lzma_index_init(nullptr));
    if (index_ == nullptr) throw std::bad_alloc();
    flags_.backward_size = LZMA_VLI_UNKNOWN;
    const std::size_t before = head.size();
    head.resize(before + LZMA_STREAM_HEADER_SIZE);
    const lzma_ret code = lzma_stream_header_encode(&flags_, octets(head.data() + before));
    if (code != LZMA_OK) return encode_error(code);
    return {};
  }

  Result<void> add(Piece& piece, ByteView /*plain*/, const ChunkPlace& /*place*/,
                   Buffer& /*head*/) override {
    if (piece.bytes.empty()) return {};
    const lzma_ret code = lzma_index_append(index_.get(), nullptr, piece.tag, piece.plain_size);
    if (code != LZMA_OK) return encode_error(code);
    return {};
  }

  Result<void> finish(Buffer& tail) override {
    flags_.backward_size = lzma_index_size(index_.get());
    const std::size_t before = tail.size();
    tail.resize(before + static_cast<std::size_t>(flags_.backward_size) + LZMA_STREAM_HEADER_SIZE);
    std::size_t position = before;
    lzma_ret code =
        lzma_index_buffer_encode(index_.get(), octets(tail.data()), &position, tail.size());
    if (code == LZMA_OK) code = lzma_stream_footer_encode(&flags_, octets(tail.data() + position));
    if (code != LZMA_OK) return encode_error(code);
    return {};
  }

 private:
  std::unique_ptr<lzma_index, IndexEnd> index_;
  lzma_stream_flags flags_{};
};

}  // namespace

Result<std::unique_ptr<ChunkEncoder>> make_chunk_encoder(const CompressionConfig& config) {
  return std::make_unique<BlockEncoder>(config);
}

Result<std::unique_ptr<Framer>> make_framer(const CompressionConfig& config) {
  return std::make_unique<XzFramer>(check_of(config));
}

}  // namespace braid::codec::lzma
