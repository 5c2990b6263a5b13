#include "engine/span_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/try.hpp"

namespace braid::engine {

namespace {

constexpr std::uint64_t kept_bytes = 64 << 20;

constexpr std::uint64_t copy_bytes = 1 << 20;

}  // namespace

std::uint64_t SpanReader::end_of(std::uint64_t offset, std::uint64_t length) const noexcept {
  return offset + std::min(length, size() - std::min(offset, size()));
}

Result<std::size_t> SpanReader::read_at(std::uint64_t offset, MutableBytes out) {
  const std::uint64_t end = end_of(offset, out.size());
  std::uint64_t at = offset;
  while (at < end) {
    const std::size_t point = spans_.points().find(at);
    const std::uint64_t behind = std::min(spans_.points().end_of(point), end);
    const MutableBytes room =
        out.subspan(static_cast<std::size_t>(at - offset), static_cast<std::size_t>(behind - at));
    if (spans_.wants_cursor(point)) {
      BRAID_TRY(read_on(point, at, room));
    } else {
      BRAID_TRY_VALUE(const auto plain, span(point));
      std::memcpy(room.data(), plain->data() + (at - begin_of(point)), room.size());
    }
    at = behind;
  }
  return static_cast<std::size_t>(end - offset);
}

Result<std::uint64_t> SpanReader::copy(std::uint64_t offset, std::uint64_t length, Sink& sink) {
  const std::uint64_t end = end_of(offset, length);
  std::uint64_t at = offset;
  Buffer room;
  while (at < end) {
    const std::size_t point = spans_.points().find(at);
    std::uint64_t behind = std::min(spans_.points().end_of(point), end);
    if (spans_.wants_cursor(point)) {
      behind = std::min(behind, at + copy_bytes);
      room.resize(static_cast<std::size_t>(behind - at));
      BRAID_TRY(read_on(point, at, room.writable()));
      BRAID_TRY(sink.write(room.view()));
    } else {
      BRAID_TRY_VALUE(const auto plain, span(point));
      BRAID_TRY(sink.write(plain->view().slice(static_cast<std::size_t>(at - begin_of(point)),
                                               static_cast<std::size_t>(behind - at))));
    }
    at = behind;
  }
  return end - offset;
}

// All of a span.
Result<std::shared_ptr<const Buffer>> SpanReader::span(std::size_t point) {
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
  if (lane == nullptr) lane = std::make_unique<SpanDecoder::Lane>();
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

// Part of a span that is read in steps.
Result<void> SpanReader::read_on(std::size_t point, std::uint64_t offset, MutableBytes out) {
  BRAID_TRY_VALUE(SpanCursor cursor, take_cursor(point, offset));
  BRAID_TRY(cursor.read(out));
  give_back(std::move(cursor));
  return {};
}

// Stands at `offset`, within a span that is read in steps: the one that was used last, if it came
// to a place that helps.
Result<SpanCursor> SpanReader::take_cursor(std::size_t point, std::uint64_t offset) {
  std::optional<SpanCursor> cursor;
  {
    const base::Lock lock(mutex_);
    cursor.swap(cursor_);
  }
  const bool helps =
      cursor && cursor->position() <= offset && cursor->position() >= begin_of(point);
  if (!helps) {
    BRAID_TRY_VALUE(cursor, spans_.enter(point));
  }
  BRAID_TRY(cursor->skip_to(offset));
  return *std::move(cursor);
}

void SpanReader::give_back(SpanCursor cursor) {
  const base::Lock lock(mutex_);
  cursor_.emplace(std::move(cursor));
}

// Has a cursor of its own while it reads in steps, so that several beside each other go on.
class SpanReader::From final : public Source {
 public:
  From(SpanReader& reader, std::uint64_t offset) noexcept : reader_(reader), at_(offset) {}

  ~From() override {
    if (cursor_) reader_.give_back(*std::move(cursor_));
  }

  Result<std::size_t> read(MutableBytes out) override {
    if (at_ >= reader_.size()) return std::size_t{0};
    const SeekPoints& points = reader_.spans_.points();
    const std::size_t point = points.find(at_);
    out = out.first(
        static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), points.end_of(point) - at_)));
    if (!reader_.spans_.wants_cursor(point)) {
      BRAID_TRY(reader_.read_at(at_, out));
    } else {
      std::optional<SpanCursor> cursor = std::exchange(cursor_, std::nullopt);
      if (!cursor || cursor->position() != at_) {
        BRAID_TRY_VALUE(cursor, reader_.take_cursor(point, at_));
      }
      BRAID_TRY(cursor->read(out));
      cursor_ = std::move(cursor);
    }
    at_ += out.size();
    return out.size();
  }

  [[nodiscard]] std::optional<std::uint64_t> size() const override {
    return reader_.size() - std::min(at_, reader_.size());
  }

 private:
  SpanReader& reader_;
  std::uint64_t at_;
  std::optional<SpanCursor> cursor_;
};

std::unique_ptr<Source> SpanReader::open(std::uint64_t offset) {
  return std::make_unique<From>(*this, offset);
}

}  // namespace braid::engine
