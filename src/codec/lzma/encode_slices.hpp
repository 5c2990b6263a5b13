#pragma once

#include "base/try.hpp"
#include "codec/lzma/liblzma.hpp"

namespace braid::codec::lzma {

// The slowest level takes a tenth of a second for so many bytes. What comes out does not depend on
// it: liblzma waits for the bytes that a match may reach.
inline constexpr std::size_t encoder_slice = 128 << 10;

// Encodes `in` to its end, or until `out` is full: then LZMA_OK, and more room goes on. Takes what
// it reads from `in` and adds to `produced`. `go_on` is a `() -> Result<void>`, called before each
// slice; its error is the only one.
template <typename GoOn>
Result<lzma_ret> encode_in_slices(Coder& coder, ByteView& in, MutableBytes out,
                                  std::size_t& produced, GoOn&& go_on) {
  for (;;) {
    BRAID_TRY(go_on());
    const ByteView slice = in.first(encoder_slice);
    const bool last = slice.size() == in.size();
    Step step;
    const lzma_ret code =
        coder.code(slice, out.subspan(produced), last ? LZMA_FINISH : LZMA_RUN, step);
    in = in.drop(step.consumed);
    produced += step.produced;
    if (code != LZMA_OK || last || step.consumed != slice.size()) return code;
  }
}

}  // namespace braid::codec::lzma
