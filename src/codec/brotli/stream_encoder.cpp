#include <algorithm>

#include "base/no_memory.hpp"
#include "codec/brotli/brotli.hpp"
#include "codec/brotli/options.hpp"

namespace braid::codec::brotli {

namespace {

// One stream with history throughout, as the format's own tool writes it.
class SingleEncoder final : public StreamEncoder {
 public:
  explicit SingleEncoder(const CompressionConfig& config) : options_(config) { restart(); }

  Result<Step> step(ByteView in, MutableBytes out, Flush flush) override {
    Step step;
    for (;;) {
      if (!push(out, step)) return no_memory();
      if (pending_) {
        step.state = StepState::need_output;
        return step;
      }
      if (BrotliEncoderIsFinished(state_.get()) != BROTLI_FALSE) {
        step.state = StepState::finished;
        return step;
      }
      const ByteView taken = in.drop(step.consumed).first(block - gathered_.size());
      gathered_.append(taken);
      step.consumed += taken.size();
      const bool more = step.consumed < in.size();
      if (gathered_.size() == block && (more || flush == Flush::none)) {
        operation_ = BROTLI_OPERATION_PROCESS;
      } else if (flush == Flush::finish) {
        operation_ = BROTLI_OPERATION_FINISH;
      } else if (flush == Flush::flush && unflushed_ + gathered_.size() != 0) {
        operation_ = BROTLI_OPERATION_FLUSH;
      } else {
        return step;
      }
      given_ = 0;
      pending_ = true;
      unflushed_ = operation_ == BROTLI_OPERATION_PROCESS ? 1 : 0;
    }
  }

  Result<void> reset(const StreamPlan& /*plan*/) override {
    restart();
    return {};
  }

 private:
  // Levels 0 and 1 make a block of whatever they are given: the bytes would depend on how input
  // arrives. So all input goes through blocks of one size.
  static constexpr std::size_t block = 1 << 20;

  static Error no_memory() { return base::no_memory("no memory to encode"); }

  void restart() {
    state_.reset();
    state_ = options_.start(memory_, options_.window_log, 0, std::uint64_t{1} << 30);
    gathered_.clear();
    pending_ = false;
    unflushed_ = 0;
  }

  // Goes on with the operation begun: first its input, then its output.
  bool push(MutableBytes out, Step& step) {
    if (!pending_) return true;
    const auto* next_in = reinterpret_cast<const std::uint8_t*>(gathered_.data()) + given_;
    std::size_t left = gathered_.size() - given_;
    const MutableBytes rest = out.subspan(step.produced);
    std::size_t room = rest.size();
    auto* next_out = reinterpret_cast<std::uint8_t*>(rest.data());
    const bool good = BrotliEncoderCompressStream(state_.get(), operation_, &left, &next_in, &room,
                                                  &next_out, nullptr) != BROTLI_FALSE;
    given_ = gathered_.size() - left;
    step.produced += rest.size() - room;
    if (good && left == 0 && BrotliEncoderHasMoreOutput(state_.get()) == BROTLI_FALSE) {
      pending_ = false;
      gathered_.clear();
    }
    return good;
  }

  EncoderOptions options_;
  Memory memory_;
  EncoderState state_;
  Buffer gathered_;
  std::size_t given_ = 0;  // of gathered_, in the operation at hand
  bool pending_ = false;   // an operation was begun and is not through
  std::size_t unflushed_ = 0;
  BrotliEncoderOperation operation_ = BROTLI_OPERATION_PROCESS;
};

}  // namespace

Result<std::unique_ptr<StreamEncoder>> make_stream_encoder(const CompressionConfig& config) {
  return std::make_unique<SingleEncoder>(config);
}

}  // namespace braid::codec::brotli
