#pragma once

#include <braid/stream.hpp>

#include "archive/format.hpp"
#include "engine/span_reader.hpp"

namespace braid::archive {

// What a compressed file holds, at any place.
class PlainFile {
 public:
  // `file` is borrowed. `memory_limit`: of DecompressionConfig.
  PlainFile(const Positioned& file, engine::SeekPoints points, std::uint64_t memory_limit)
      : points_(std::move(points)), reader_(file, points_, memory_limit) {}

  // By the sizes that the file's framing tells; null where it does not, or not without being read
  // through. Nothing is decoded. Not by a table beside the framing: an archive must not list other
  // entries than it unpacks.
  [[nodiscard]] static std::unique_ptr<PlainFile> find(const Positioned& file,
                                                       const DecompressionConfig& config);

  [[nodiscard]] std::uint64_t size() const noexcept { return points_.plain_size; }

  [[nodiscard]] const engine::SpanDecoder& spans() const noexcept { return reader_.spans(); }

  // The bytes from `offset` on. From any thread; borrows this.
  [[nodiscard]] std::unique_ptr<Source> open(std::uint64_t offset) { return reader_.open(offset); }

 private:
  engine::SeekPoints points_;
  engine::SpanReader reader_;
};

}  // namespace braid::archive
