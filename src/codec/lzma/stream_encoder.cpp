#include "base/try.hpp"
#include "codec/lzma/lzma.hpp"
#include "codec/lzma/options.hpp"

namespace braid::codec::lzma {

namespace {

// .xz in a single block without sizes, as `xz -T1` writes it, and .lzma.
class SeamlessEncoder final : public StreamEncoder {
 public:
  explicit SeamlessEncoder(const CompressionConfig& config)
      : algorithm_(config.algorithm()), options_(config, UINT64_MAX), check_(check_of(config)) {}

  Result<Step> step(ByteView in, MutableBytes out, Flush flush) override {
    if (flush == Flush::flush && algorithm_ == Algorithm::lzma) {
      return Error{.code = Errc::unsupported_feature,
                   .message = "the format cannot be flushed in mid-stream"};
    }
    // Input first, with no end in sight, then the flush alone: liblzma wants no input to be added
    // while it flushes.
    Step step;
    lzma_ret code = LZMA_OK;
    if (!in.empty() || flush == Flush::none) {
      code = coder_.code(in, out, LZMA_RUN, step);
      if (code != LZMA_OK) return encode_error(code);
      const bool full = step.consumed < in.size() || step.produced == out.size();
      if (step.consumed < in.size() || flush == Flush::none) {
        step.state = full ? StepState::need_output : StepState::need_input;
        return step;
      }
    }
    Step flushed;
    const lzma_action action = flush == Flush::finish ? LZMA_FINISH : LZMA_SYNC_FLUSH;
    code = coder_.code({}, out.subspan(step.produced), action, flushed);
    if (code != LZMA_OK && code != LZMA_STREAM_END) return encode_error(code);
    step.produced += flushed.produced;
    step.state = code == LZMA_OK          ? StepState::need_output
                 : flush == Flush::finish ? StepState::finished
                                          : StepState::need_input;
    return step;
  }

  Result<void> reset(const StreamPlan& /*plan*/) override {
    const lzma_ret code = algorithm_ == Algorithm::lzma
                              ? lzma_alone_encoder(coder_.get(), options_.properties())
                              : lzma_stream_encoder(coder_.get(), options_.chain(), check_);
    if (code != LZMA_OK) return encode_error(code);
    return {};
  }

 private:
  Algorithm algorithm_;
  EncoderOptions options_;
  lzma_check check_;
  Coder coder_;
};

}  // namespace

Result<std::unique_ptr<StreamEncoder>> make_stream_encoder(const CompressionConfig& config) {
  auto encoder = std::make_unique<SeamlessEncoder>(config);
  BRAID_TRY(encoder->reset({}));
  return encoder;
}

}  // namespace braid::codec::lzma
