#include "base/try.hpp"
#include "codec/lzma/liblzma.hpp"
#include "codec/lzma/lzma.hpp"

namespace braid::codec::lzma {

namespace {

// Reads one .lzma file: with a known size, with an end marker, or with both.
class AloneDecoder final : public StreamDecoder {
 public:
  explicit AloneDecoder(std::uint64_t memory_limit) : memory_limit_(memory_limit) {}

  Result<Step> step(ByteView in, MutableBytes out, Input input) override {
    Step step;
    const lzma_ret code = coder_.code(in, out, LZMA_RUN, step);
    if (code == LZMA_STREAM_END) {
      step.state = StepState::finished;
      return step;
    }
    if (code == LZMA_MEMLIMIT_ERROR) {
      return memory_limit_error(lzma_memusage(coder_.get()), memory_limit_);
    }
    if (code != LZMA_OK) return decode_error(code, "the data is malformed");
    if (step.produced == out.size()) {
      step.state = StepState::need_output;
      return step;
    }
    if (input == Input::last && step.consumed == in.size()) {
      return Error{.code = Errc::truncated, .message = "the stream ends too early"};
    }
    if (step.consumed + step.produced == 0 && !in.empty()) {
      return Error{.code = Errc::internal, .message = "liblzma makes no progress"};
    }
    return step;
  }

  Result<void> reset() override {
    const lzma_ret code = lzma_alone_decoder(coder_.get(), memory_limit_);
    if (code != LZMA_OK) return decode_error(code, "");
    return {};
  }

  void describe(StreamInfo& info) const override { info.check = "none"; }

 private:
  std::uint64_t memory_limit_;
  Coder coder_;
};

}  // namespace

Result<std::unique_ptr<StreamDecoder>> make_alone_decoder(const DecoderSettings& settings) {
  auto decoder = std::make_unique<AloneDecoder>(settings.memory_limit);
  BRAID_TRY(decoder->reset());
  return decoder;
}

}  // namespace braid::codec::lzma
