#include <utility>

#include "base/try.hpp"
#include "codec/zstd/context.hpp"
#include "codec/zstd/zstd.hpp"

namespace braid::codec::zstd {

namespace {

// One chunk, one frame.
class FrameEncoder final : public ChunkEncoder {
 public:
  explicit FrameEncoder(Compressor context) : context_(std::move(context)) {}

  Result<void> encode(ByteView chunk, const ChunkPlace& /*place*/, Piece& piece) override {
    // Room for the worst case is also what lets the library skip checks in its inner loops.
    piece.bytes.resize(ZSTD_compressBound(chunk.size()));
    const std::size_t size = ZSTD_compress2(context_.get(), piece.bytes.data(), piece.bytes.size(),
                                            chunk.data(), chunk.size());
    if (ZSTD_isError(size) != 0) return encode_error(size);
    piece.bytes.resize(size);
    piece.plain_size = chunk.size();
    return {};
  }

 private:
  Compressor context_;
};

// One frame for everything. Input is always taken in with "continue" before the frame is ended:
// otherwise the library would guess the content's size from the first call, and the bytes would
// depend on how the input was split.
class SingleFrameEncoder final : public StreamEncoder {
 public:
  SingleFrameEncoder(Compressor context, bool size_wanted)
      : context_(std::move(context)), size_wanted_(size_wanted) {}

  Result<Step> step(ByteView in, MutableBytes out, Flush flush) override {
    if (!begun_) BRAID_TRY(begin());
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    while (!ending_) {
      const std::size_t before = input.pos + output.pos;
      const std::size_t code =
          ZSTD_compressStream2(context_.get(), &output, &input, ZSTD_e_continue);
      if (ZSTD_isError(code) != 0) return encode_error(code);
      if (input.pos == input.size) break;
      if (output.pos == output.size && input.pos + output.pos == before) {
        return Step{input.pos, output.pos, StepState::need_output};
      }
    }
    StepState state = StepState::need_input;
    if (flush != Flush::none) {
      ending_ = flush == Flush::finish;
      const std::size_t left = ZSTD_compressStream2(context_.get(), &output, &input,
                                                    ending_ ? ZSTD_e_end : ZSTD_e_flush);
      if (ZSTD_isError(left) != 0) return encode_error(left);
      if (left != 0) {
        state = StepState::need_output;
      } else if (ending_) {
        state = StepState::finished;
      }
    }
    return Step{input.pos, output.pos, state};
  }

  Result<void> reset(const StreamPlan& plan) override {
    plan_ = plan;
    begun_ = false;
    ending_ = false;
    return {};
  }

 private:
  Result<void> begin() {
    ZSTD_CCtx_reset(context_.get(), ZSTD_reset_session_only);
    if (size_wanted_) {
      if (!plan_.content_size) {
        return Error{.code = Errc::invalid_argument,
                     .message = "content_size is set, but the size of the input is not known"};
      }
      const std::size_t code = ZSTD_CCtx_setPledgedSrcSize(context_.get(), *plan_.content_size);
      if (ZSTD_isError(code) != 0) return encode_error(code);
    }
    begun_ = true;
    return {};
  }

  Compressor context_;
  StreamPlan plan_;
  bool size_wanted_;
  bool begun_ = false;
  bool ending_ = false;
};

}  // namespace

Result<std::unique_ptr<ChunkEncoder>> make_chunk_encoder(const CompressionConfig& config) {
  BRAID_TRY_VALUE(Compressor context, make_compressor(config));
  return std::make_unique<FrameEncoder>(std::move(context));
}

Result<std::unique_ptr<StreamEncoder>> make_stream_encoder(const CompressionConfig& config) {
  BRAID_TRY_VALUE(Compressor context, make_compressor(config));
  return std::make_unique<SingleFrameEncoder>(std::move(context),
                                              config.get(Knob::content_size, 0) != 0);
}

}  // namespace braid::codec::zstd
