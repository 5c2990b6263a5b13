#include <array>
#include <string_view>

#include "base/byte_order.hpp"
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
    piece.bits = 0;
    piece.checksum = 0;
    if (chunk.empty()) return {};  // a stream of no blocks
    BRAID_TRY_VALUE(const EncodedBlock block, encoder_.encode(chunk, piece.bytes));
    piece.bits = block.bits;
    piece.checksum = block.crc;
    return {};
  }

 private:
  BlockEncoder encoder_;
};

class BitFramer final : public Framer {
 public:
  explicit BitFramer(int level) noexcept : level_(level) {}

  Result<void> begin(const StreamPlan& /*plan*/, bool /*only*/, Buffer& head) override {
    used_ = 0;
    tail_ = 0;
    crc_ = 0;
    head.append("BZh");
    base::append_byte(head, '0' + static_cast<unsigned>(level_));
    return {};
  }

  Result<void> add(Piece& piece, ByteView /*plain*/, const ChunkPlace& /*place*/,
                   Buffer& /*head*/) override {
    if (piece.bits == 0) return {};
    crc_ = combine_crc(crc_, static_cast<std::uint32_t>(piece.checksum));
    shift(piece.bytes);
    const std::uint64_t bits = used_ + piece.bits;
    const auto whole = static_cast<std::size_t>(bits / 8);
    used_ = static_cast<unsigned>(bits % 8);
    tail_ = used_ == 0 ? 0 : piece.bytes.view().at(whole);
    piece.bytes.resize(whole);
    return {};
  }

  Result<void> finish(Buffer& tail) override {
    std::array<std::byte, 16 + BitWriter::slack> end;
    BitWriter out(end.data());
    out.put(tail_ >> (8 - used_), used_);
    out.put(end_magic >> 24, 24);
    out.put(end_magic & 0xffffff, 24);
    out.put(crc_, 32);
    const std::uint64_t bits = out.finish();
    tail.append({end.data(), static_cast<std::size_t>((bits + 7) / 8)});
    return {};
  }

 private:
  // Moves all bits of a piece behind the `used_` bits that stand in tail_, at some GB/s. The piece
  // then is a byte longer.
  void shift(Buffer& bytes) const {
    if (used_ == 0) return;
    const std::size_t size = bytes.size();
    bytes.resize(size + 1);
    std::byte* const p = bytes.data();
    std::uint64_t carry = std::uint64_t{tail_} << 56;
    std::size_t at = 0;
    for (; at + 8 <= size; at += 8) {
      const auto word = base::load_be<std::uint64_t>(p + at);
      base::store_le(p + at, base::swap_bytes(carry | (word >> used_)));
      carry = word << (64 - used_);
    }
    auto rest = static_cast<unsigned>(carry >> 56);
    for (; at < size; ++at) {
      const auto byte = std::to_integer<unsigned>(p[at]);
      p[at] = static_cast<std::byte>(rest | (byte >> used_));
      rest = (byte << (8 - used_)) & 0xff;
    }
    p[size] = static_cast<std::byte>(rest);
  }

  int level_;
  unsigned used_ = 0;  // bits of the stream's last byte that are taken, 0 to 7
  unsigned tail_ = 0;  // that byte, the other bits zero
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
  return 6 * block_size(config) + buckets + sizeof(BlockChunkEncoder);
}

Result<std::unique_ptr<ChunkEncoder>> make_chunk_encoder(const CompressionConfig& /*config*/) {
  return std::make_unique<BlockChunkEncoder>();
}

Result<std::unique_ptr<Framer>> make_framer(const CompressionConfig& config) {
  return std::make_unique<BitFramer>(config.level());
}

}  // namespace braid::codec::bzip2
