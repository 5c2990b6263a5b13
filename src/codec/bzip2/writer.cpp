#include "base/byte_order.hpp"
#include "base/chunk_memory.hpp"
#include "base/try.hpp"
#include "codec/bzip2/block_encoder.hpp"
#include "codec/bzip2/bzip2.hpp"
#include "codec/bzip2/constants.hpp"
#include "codec/bzip2/crc.hpp"
#include "codec/bzip2/run_length.hpp"

namespace braid::codec::bzip2 {

namespace {

std::size_t block_size(const CompressionConfig& config) noexcept {
  return static_cast<std::size_t>(config.level()) * level_step;
}

// What the reference writer leaves of a block. Readers accept full ones too; some old ones do not
// accept the last few bytes.
constexpr std::size_t unused_end = 19;

// One chunk becomes one block, as split() takes no more than fits.
class BlockChunkEncoder final : public ChunkEncoder {
 public:
  Result<void> encode(ByteView chunk, const ChunkPlace& /*place*/, Piece& piece) override {
    piece.plain_size = chunk.size();
    piece.bytes.clear();
    piece.checksum = 0;
    if (chunk.empty()) return {};  // a stream of no blocks
    BRAID_TRY_VALUE(piece.checksum, encoder_.encode(chunk, piece.bytes));
    return {};
  }

 private:
  BlockEncoder encoder_;
};

// Our blocks fill whole bytes, so they join by standing after one another.
class BlockFramer final : public Framer {
 public:
  explicit BlockFramer(int level) noexcept : level_(level) {}

  Result<void> begin(const StreamPlan& /*plan*/, bool /*only*/, Buffer& head) override {
    crc_ = 0;
    head.append("BZh");
    base::append_byte(head, '0' + static_cast<unsigned>(level_));
    return {};
  }

  Result<void> add(Piece& piece, ByteView /*plain*/, const ChunkPlace& /*place*/,
                   Buffer& /*head*/) override {
    if (piece.plain_size != 0) crc_ = combine_crc(crc_, static_cast<std::uint32_t>(piece.checksum));
    return {};
  }

  Result<void> finish(Buffer& tail) override {
    base::append_be(tail, static_cast<std::uint16_t>(end_magic >> 32));
    base::append_be(tail, static_cast<std::uint32_t>(end_magic & 0xffffffff));
    base::append_be(tail, crc_);
    return {};
  }

 private:
  int level_;
  std::uint32_t crc_ = 0;
};

}  // namespace

// Runs make a block hold more plain bytes than it has, by up to fifty times. The engine keeps a
// chunk's bytes in memory, so a chunk ends after four blocks' worth of them.
std::size_t chunk_size(const CompressionConfig& config) {
  return 4 * block_size(config);
}

std::size_t split(const CompressionConfig& config, ByteView data) {
  return fill_block(data, block_size(config) - unused_end);
}

// The block, its rotation, its suffix array and the sorter's buckets.
std::uint64_t encoder_memory(const CompressionConfig& config) {
  constexpr std::uint64_t buckets = 300'000;
  const std::size_t block = block_size(config);
  return 2 * block + base::whole_pages(4 * block) + buckets + sizeof(BlockChunkEncoder);
}

Result<std::unique_ptr<ChunkEncoder>> make_chunk_encoder(const CompressionConfig& /*config*/) {
  return std::make_unique<BlockChunkEncoder>();
}

Result<std::unique_ptr<Framer>> make_framer(const CompressionConfig& config) {
  return std::make_unique<BlockFramer>(config.level());
}

}  // namespace braid::codec::bzip2
