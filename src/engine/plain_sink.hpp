#pragma once

#include <braid/bytes.hpp>
#include <braid/result.hpp>

#include <functional>

namespace braid::engine {

// Receives plain bytes in order, on the calling thread; an empty view only tells that time passes.
// Errors end the run.
using PlainSink = std::function<Result<void>(ByteView plain)>;

}  // namespace braid::engine
