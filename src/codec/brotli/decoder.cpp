#include "codec/brotli/decoder.hpp"

#include <new>
#include <string>

#include "base/no_memory.hpp"

namespace braid::codec::brotli {

void Decoder::restart(bool whole_window) {
  state_.reset();
  memory_.forget_refusal();
  state_.reset(BrotliDecoderCreateInstance(Memory::allocate, Memory::release, &memory_));
  if (state_ == nullptr) throw std::bad_alloc();
  // Neither can fail before the first byte.
  (void)BrotliDecoderSetParameter(state_.get(), BROTLI_DECODER_PARAM_LARGE_WINDOW, 1);
  (void)BrotliDecoderSetParameter(
      state_.get(), BROTLI_DECODER_PARAM_DISABLE_RING_BUFFER_REALLOCATION, whole_window ? 1 : 0);
}

Result<Step> Decoder::step(ByteView in, MutableBytes out) {
  std::size_t left = in.size();
  std::size_t room = out.size();
  const auto* next_in = reinterpret_cast<const std::uint8_t*>(in.data());
  auto* next_out = reinterpret_cast<std::uint8_t*>(out.data());
  const BrotliDecoderResult result =
      BrotliDecoderDecompressStream(state_.get(), &left, &next_in, &room, &next_out, nullptr);
  Step step{.consumed = in.size() - left, .produced = out.size() - room};
  switch (result) {
    case BROTLI_DECODER_RESULT_SUCCESS:
      step.state = StepState::finished;
      return step;
    case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT:
      // The library says so even when there was no room for all that it had decoded.
      if (BrotliDecoderHasMoreOutput(state_.get()) != BROTLI_FALSE) {
        step.state = StepState::need_output;
      }
      return step;
    case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT:
      step.state = StepState::need_output;
      return step;
    case BROTLI_DECODER_RESULT_ERROR:
      break;
  }
  return error();
}

Result<Step> Decoder::skip(ByteView in) {
  Step all;
  for (;;) {
    auto step = this->step(in.drop(all.consumed), {});
    if (!step) return step;
    all.consumed += step->consumed;
    all.state = step->state;
    if (step->state != StepState::need_output) return all;
    std::size_t size = 0;  // as much as there is
    (void)BrotliDecoderTakeOutput(state_.get(), &size);
    all.produced += size;
  }
}

Error Decoder::error() const {
  const BrotliDecoderErrorCode code = BrotliDecoderGetErrorCode(state_.get());
  const bool memory = code <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES &&
                      code >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES;
  if (memory && memory_.refused() != 0) {
    return {.code = Errc::memory_limit,
            .message = "decoding needs " + std::to_string(memory_.refused()) +
                       " bytes of memory, allowed are " + std::to_string(limit_)};
  }
  if (memory) return base::no_memory("no memory to decode");
  return {.code = Errc::corrupt,
          .message = std::string("the data is malformed: ") + BrotliDecoderErrorString(code)};
}

}  // namespace braid::codec::brotli
