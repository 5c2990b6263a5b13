#include "codec/none/none.hpp"

#include <algorithm>
#include <cstring>

#include "codec/joining_framer.hpp"

namespace braid::codec::none {

namespace {

class CopyEncoder final : public ChunkEncoder {
 public:
  Result<void> encode(ByteView chunk, const ChunkPlace& /*place*/, Piece& piece) override {
    piece.bytes.clear();
    piece.bytes.append(chunk);
    piece.plain_size = chunk.size();
    return {};
  }
};

class CopyDecoder final : public StreamDecoder {
 public:
  Result<Step> step(ByteView in, MutableBytes out, Input input) override {
    const std::size_t count = std::min(in.size(), out.size());
    if (count != 0) std::memcpy(out.data(), in.data(), count);
    if (count < in.size()) return Step{count, count, StepState::need_output};
    return Step{count, count, input == Input::last ? StepState::finished : StepState::need_input};
  }

  Result<void> reset() override { return {}; }

  void describe(StreamInfo& info) const override { info.check = "none"; }
};

}  // namespace

std::size_t chunk_size(const CompressionConfig& config) {
  return static_cast<std::size_t>(config.get(Knob::chunk_size, 1 << 20));
}

Result<std::unique_ptr<ChunkEncoder>> make_chunk_encoder(const CompressionConfig& /*config*/) {
  return std::make_unique<CopyEncoder>();
}

Result<std::unique_ptr<Framer>> make_framer(const CompressionConfig& /*config*/) {
  return std::make_unique<JoiningFramer>();
}

Result<std::unique_ptr<StreamDecoder>> make_stream_decoder(const DecoderSettings& /*settings*/) {
  return std::make_unique<CopyDecoder>();
}

std::uint64_t encoder_memory(const CompressionConfig& /*config*/) {
  return 0;
}

}  // namespace braid::codec::none
