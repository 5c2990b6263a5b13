#include <string>
#include <utility>

#include "base/byte_order.hpp"
#include "base/try.hpp"
#include "codec/lz4/block.hpp"
#include "codec/lz4/content_sum.hpp"
#include "codec/lz4/lz4.hpp"
#include "codec/lz4/settings.hpp"

namespace braid::codec::lz4 {

namespace {

// One chunk, one or more independent blocks.
class BlocksEncoder final : public ChunkEncoder {
 public:
  BlocksEncoder(const CompressionConfig& config, BlockCompressor compressor)
      : config_(config), header_(header_for(config)), compressor_(std::move(compressor)) {}

  Result<void> encode(ByteView chunk, const ChunkPlace& /*place*/, Piece& piece) override {
    piece.bytes.clear();
    piece.plain_size = chunk.size();
    while (!chunk.empty()) {
      const ByteView plain = chunk.first(header_.block_size);
      compressor_.append_independent(plain, header_.block_checksum, piece.bytes);
      chunk = chunk.drop(plain.size());
    }
    return {};
  }

 private:
  CompressionConfig config_;  // keeps the dictionary
  FrameHeader header_;
  BlockCompressor compressor_;
};

class FrameFramer final : public Framer {
 public:
  explicit FrameFramer(const CompressionConfig& config) : config_(config) {}

  Result<void> begin(const StreamPlan& plan, bool only, Buffer& head) override {
    sum_.reset();
    size_ = 0;
    // A single chunk tells its size itself, when it comes.
    deferred_ = only && !plan.content_size;
    return deferred_ ? Result<void>() : write_header(plan.content_size, head);
  }

  [[nodiscard]] bool wants_plain() const noexcept override {
    return config_.get(Knob::checksum, 1) != 0;
  }

  Result<void> add(Piece& piece, ByteView plain, const ChunkPlace& place, Buffer& head) override {
    if (deferred_ && place.index == 0) {
      BRAID_TRY(write_header(place.only() ? std::optional(piece.plain_size) : std::nullopt, head));
    }
    if (header_.checksum) sum_.update(plain);
    size_ += piece.plain_size;
    return {};
  }

  Result<void> finish(Buffer& tail) override {
    if (header_.content_size && *header_.content_size != size_) {
      return Error{.code = Errc::invalid_argument,
                   .message = "the input does not have the size that was announced"};
    }
    base::append_le(tail, std::uint32_t{0});
    if (header_.checksum) base::append_le(tail, sum_.value());
    return {};
  }

 private:
  Result<void> write_header(std::optional<std::uint64_t> content_size, Buffer& head) {
    BRAID_TRY_VALUE(header_, header_for(config_, content_size));
    append_header(head, header_);
    return {};
  }

  CompressionConfig config_;
  FrameHeader header_;
  ContentSum sum_;
  std::uint64_t size_ = 0;
  bool deferred_ = false;
};

}  // namespace

Result<std::unique_ptr<ChunkEncoder>> make_chunk_encoder(const CompressionConfig& config) {
  BRAID_TRY_VALUE(auto compressor, BlockCompressor::make(config.level(), config.dictionary()));
  return std::make_unique<BlocksEncoder>(config, std::move(compressor));
}

Result<std::unique_ptr<Framer>> make_framer(const CompressionConfig& config) {
  return std::make_unique<FrameFramer>(config);
}

}  // namespace braid::codec::lz4
