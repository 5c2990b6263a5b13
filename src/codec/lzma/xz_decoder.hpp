#pragma once

#include "codec/lzma/block_reader.hpp"
#include "codec/lzma/gather.hpp"
#include "codec/survey.hpp"

namespace braid::codec::lzma {

// Reads one .xz stream: header, blocks, index, footer. Built on liblzma's parts rather than on its
// stream decoder, so that it can also begin between two blocks, and tell a wrong check from
// malformed data.
class XzDecoder final : public StreamDecoder {
 public:
  explicit XzDecoder(std::uint64_t memory_limit) : block_(memory_limit) {}

  // Goes on behind the blocks that `seen` has summed.
  XzDecoder(std::uint64_t memory_limit, const lzma_stream_flags& flags, IndexHash seen);

  Result<Step> step(ByteView in, MutableBytes out, Input input) override;
  Result<void> reset() override;
  void describe(StreamInfo& info) const override;

  // Where the block, index or footer at hand begins, as counted from the decoder's own beginning.
  [[nodiscard]] std::uint64_t part_start() const noexcept { return part_start_; }

 private:
  enum class Stage : std::uint8_t { header, block_start, block_header, block, index, footer, done };

  // Each takes input for one stage. True: the stage is done and the next one may begin.
  Result<bool> read_header(ByteView in, Step& step);
  Result<bool> read_block_start(ByteView in, Step& step);
  Result<bool> read_block_header(ByteView in, Step& step);
  Result<bool> read_block(ByteView in, MutableBytes out, Step& step);
  Result<bool> read_index(ByteView in, Step& step);
  Result<bool> read_footer(ByteView in, Step& step);
  Result<bool> read_stage(ByteView in, MutableBytes out, Step& step);

  [[nodiscard]] Error located(Error error) const;

  Stage stage_ = Stage::header;
  Gather<LZMA_BLOCK_HEADER_SIZE_MAX> gathered_;
  std::size_t block_header_size_ = 0;
  lzma_stream_flags flags_{};
  bool flags_known_ = false;
  bool whole_ = true;           // began at the stream's header, so that offsets are known
  std::uint64_t position_ = 0;  // bytes consumed
  std::uint64_t part_start_ = 0;
  bool block_sized_ = false;  // its header tells its sizes
  IndexHash seen_;
  BlockReader block_;
};

}  // namespace braid::codec::lzma
