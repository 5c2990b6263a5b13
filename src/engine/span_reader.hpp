#pragma once

#include <list>
#include <memory>
#include <optional>

#include "base/mutex.hpp"
#include "engine/context_shelf.hpp"
#include "engine/span_decoder.hpp"

namespace braid::engine {

// Reads any part of an indexed file on the calling thread, and keeps what was decoded last: 64 MiB
// of spans, or the last one if that is larger, and where reading on came to in a span that is read
// in steps. Every member may be called from any thread.
class SpanReader {
 public:
  // Both are borrowed. `memory_limit`: of DecompressionConfig.
  SpanReader(const RandomAccess& file, const SeekPoints& points, std::uint64_t memory_limit = 0)
      : spans_(file, points, memory_limit) {}

  [[nodiscard]] const SpanDecoder& spans() const noexcept { return spans_; }

  // Plain bytes of the whole file.
  [[nodiscard]] std::uint64_t size() const noexcept { return spans_.points().plain_size; }

  // Where `length` bytes from `offset` on end, or the file.
  [[nodiscard]] std::uint64_t end_of(std::uint64_t offset, std::uint64_t length) const noexcept;

  // As many bytes as `out` holds, fewer only at the end. Errors: those of SpanDecoder. Throws
  // std::bad_alloc.
  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, MutableBytes out);

  // The same into a sink. Errors: also the sink's.
  [[nodiscard]] Result<std::uint64_t> copy(std::uint64_t offset, std::uint64_t length, Sink& sink);

  // What comes from `offset` on, for one thread at a time. Borrows this.
  [[nodiscard]] std::unique_ptr<Source> open(std::uint64_t offset);

 private:
  class From;

  struct Span {
    std::size_t point = 0;
    std::shared_ptr<const Buffer> plain;
  };

  Result<std::shared_ptr<const Buffer>> span(std::size_t point);
  Result<void> read_on(std::size_t point, std::uint64_t offset, MutableBytes out);
  Result<SpanCursor> take_cursor(std::size_t point, std::uint64_t offset);
  void give_back(SpanCursor cursor);
  [[nodiscard]] std::uint64_t begin_of(std::size_t point) const noexcept {
    return spans_.points().points[point].plain;
  }

  // Threads that decode at once and find what they work with ready.
  static constexpr std::size_t kept_lanes = 4;

  SpanDecoder spans_;
  ContextShelf<SpanDecoder::Lane> lanes_{kept_lanes};
  base::Mutex mutex_;
  std::list<Span> kept_ BRAID_GUARDED_BY(mutex_);  // the last used first
  std::uint64_t kept_size_ BRAID_GUARDED_BY(mutex_) = 0;
  std::optional<SpanCursor> cursor_ BRAID_GUARDED_BY(mutex_);
};

}  // namespace braid::engine
