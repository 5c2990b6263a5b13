#pragma once

#include <braid/config.hpp>

#include <cstdint>
#include <memory>

#include <brotli/encode.h>

#include "codec/brotli/memory.hpp"

namespace braid::codec::brotli {

struct EncoderEnd {
  void operator()(BrotliEncoderState* state) const noexcept { BrotliEncoderDestroyInstance(state); }
};

using EncoderState = std::unique_ptr<BrotliEncoderState, EncoderEnd>;

// A configuration in the library's terms.
struct EncoderOptions {
  explicit EncoderOptions(const CompressionConfig& config);

  // A context that begins at `offset` of its stream and will be given about `size_hint` bytes;
  // the hint chooses the match finder, so it must not depend on how input arrives.
  // Throws std::bad_alloc. `memory` must outlive it.
  [[nodiscard]] EncoderState start(Memory& memory, unsigned window, std::uint64_t offset,
                                   std::uint64_t size_hint) const;

  int level;
  unsigned window_log;
  bool window_chosen;  // by the caller: not to be made smaller
  std::uint32_t mode;
};

}  // namespace braid::codec::brotli
