#include <braid/stream.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "engine/decode_driver.hpp"
#include "engine/detect_stream.hpp"

namespace braid {

class Decoder::Impl {
 public:
  explicit Impl(DecompressionConfig config) : config_(config) {}

  Result<void> begin(Algorithm algorithm) {
    BRAID_TRY_VALUE(auto driver, engine::DecodeDriver::make(codec::format(algorithm), config_));
    driver_.emplace(std::move(driver));
    return {};
  }

  Result<Step> step(ByteView in, MutableBytes out, Input input) {
    Step step;
    if (!driver_) {
      BRAID_TRY_VALUE(const bool known, find_format(in, step, input));
      if (!known) return step;
    }
    // What was held back to find the format comes first.
    while (replayed_ < prefix_.size()) {
      const bool all = input == Input::last && step.consumed == in.size();
      BRAID_TRY_VALUE(const Step part, driver_->step(prefix_.view().drop(replayed_), out,
                                                     all ? Input::last : Input::more));
      replayed_ += part.consumed;
      step.produced = part.produced;
      step.state = part.state;
      if (part.state == StepState::finished) {
        // What this step took beyond the end is given back; what earlier ones took, cannot be.
        step.consumed -= std::min(step.consumed, prefix_.size() - replayed_);
        return step;
      }
      if (part.produced != 0) {
        step.state = StepState::need_output;  // what follows may fail
        return step;
      }
      if (part.consumed == 0) return step;
    }
    BRAID_TRY_VALUE(const Step rest, driver_->step(in.drop(step.consumed), out, input));
    step.consumed += rest.consumed;
    step.produced = rest.produced;
    step.state = rest.state;
    return step;
  }

  Result<void> reset() {
    prefix_.clear();
    replayed_ = 0;
    skipped_ = 0;
    skip_left_ = 0;
    driver_.reset();
    return config_.algorithm ? begin(*config_.algorithm) : Result<void>();
  }

  [[nodiscard]] const StreamInfo& info() const { return driver_ ? driver_->info() : none_; }

 private:
  // Gathers enough of the input to tell its format, behind skippable frames, which do not tell it;
  // false when more must come first.
  Result<bool> find_format(ByteView in, Step& step, Input input) {
    do {
      const ByteView skipped = in.drop(step.consumed).first(at_most(skip_left_));
      skip_left_ -= skipped.size();
      step.consumed += skipped.size();
      const ByteView taken = in.drop(step.consumed).first(engine::detection_bytes - prefix_.size());
      if (skip_left_ == 0) {
        prefix_.append(taken);
        step.consumed += taken.size();
      }
      const bool last = input == Input::last && step.consumed == in.size();
      if (skip_left_ != 0 && last) return engine::skippable_frame_truncated(skipped_ - skip_left_);
      if (skip_left_ != 0 || (prefix_.size() < engine::detection_bytes && !last)) return false;
    } while (pass_skippable_frame());
    if (skipped_ == 0) {
      BRAID_TRY_VALUE(const Algorithm algorithm, engine::detect_stream(prefix_.view()));
      BRAID_TRY(begin(algorithm));
      return true;
    }
    BRAID_TRY(begin(engine::detect_behind_skippable(prefix_.view())));
    BRAID_TRY(driver_->resume(engine::DecodeDriver::Place::behind_stream, skipped_, 0));
    return true;
  }

  // Takes a skippable frame off the front of what was gathered; false when there is none.
  bool pass_skippable_frame() {
    const std::uint64_t frame = codec::skippable_frame_size(prefix_.view());
    if (frame == 0) return false;
    Buffer rest;
    rest.append(prefix_.view().drop(at_most(frame)));
    skip_left_ = frame - (prefix_.size() - rest.size());
    skipped_ += frame;
    prefix_ = std::move(rest);
    return true;
  }

  static std::size_t at_most(std::uint64_t count) {
    return static_cast<std::size_t>(std::min<std::uint64_t>(count, SIZE_MAX));
  }

  DecompressionConfig config_;
  Buffer prefix_;
  std::size_t replayed_ = 0;
  std::uint64_t skipped_ = 0;    // bytes of skippable frames before the prefix, all of them
  std::uint64_t skip_left_ = 0;  // of them, not yet seen
  std::optional<engine::DecodeDriver> driver_;
  StreamInfo none_;
};

Decoder::Decoder(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}

Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;
Decoder::~Decoder() = default;

Result<Decoder> Decoder::make(const DecompressionConfig& config) try {
  auto impl = std::make_unique<Impl>(config);
  BRAID_TRY(impl->reset());
  return Decoder(std::move(impl));
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory for a decoder");
}

Result<Step> Decoder::step(ByteView in, MutableBytes out, Input input) try {
  auto result = impl_->step(in, out, input);
  return result;
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to decode");
}

Result<void> Decoder::reset() try { return impl_->reset(); } catch (const std::bad_alloc&) {
  return base::no_memory("no memory for a decoder");
}

const StreamInfo& Decoder::info() const noexcept {
  return impl_->info();
}

}  // namespace braid
