#include <algorithm>
#include <cstring>

#include "base/byte_order.hpp"
#include "base/try.hpp"
#include "codec/deflate/checksum.hpp"
#include "codec/deflate/encode.hpp"
#include "codec/deflate/headers.hpp"
#include "codec/deflate/stored_blocks.hpp"
#include "codec/deflate/zlib_context.hpp"

namespace braid::codec::deflate {

namespace {

// Layout::single: one stream from zlib, with history from end to end, as gzip writes it.
class SingleEncoder final : public StreamEncoder {
 public:
  explicit SingleEncoder(const CompressionConfig& config) : config_(config) {}

  Result<void> open() {
    if (!stored()) BRAID_TRY(context_.open(config_));
    start();
    return {};
  }

  Result<void> reset(const StreamPlan& /*plan*/) override {
    start();
    return {};
  }

  Result<Step> step(ByteView in, MutableBytes out, Flush flush) override {
    Step step;
    drain(out, step);
    if (ended_ || sent_ != waiting_.size()) {
      step.state =
          ended_ && sent_ == waiting_.size() ? StepState::finished : StepState::need_output;
      return step;
    }
    if (step.produced == out.size()) {
      step.state = StepState::need_output;  // zlib calls no room an error
      return step;
    }
    return stored() ? step_stored(in, out, flush, step) : step_zlib(in, out, flush, step);
  }

 private:
  [[nodiscard]] bool stored() const noexcept { return config_.level() == 0; }

  Result<Step> step_zlib(ByteView in, MutableBytes out, Flush flush, Step step) {
    const int mode = flush == Flush::finish  ? Z_FINISH
                     : flush == Flush::flush ? Z_SYNC_FLUSH
                                             : Z_NO_FLUSH;
    BRAID_TRY_VALUE(const auto ran, context_.run(in, out.subspan(step.produced), mode));
    sum(in.first(ran.consumed));
    step.consumed = ran.consumed;
    step.produced += ran.produced;
    if (!ran.done) {
      step.state = StepState::need_output;
      return step;
    }
    if (flush != Flush::finish) return step;
    waiting_.clear();
    sent_ = 0;
    end();
    drain(out, step);
    step.state = sent_ == waiting_.size() ? StepState::finished : StepState::need_output;
    return step;
  }

  // Level 0: blocks of the greatest length. zlib would cut them by the room it is given.
  Result<Step> step_stored(ByteView in, MutableBytes out, Flush flush, Step step) {
    for (;;) {
      const ByteView part = in.slice(step.consumed, longest_stored_block - block_.size());
      block_.append(part);
      sum(part);
      step.consumed += part.size();
      const bool all = step.consumed == in.size();
      if (all && (flush == Flush::none || (flush == Flush::flush && block_.empty()))) return step;
      const bool last = all && flush == Flush::finish;
      waiting_.clear();
      sent_ = 0;
      append_stored(block_.view(), last, waiting_);
      block_.clear();
      if (last) end();
      drain(out, step);
      if (sent_ != waiting_.size()) {
        step.state = StepState::need_output;
        return step;
      }
      if (last) {
        step.state = StepState::finished;
        return step;
      }
    }
  }

  void start() {
    if (!stored()) context_.begin(true);
    block_.clear();
    sum_ = config_.algorithm() == Algorithm::zlib ? adler32_of_nothing : crc32_of_nothing;
    size_ = 0;
    ended_ = false;
    waiting_.clear();
    sent_ = 0;
    if (config_.algorithm() == Algorithm::gzip) {
      const HeaderSpots header = append_gzip_header(config_, true, std::nullopt, waiting_);
      seal_gzip_header(header, std::nullopt, 0, waiting_);
    } else if (config_.algorithm() == Algorithm::zlib) {
      append_zlib_header(config_, waiting_);
    }
  }

  void sum(ByteView plain) noexcept {
    if (config_.algorithm() == Algorithm::gzip) sum_ = crc32(sum_, plain);
    if (config_.algorithm() == Algorithm::zlib) sum_ = adler32(sum_, plain);
    size_ += plain.size();
  }

  void end() {
    ended_ = true;
    if (config_.algorithm() == Algorithm::gzip) append_gzip_trailer(sum_, size_, waiting_);
    if (config_.algorithm() == Algorithm::zlib) base::append_be(waiting_, sum_);
  }

  // Writes what waits of header or trailer.
  void drain(MutableBytes out, Step& step) noexcept {
    const std::size_t count = std::min(waiting_.size() - sent_, out.size() - step.produced);
    if (count == 0) return;
    std::memcpy(out.data() + step.produced, waiting_.data() + sent_, count);
    sent_ += count;
    step.produced += count;
  }

  CompressionConfig config_;
  ZlibContext context_;
  Buffer block_;    // level 0: plain bytes of the block at hand
  Buffer waiting_;  // what is ready to be written: header, stored block, trailer
  std::size_t sent_ = 0;
  std::uint32_t sum_ = 0;
  std::uint64_t size_ = 0;
  bool ended_ = false;
};

}  // namespace

Result<std::unique_ptr<StreamEncoder>> make_stream_encoder(const CompressionConfig& config) {
  auto encoder = std::make_unique<SingleEncoder>(config);
  BRAID_TRY(encoder->open());
  return encoder;
}

}  // namespace braid::codec::deflate
