#pragma once

#include <memory>

#include <brotli/decode.h>

#include "codec/brotli/memory.hpp"
#include "codec/codec.hpp"

namespace braid::codec::brotli {

// As much input as is worth giving at a time: the library hands out what it has decoded when it has
// no more input or a whole window, which has left the nearer caches by then.
constexpr std::size_t input_slice = 64 << 10;

// A library context for decoding; begins anew without giving its memory back.
class Decoder {
 public:
  explicit Decoder(std::uint64_t memory_limit) : limit_(memory_limit), memory_(memory_limit) {}

  // `whole_window`: the ring buffer is wanted at full size at once. Throws std::bad_alloc.
  void restart(bool whole_window);

  // Errors: corrupt, memory_limit, out_of_memory. `finished` at the end of the stream.
  // need_input only when all of `in` was taken and all output was handed out.
  [[nodiscard]] Result<Step> step(ByteView in, MutableBytes out);

  // The same, throwing the output away; `produced` counts it.
  [[nodiscard]] Result<Step> skip(ByteView in);

 private:
  struct End {
    void operator()(BrotliDecoderState* state) const noexcept {
      BrotliDecoderDestroyInstance(state);
    }
  };

  [[nodiscard]] Error error() const;

  std::uint64_t limit_;
  Memory memory_;
  std::unique_ptr<BrotliDecoderState, End> state_;
};

}  // namespace braid::codec::brotli
