#include <braid/seekable_reader.hpp>

#include <algorithm>
#include <cstring>
#include <list>
#include <new>
#include <utility>

#include "base/chunk_memory.hpp"
#include "base/mutex.hpp"
#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "engine/engine_impl.hpp"
#include "engine/seek_index.hpp"
#include "engine/span_decoder.hpp"

namespace braid {

namespace {

// What lies between two points is decoded whole and kept when it is no longer than this; streams
// without points are decoded as far as is needed, each time.
constexpr std::uint64_t kept_span = 16 << 20;

// Spans that are kept, the last used first: readers that go along beside each other.
constexpr std::size_t kept_spans = 4;

constexpr std::size_t copy_bytes = 1 << 20;

}  // namespace

class SeekableReader::Impl {
 public:
  Impl(FileSource file, SeekIndex index)
      : index_(std::move(index)), spans_(std::move(file), index_.impl_->points) {}

  [[nodiscard]] const SeekIndex& index() const noexcept { return index_; }

  [[nodiscard]] std::uint64_t size() const noexcept { return points().plain_size; }

  Result<std::size_t> read_at(std::uint64_t offset, MutableBytes out) {
    std::size_t done = 0;
    while (done < out.size() && offset + done < size()) {
      BRAID_TRY_VALUE(const std::size_t count, read_some(offset + done, out.subspan(done)));
      done += count;
    }
    return done;
  }

 private:
  struct Span {
    std::size_t point = 0;
    std::shared_ptr<const Buffer> plain;
  };

  [[nodiscard]] const engine::SeekPoints& points() const noexcept { return index_.impl_->points; }

  // From one span alone.
  Result<std::size_t> read_some(std::uint64_t offset, MutableBytes out) {
    const std::size_t point = points().find(offset);
    const std::uint64_t begin = points().points[point].plain;
    const std::uint64_t end = points().end_of(point);
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), end - offset));
    if (end - begin > kept_span) {
      BRAID_TRY(spans_.decode(point, offset - begin, out.first(count)));
      return count;
    }
    BRAID_TRY_VALUE(const auto plain, span(point));
    std::memcpy(out.data(), plain->data() + (offset - begin), count);
    return count;
  }

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
    plain->resize(static_cast<std::size_t>(points().end_of(point) - points().points[point].plain));
    BRAID_TRY(spans_.decode(point, 0, plain->writable()));
    std::shared_ptr<const Buffer> shared = std::move(plain);
    const base::Lock lock(mutex_);
    kept_.push_front({point, shared});
    if (kept_.size() > kept_spans) kept_.pop_back();
    return shared;
  }

  SeekIndex index_;
  engine::SpanDecoder spans_;
  base::Mutex mutex_;
  std::list<Span> kept_ BRAID_GUARDED_BY(mutex_);
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
  Buffer room;
  room.resize(static_cast<std::size_t>(std::min<std::uint64_t>(length, copy_bytes)));
  std::uint64_t done = 0;
  while (done < length) {
    const auto wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(length - done, copy_bytes));
    BRAID_TRY_VALUE(const std::size_t count,
                    impl_->read_at(offset + done, room.writable().first(wanted)));
    if (count == 0) break;
    BRAID_TRY(sink.write(room.view().first(count)));
    done += count;
  }
  return done;
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to read a part");
}

}  // namespace braid
