#pragma once

#include "codec/lzma/gather.hpp"
#include "codec/lzma/liblzma.hpp"
#include "codec/lzma/lzip_format.hpp"

namespace braid::codec::lzma {

// Reads one lzip member.
class LzipDecoder final : public StreamDecoder {
 public:
  explicit LzipDecoder(std::uint64_t memory_limit) : memory_limit_(memory_limit) {}

  Result<Step> step(ByteView in, MutableBytes out, Input input) override;
  Result<void> reset() override;

  void describe(StreamInfo& info) const override { info.check = "CRC-32"; }

 private:
  enum class Stage : std::uint8_t { header, data, trailer, done };

  // Each takes input for one stage. True: the stage is done and the next one may begin.
  Result<bool> read_stage(ByteView in, MutableBytes out, Step& step);
  Result<bool> read_header(ByteView in, Step& step);
  Result<bool> read_data(ByteView in, MutableBytes out, Step& step);
  Result<bool> read_trailer(ByteView in, Step& step);
  Result<void> begin_data(unsigned dictionary_code);

  std::uint64_t memory_limit_;
  Stage stage_ = Stage::header;
  Gather<lzip::trailer_size> gathered_;
  std::uint64_t position_ = 0;  // bytes consumed
  std::uint64_t plain_ = 0;
  std::uint32_t crc_ = 0;
  Coder coder_;
};

}  // namespace braid::codec::lzma
