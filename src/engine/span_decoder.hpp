#pragma once

#include <braid/file.hpp>

#include "engine/seek_points.hpp"

namespace braid::engine {

// Decodes what lies between two points of an indexed file. Any number of threads at once.
class SpanDecoder {
 public:
  // `points` are borrowed.
  SpanDecoder(FileSource file, const SeekPoints& points)
      : file_(std::move(file)), points_(points) {}

  // Plain bytes from the point's `skip`-th on: exactly as many as `out` holds, all of them before
  // the next point. Errors: io; those of decoding; corrupt when fewer come out than the index says.
  // Throws std::bad_alloc.
  [[nodiscard]] Result<void> decode(std::size_t point, std::uint64_t skip, MutableBytes out) const;

 private:
  Result<void> decode_unit(const SeekPoint& point, std::uint64_t skip, MutableBytes out) const;
  Result<void> decode_stream(const SeekPoint& point, std::uint64_t skip, MutableBytes out) const;
  Result<DecodeDriver> enter(const SeekPoint& point, std::uint64_t& packed) const;
  [[nodiscard]] Error locate(Error error) const;

  FileSource file_;
  const SeekPoints& points_;
};

}  // namespace braid::engine
