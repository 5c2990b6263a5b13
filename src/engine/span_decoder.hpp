#pragma once

#include <memory>

#include "base/chunk_memory.hpp"
#include "engine/seek_points.hpp"
#include "engine/span_cursor.hpp"

namespace braid::engine {

// Decodes spans of an indexed file: what lies between two points. Any number of threads at once.
class SpanDecoder {
 public:
  // What one thread works with, used again and again.
  struct Lane {
    Buffer packed{base::chunk_memory()};
    std::unique_ptr<codec::UnitDecoder> decoder{};  // from when it is first used
  };

  // Spans longer than this are read by a cursor, if they can be.
  static constexpr std::uint64_t most_at_once = 16 << 20;

  // Both are borrowed. `memory_limit`: of DecompressionConfig.
  SpanDecoder(const RandomAccess& file, const SeekPoints& points, std::uint64_t memory_limit = 0)
      : file_(file), points_(points), memory_limit_(memory_limit) {}

  [[nodiscard]] const SeekPoints& points() const noexcept { return points_; }

  // Whether the span is too long to be decoded at once. Units always are, as there is no other way.
  [[nodiscard]] bool wants_cursor(std::size_t point) const noexcept {
    return !is_unit(point) && span_size(point) > most_at_once;
  }

  [[nodiscard]] bool is_unit(std::size_t point) const noexcept {
    return points_.points[point].kind == SeekPoint::Kind::unit;
  }

  [[nodiscard]] std::uint64_t span_size(std::size_t point) const noexcept {
    return points_.end_of(point) - points_.points[point].plain;
  }

  // What is to be decoded of a span for its plain bytes before `end` of the file's, which lies in
  // or behind it: of a unit all, or a front that can be verified by itself and is at most half.
  [[nodiscard]] std::uint64_t size_up_to(std::size_t point, std::uint64_t end) const noexcept;

  // Fills `out` with plain bytes from the point on: those of some whole spans, the last of which
  // may be cut short as size_up_to() says; what that has beyond a front may be anything. Errors:
  // io; those of decoding; corrupt when other than what the index says comes out. Throws
  // std::bad_alloc.
  [[nodiscard]] Result<void> decode(std::size_t point, MutableBytes out, Lane& lane) const;

  // For reading on from the point, which is no unit.
  [[nodiscard]] Result<SpanCursor> enter(std::size_t point) const {
    return SpanCursor::enter(file_, points_, point, memory_limit_);
  }

 private:
  Result<void> decode_unit(const SeekPoint& point, MutableBytes out, Lane& lane) const;
  Result<void> decode_front(const SeekPoint& point, ByteView packed, MutableBytes out,
                            codec::UnitDecoder& decoder) const;
  [[nodiscard]] Error fail(Error error) const;

  const RandomAccess& file_;
  const SeekPoints& points_;
  std::uint64_t memory_limit_;
};

}  // namespace braid::engine
