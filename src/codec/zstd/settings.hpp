#pragma once

#include "codec/codec.hpp"

// What a configuration means where it leaves things open.
namespace braid::codec::zstd {

// Layout::single: one frame, no chunks.
[[nodiscard]] bool is_single(const CompressionConfig& config);

// The window to ask of the library, as a base-two logarithm; 0 leaves it to the level.
//
// Chunks begin without history, which costs size. Their frames make up for it with a window twice
// as long as the level's, at no measurable cost in time: on a mixed 270 MB archive, chunks of four
// of the level's windows are then between 0.5 % smaller and 0.2 % larger than one plain frame.
// Never more than 128 MiB, which is what the reference tool reads without being told to.
[[nodiscard]] int chosen_window_log(const CompressionConfig& config);

}  // namespace braid::codec::zstd
