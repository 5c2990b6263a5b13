#include <algorithm>
#include <cstring>
#include <utility>

#include "base/byte_order.hpp"
#include "base/try.hpp"
#include "codec/lz4/block.hpp"
#include "codec/lz4/content_sum.hpp"
#include "codec/lz4/lz4.hpp"
#include "codec/lz4/settings.hpp"

namespace braid::codec::lz4 {

namespace {

// One frame of linked blocks. Input is gathered behind the history it may refer to, so that the
// library finds both in one piece.
class LinkedEncoder final : public StreamEncoder {
 public:
  LinkedEncoder(const CompressionConfig& config, BlockCompressor compressor)
      : config_(config), compressor_(std::move(compressor)) {}

  Result<Step> step(ByteView in, MutableBytes out, Flush flush) override {
    if (!begun_) BRAID_TRY(begin());
    Step step;
    for (;;) {
      hand_out(out, step);
      if (handed_out_ < ready_.size()) {
        step.state = StepState::need_output;
        return step;
      }
      if (ended_) {
        step.state = StepState::finished;
        return step;
      }
      gather(in, step);
      const bool all = step.consumed == in.size();
      if (gathered_ == header_.block_size || (all && flush != Flush::none && gathered_ != 0)) {
        encode_block();
      } else if (all && flush == Flush::finish) {
        BRAID_TRY(end());
      } else {
        step.state = StepState::need_input;
        return step;
      }
    }
  }

  Result<void> reset(const StreamPlan& plan) override {
    plan_ = plan;
    begun_ = false;
    return {};
  }

 private:
  Result<void> begin() {
    BRAID_TRY_VALUE(header_, header_for(config_, plan_.content_size));
    compressor_.begin_linked();
    buffer_.resize(history_size + header_.block_size);
    history_ = 0;
    gathered_ = 0;
    size_ = 0;
    sum_.reset();
    restart_output();
    append_header(ready_, header_);
    ended_ = false;
    begun_ = true;
    return {};
  }

  void restart_output() {
    ready_.clear();
    handed_out_ = 0;
  }

  void hand_out(MutableBytes out, Step& step) {
    const ByteView bytes = ready_.view().drop(handed_out_).first(out.size() - step.produced);
    if (!bytes.empty()) std::memcpy(out.data() + step.produced, bytes.data(), bytes.size());
    handed_out_ += bytes.size();
    step.produced += bytes.size();
  }

  void gather(ByteView in, Step& step) {
    const ByteView taken = in.drop(step.consumed).first(header_.block_size - gathered_);
    if (taken.empty()) return;
    std::memcpy(buffer_.data() + history_ + gathered_, taken.data(), taken.size());
    gathered_ += taken.size();
    step.consumed += taken.size();
  }

  void encode_block() {
    const ByteView plain = buffer_.view().slice(history_, gathered_);
    if (header_.checksum) sum_.update(plain);
    size_ += plain.size();
    restart_output();
    compressor_.append_linked(plain, header_.block_checksum, ready_);
    history_ = compressor_.keep_history(buffer_.data());
    gathered_ = 0;
  }

  Result<void> end() {
    if (header_.content_size && *header_.content_size != size_) {
      return Error{.code = Errc::invalid_argument,
                   .message = "the input does not have the size that was announced"};
    }
    restart_output();
    base::append_le(ready_, std::uint32_t{0});
    if (header_.checksum) base::append_le(ready_, sum_.value());
    ended_ = true;
    return {};
  }

  CompressionConfig config_;  // keeps the dictionary
  BlockCompressor compressor_;
  StreamPlan plan_;
  FrameHeader header_;
  ContentSum sum_;
  Buffer buffer_;             // history, then the block being gathered
  std::size_t history_ = 0;   // bytes of history at its front
  std::size_t gathered_ = 0;  // bytes of the block so far
  std::uint64_t size_ = 0;
  Buffer ready_;  // bytes of the frame not yet handed out
  std::size_t handed_out_ = 0;
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace

Result<std::unique_ptr<StreamEncoder>> make_stream_encoder(const CompressionConfig& config) {
  BRAID_TRY_VALUE(auto compressor, BlockCompressor::make(config.level(), config.dictionary()));
  return std::make_unique<LinkedEncoder>(config, std::move(compressor));
}

}  // namespace braid::codec::lz4
