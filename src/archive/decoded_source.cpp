#include "archive/decoded_source.hpp"

#include <algorithm>

#include "base/try.hpp"

namespace braid::archive {

namespace {

constexpr std::size_t piece_bytes = 128 << 10;

}  // namespace

Result<std::size_t> FileRange::read(MutableBytes out) {
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), left_));
  if (wanted == 0) return std::size_t{0};
  BRAID_TRY_VALUE(const std::size_t count, file_.read_at(out.first(wanted), at_));
  at_ += count;
  left_ -= count;
  return count;
}

Result<std::unique_ptr<DecodedSource>> DecodedSource::make(std::unique_ptr<Source> packed,
                                                           const DecompressionConfig& config) {
  BRAID_TRY_VALUE(Decoder decoder, Decoder::make(config));
  return std::unique_ptr<DecodedSource>(new DecodedSource(std::move(packed), std::move(decoder)));
}

Result<std::size_t> DecodedSource::read(MutableBytes out) {
  while (!finished_) {
    BRAID_TRY_VALUE(const Step step, decoder_.step(rest_, out, input_));
    rest_ = rest_.drop(step.consumed);
    finished_ = step.state == StepState::finished;
    if (step.produced != 0) return step.produced;
    if (finished_ || !rest_.empty() || step.state != StepState::need_input) continue;
    if (piece_.empty()) piece_.resize(piece_bytes);
    BRAID_TRY_VALUE(const std::size_t count, packed_->read(piece_.writable()));
    rest_ = piece_.view().first(count);
    if (count == 0) input_ = Input::last;
  }
  return std::size_t{0};
}

}  // namespace braid::archive
