#include <braid/stream.hpp>

#include <algorithm>
#include <array>
#include <utility>

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
      BRAID_TRY_VALUE(const Step part,
                      driver_->step(prefix_.view().drop(replayed_), out.subspan(step.produced),
                                    all ? Input::last : Input::more));
      replayed_ += part.consumed;
      step.produced += part.produced;
      step.state = part.state;
      if (part.state == StepState::finished || (part.consumed == 0 && part.produced == 0)) {
        return step;
      }
    }
    BRAID_TRY_VALUE(const Step rest,
                    driver_->step(in.drop(step.consumed), out.subspan(step.produced), input));
    step.consumed += rest.consumed;
    step.produced += rest.produced;
    step.state = rest.state;
    return step;
  }

  Result<void> reset() {
    prefix_.clear();
    replayed_ = 0;
    driver_.reset();
    return config_.algorithm ? begin(*config_.algorithm) : Result<void>();
  }

  [[nodiscard]] const StreamInfo& info() const { return driver_ ? driver_->info() : none_; }

 private:
  // Gathers enough of the input to tell its format; false when more must come first.
  Result<bool> find_format(ByteView in, Step& step, Input input) {
    const ByteView taken = in.first(engine::detection_bytes - prefix_.size());
    prefix_.append(taken);
    step.consumed = taken.size();
    const bool last = input == Input::last && step.consumed == in.size();
    if (prefix_.size() < engine::detection_bytes && !last) return false;
    BRAID_TRY_VALUE(const Algorithm algorithm, engine::detect_stream(prefix_.view()));
    BRAID_TRY(begin(algorithm));
    return true;
  }

  DecompressionConfig config_;
  Buffer prefix_;
  std::size_t replayed_ = 0;
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
  return Error{.code = Errc::out_of_memory, .message = "no memory for a decoder"};
}

Result<Step> Decoder::step(ByteView in, MutableBytes out, Input input) try {
  auto result = impl_->step(in, out, input);
  return result;
} catch (const std::bad_alloc&) {
  return Error{.code = Errc::out_of_memory, .message = "no memory to decode"};
}

Result<void> Decoder::reset() try { return impl_->reset(); } catch (const std::bad_alloc&) {
  return Error{.code = Errc::out_of_memory, .message = "no memory for a decoder"};
}

const StreamInfo& Decoder::info() const noexcept {
  return impl_->info();
}

}  // namespace braid
