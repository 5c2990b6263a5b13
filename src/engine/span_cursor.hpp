#pragma once

#include "engine/seek_points.hpp"

namespace braid::engine {

// Reads an indexed file from one of its points on, in constant memory. One thread at a time.
class SpanCursor {
 public:
  // At a point that is no unit. `file` is borrowed. `memory_limit`: of DecompressionConfig. Errors:
  // io; corrupt; those of the decoder.
  [[nodiscard]] static Result<SpanCursor> enter(const RandomAccess& file, const SeekPoints& points,
                                                std::size_t point, std::uint64_t memory_limit);

  // Of the plain byte that comes next.
  [[nodiscard]] std::uint64_t position() const noexcept { return driver_.produced(); }

  // Of the byte of the file that is looked at next.
  [[nodiscard]] std::uint64_t consumed() const noexcept { return driver_.consumed(); }

  // Plain bytes from here on: exactly as many as `out` holds. Errors: io; those of decoding;
  // corrupt when fewer come out than the index says. Nothing can be read after an error.
  [[nodiscard]] Result<void> read(MutableBytes out);

  // Passes over what comes before plain byte `position`, which must not lie behind.
  [[nodiscard]] Result<void> skip_to(std::uint64_t position);

 private:
  SpanCursor(const RandomAccess& file, DecodeDriver driver, std::uint64_t packed)
      : file_(&file), driver_(std::move(driver)), packed_(packed) {}

  const RandomAccess* file_;
  DecodeDriver driver_;
  std::uint64_t packed_;  // the next byte of the file to be read
  bool ended_ = false;    // the file has
  Buffer in_;
  ByteView ahead_;  // of `in_`
  Buffer passed_;   // what is skipped
};

}  // namespace braid::engine
