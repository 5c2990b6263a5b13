#pragma once

#include <braid/braid.hpp>

#include <algorithm>
#include <cstdlib>

// What the fuzz targets share. A target that finds a broken promise aborts.
namespace braid::fuzz {

inline constexpr std::uint64_t output_limit = 16 << 20;
inline constexpr std::uint64_t memory_limit = 64 << 20;

inline void require(bool promise) {
  if (!promise) std::abort();
}

inline DecompressionConfig reading(Algorithm algorithm) {
  return {.algorithm = algorithm, .output_limit = output_limit, .memory_limit = memory_limit};
}

// Hands out pieces whose sizes depend on the input, as a pipe does.
class PieceSource final : public Source {
 public:
  explicit PieceSource(ByteView bytes) : rest_(bytes) {}

  Result<std::size_t> read(MutableBytes out) override {
    const std::size_t piece = 1 + (rest_.empty() ? 0 : rest_.at(0) * 31);
    const ByteView part = rest_.first(std::min(piece, out.size()));
    std::ranges::copy(part, out.begin());
    rest_ = rest_.drop(part.size());
    return part.size();
  }

 private:
  ByteView rest_;
};

}  // namespace braid::fuzz
