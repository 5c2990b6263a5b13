#include <braid/seekable_reader.hpp>

#include <algorithm>
#include <cstring>
#include <list>
#include <new>
#include <optional>
#include <utility>

#include "base/chunk_memory.hpp"
#include "base/mutex.hpp"
#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "engine/context_shelf.hpp"
#include "engine/engine_impl.hpp"
#include "engine/seek_index.hpp"
#include "engine/span_decoder.hpp"
#include "engine/span_run.hpp"

namespace braid {

namespace {

// Spans that were decoded last, of so many bytes, are kept: readers that go along beside each
// other. The last one always is.
constexpr std::uint64_t kept_bytes = 64 << 20;

constexpr std::size_t kept_lanes = 4;

constexpr std::uint64_t copy_bytes = 1 << 20;

}  // namespace

class SeekableReader::Impl {
 public:
  Impl(FileSource file, SeekIndex index)
      : index_(std::move(index)), spans_(std::move(file), index_.impl_->points) {}

  [[nodiscard]] const SeekIndex& index() const noexcept { return index_; }

  [[nodiscard]] const engine::SpanDecoder& spans() const noexcept { return spans_; }

  [[nodiscard]] const engine::SeekPoints& points() const noexcept { return index_.impl_->points; }

  [[nodiscard]] std::uint64_t size() const noexcept { return points().plain_size; }

  // Where `length` bytes from `offset` on end.
  [[nodiscard]] std::uint64_t end_of(std::uint64_t offset, std::uint64_t length) const noexcept {
    return offset + std::min(length, size() - std::min(offset, size()));
  }

  Result<std::uint64_t> read_at(std::uint64_t offset, MutableBytes out) {
    const std::uint64_t end = end_of(offset, out.size());
    std::uint64_t at = offset;
    while (at < end) {
      const std::size_t point = points().find(at);
      const std::uint64_t behind = std::min(points().end_of(point), end);
      const MutableBytes room =
          out.subspan(static_cast<std::size_t>(at - offset), static_cast<std::size_t>(behind - at));
      if (spans_.wants_cursor(point)) {
        BRAID_TRY(read_on(point, at, room));
      } else {
        BRAID_TRY_VALUE(const auto plain, span(point));
        std::memcpy(room.data(), plain->data() + (at - points().points[point].plain), room.size());
      }
      at = behind;
    }
    return end - offset;
  }

  Result<std::uint64_t> copy(std::uint64_t offset, std::uint64_t length, Sink& sink) {
    const std::uint64_t end = end_of(offset, length);
    std::uint64_t at = offset;
    Buffer room;
    while (at < end) {
      const std::size_t point = points().find(at);
      std::uint64_t behind = std::min(points().end_of(point), end);
      if (spans_.wants_cursor(point)) {
        behind = std::min(behind, at + copy_bytes);
        room.resize(static_cast<std::size_t>(behind - at));
        BRAID_TRY(read_on(point, at, room.writable()));
        BRAID_TRY(sink.write(room.view()));
      } else {
        BRAID_TRY_VALUE(const auto plain, span(point));
        BRAID_TRY(sink.write(
            plain->view().slice(static_cast<std::size_t>(at - points().points[point].plain),
                                static_cast<std::size_t>(behind - at))));
      }
      at = behind;
    }
    return end - offset;
  }

 private:
  struct Span {
    std::size_t point = 0;
    std::shared_ptr<const Buffer> plain;
  };

  // All of a span.
  Result<std::shared_ptr<const Buffer>> span(std::size_t point) {
    {
      const base::Lock lock(mutex_);
      const auto found = std::ranges::find(kept_, point, &Span::point);
      if (found != kept_.end()) {
        kept_.splice(kept_.begin(), kept_, found);
        return kept_.front().plain;
      }
    }
    auto plain = std::make_shared<Buffer>(base::chunk_memory());
    plain->resize(static_cast<std::size_t>(spans_.span_size(point)));
    auto lane = lanes_.take();
    if (lane == nullptr) lane = std::make_unique<engine::SpanDecoder::Lane>();
    BRAID_TRY(spans_.decode(point, plain->writable(), *lane));
    lanes_.put(std::move(lane));
    std::shared_ptr<const Buffer> shared = std::move(plain);
    const base::Lock lock(mutex_);
    kept_.push_front({point, shared});
    kept_size_ += shared->size();
    while (kept_.size() > 1 && kept_size_ > kept_bytes) {
      kept_size_ -= kept_.back().plain->size();
      kept_.pop_back();
    }
    return shared;
  }

  // Part of a span that is read in steps: from where the last one came to, if that helps.
  Result<void> read_on(std::size_t point, std::uint64_t offset, MutableBytes out) {
    std::optional<engine::SpanCursor> cursor;
    {
      const base::Lock lock(mutex_);
      cursor.swap(cursor_);
    }
    const bool helps = cursor && cursor->position() <= offset &&
                       cursor->position() >= points().points[point].plain;
    if (!helps) {
      BRAID_TRY_VALUE(cursor, spans_.enter(point));
    }
    BRAID_TRY(cursor->skip_to(offset));
    BRAID_TRY(cursor->read(out));
    const base::Lock lock(mutex_);
    cursor_.swap(cursor);
    return {};
  }

  SeekIndex index_;
  engine::SpanDecoder spans_;
  engine::ContextShelf<engine::SpanDecoder::Lane> lanes_{kept_lanes};
  base::Mutex mutex_;
  std::list<Span> kept_ BRAID_GUARDED_BY(mutex_);  // the last used first
  std::uint64_t kept_size_ BRAID_GUARDED_BY(mutex_) = 0;
  std::optional<engine::SpanCursor> cursor_ BRAID_GUARDED_BY(mutex_);
};

SeekableReader::SeekableReader(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}

SeekableReader::SeekableReader(SeekableReader&&) noexcept = default;
SeekableReader& SeekableReader::operator=(SeekableReader&&) noexcept = default;
SeekableReader::~SeekableReader() = default;

Result<SeekableReader> SeekableReader::open(const std::filesystem::path& file, SeekIndex index) {
  BRAID_TRY_VALUE(FileSource source, FileSource::open(file));
  return SeekableReader(std::make_unique<Impl>(std::move(source), std::move(index)));
}

Result<SeekableReader> SeekableReader::open(Engine& engine, const std::filesystem::path& file,
                                            const DecompressionConfig& config,
                                            const RunOptions& options) {
  BRAID_TRY_VALUE(SeekIndex index, SeekIndex::build(engine, file, config, options));
  return open(file, std::move(index));
}

std::uint64_t SeekableReader::size() const noexcept {
  return impl_->size();
}

const SeekIndex& SeekableReader::index() const noexcept {
  return impl_->index();
}

Result<std::size_t> SeekableReader::read_at(std::uint64_t offset, MutableBytes out) const try {
  return impl_->read_at(offset, out);
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to read a part");
}

Result<std::uint64_t> SeekableReader::copy(std::uint64_t offset, std::uint64_t length,
                                           Sink& sink) const try {
  return impl_->copy(offset, length, sink);
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to read a part");
}

Result<std::uint64_t> SeekableReader::copy(Engine& engine, std::uint64_t offset,
                                           std::uint64_t length, Sink& sink,
                                           const RunOptions& options) const {
  engine.impl().count_call();
  const std::uint64_t end = impl_->end_of(offset, length);
  BRAID_TRY(engine::run_spans(engine.impl(), impl_->spans(), impl_->points(), offset, end, sink,
                              options));
  return end - offset;
}

}  // namespace braid
