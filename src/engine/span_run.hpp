#pragma once

#include "engine/call.hpp"
#include "engine/span_decoder.hpp"

namespace braid::engine {

// Writes the plain bytes of an indexed file from `begin` up to `end`, at most its size, into
// `sink`: spans are decoded on all lanes and written in order, no more of them than are needed, but
// units whole. Where little is decoded the calling thread does it alone, which takes less of the
// processor than waking others. Errors: those of SpanDecoder and of the sink, cancelled,
// memory_limit (one unit and its plain bytes must fit).
[[nodiscard]] Result<void> run_spans(CallSite& site, const SpanDecoder& spans, std::uint64_t begin,
                                     std::uint64_t end, Sink& sink, const RunOptions& options);

}  // namespace braid::engine
