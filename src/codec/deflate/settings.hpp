#pragma once

#include <braid/config.hpp>

#include <cstddef>
#include <cstdint>

// What a configuration of the deflate family means: which engine, which of its levels, how long a
// chunk, which layout.
namespace braid::codec::deflate {

enum class EngineKind : std::uint8_t { stored, isal, braid, libdeflate, zlib };

struct EngineChoice {
  EngineKind kind;
  int level;           // that engine's own number
  std::int64_t chunk;  // plain bytes, unless the configuration says otherwise
};

// See docs/benchmarks/deflate-levels.md for the measurements behind it. Settings that only zlib has
// (strategy, memory_level, window_log, dictionary) choose zlib; so does Layout::single.
[[nodiscard]] EngineChoice choose_engine(const CompressionConfig& config) noexcept;

[[nodiscard]] Layout layout_of(const CompressionConfig& config) noexcept;

// Settings that exclude each other. Errors: invalid_argument.
[[nodiscard]] Result<void> validate(const CompressionConfig& config);

// Plain bytes of a chunk; 0 for Layout::single.
[[nodiscard]] std::size_t chunk_size(const CompressionConfig& config);

// Memory one ChunkEncoder or StreamEncoder holds, beyond chunk and piece.
[[nodiscard]] std::uint64_t encoder_memory(const CompressionConfig& config);

}  // namespace braid::codec::deflate
