#pragma once

#include <cstdint>

#include "codec/bzip2/block_decoder.hpp"
#include "codec/codec.hpp"
#include "codec/survey.hpp"

namespace braid::codec::bzip2 {

// A place between two blocks of a stream, from where it can be read on.
struct BlockEdge {
  unsigned level = 0;
  std::uint32_t crc = 0;    // of all blocks before
  unsigned lead_bits = 0;   // bits of the byte before that belong to what follows, 0 to 7
  unsigned lead_value = 0;  // those bits
};

// Reads one stream, block by block.
class BlockStreamDecoder final : public StreamDecoder {
 public:
  explicit BlockStreamDecoder(const DecoderSettings& settings)
      : memory_limit_(settings.memory_limit) {}

  // Goes on in the middle of a stream.
  BlockStreamDecoder(std::uint64_t memory_limit, const BlockEdge& edge);

  Result<Step> step(ByteView in, MutableBytes out, Input input) override;
  Result<void> reset() override;

  void describe(StreamInfo& info) const override { info.check = "CRC-32"; }

 private:
  enum class Stage : std::uint8_t { header, magic, block, output, trailer, finished };

  Result<bool> advance();
  Result<bool> read_header();
  Result<bool> read_magic();
  Result<bool> read_trailer();
  [[nodiscard]] std::uint64_t position() const noexcept;
  [[nodiscard]] std::uint64_t bit_position() const noexcept;
  [[nodiscard]] Error failed(Error error) const;

  std::uint64_t memory_limit_;
  Stage stage_ = Stage::header;
  std::size_t header_at_ = 0;
  unsigned level_ = 0;
  std::uint32_t crc_ = 0;
  std::uint64_t given_ = 0;  // bytes of the stream up to the end of the current input
  BitReader reader_;
  BlockDecoder block_;

  std::uint64_t block_bit_ = 0;    // where the block at hand begins
  std::uint64_t block_plain_ = 0;  // plain bytes of it so far
};

}  // namespace braid::codec::bzip2
