#include "engine/span_run.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/chunk_memory.hpp"
#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "engine/progress.hpp"
#include "parallel/spare_buffers.hpp"

namespace braid::engine {

namespace {

// Spans shorter than this are decoded several at a time.
constexpr std::uint64_t usual_item = 1 << 20;

// Ranges that need no more decoded than this wake nobody.
constexpr std::uint64_t short_range = 16 << 20;

constexpr std::size_t cursor_step = 1 << 20;

// One range of one file.
class SpanRun {
 public:
  SpanRun(CallSite& site, const SpanDecoder& spans, std::uint64_t begin, std::uint64_t end,
          Sink& sink, const RunOptions& options)
      : site_(site),
        spans_(spans),
        points_(spans.points()),
        sink_(sink),
        stop_(options.stop),
        point_(points_.find(begin)),
        next_(begin),
        end_(end),
        first_byte_(packed_at(point_)),
        to_read_(packed_up_to(points_.find(end - 1) + 1)),
        progress_(options, to_read_) {}

  Result<void> run() {
    while (next_ < end_) {
      BRAID_TRY(spans_.wants_cursor(point_) ? pass_by_cursor() : pass_spans());
    }
    transfer_.bytes_in = to_read_;
    progress_.finish(transfer_);
    return {};
  }

 private:
  // Spans that are decoded together.
  struct Item {
    std::size_t point = 0;   // the first
    std::size_t behind = 0;  // the point behind the last
    std::uint64_t size = 0;  // what is decoded of them
    Buffer bytes{base::chunk_memory()};
    unsigned node = 0;  // of `bytes`
  };

  // What the spans up to the range's end, or up to one for a cursor, take.
  struct Plan {
    std::uint64_t plain = 0;  // of all
    std::uint64_t largest = 0;
    std::uint64_t packed = 0;         // room for the largest unit
    std::uint64_t decoder = 1 << 20;  // and for what decodes it
  };

  [[nodiscard]] std::uint64_t packed_at(std::size_t point) const {
    return point < points_.points.size() ? points_.points[point].first_byte() : points_.packed_size;
  }

  // What is read up to a point. Points in order can have packed bytes that are not.
  [[nodiscard]] std::uint64_t packed_up_to(std::size_t point) const {
    return std::max(packed_at(point), first_byte_) - first_byte_;
  }

  // What is decoded of a span.
  [[nodiscard]] std::uint64_t wanted(std::size_t point) const {
    return spans_.size_up_to(point, end_);
  }

  [[nodiscard]] bool is_ahead(std::size_t point) const {
    return point < points_.points.size() && points_.points[point].plain < end_ &&
           !spans_.wants_cursor(point);
  }

  // A huge page costs less than half as many bytes in small ones.
  static std::uint64_t in_pages(std::uint64_t bytes) noexcept {
    constexpr std::uint64_t page = base::huge_page;
    const std::uint64_t rest = bytes % page;
    return rest > page / 2 ? bytes - rest + page : bytes;
  }

  [[nodiscard]] Plan plan() const {
    Plan plan;
    for (std::size_t point = point_; is_ahead(point); ++point) {
      const codec::Unit& unit = points_.points[point].unit;
      plan.plain += wanted(point);
      plan.largest = std::max(plan.largest, wanted(point));
      plan.packed = std::max(plan.packed, unit.size);
      plan.decoder = std::max(plan.decoder, unit.memory);
    }
    plan.packed = in_pages(plan.packed);
    plan.largest = in_pages(plan.largest);
    return plan;
  }

  Result<void> pass_spans() {
    const Plan planned = plan();
    BRAID_TRY_VALUE(const Lanes lanes,
                    site_.open_lanes({.per_thread = planned.packed + planned.decoder,
                                      .per_item = std::max(planned.largest, usual_item)},
                                     stop_));
    const unsigned threads = planned.plain <= short_range ? 1 : lanes.threads;
    lanes_.clear();
    lanes_.resize(threads);
    lane_packed_ = static_cast<std::size_t>(planned.packed);
    item_plain_ = static_cast<std::size_t>(planned.largest);
    monitor_ = site_.monitor();
    buffers_.emplace(lanes.nodes, lanes.window, base::chunk_memory());
    std::vector<Item> items(lanes.window);
    return parallel::run_ordered(
        site_.executor(), {.threads = threads, .stop = stop_, .monitor = monitor_},
        std::span(items), [this](Item& item) { return Result<bool>(produce(item)); },
        [this](Item& item, unsigned slot) { return decode(item, slot); },
        [this](Item& item) { return consume(item); });
  }

  bool produce(Item& item) {
    if (!is_ahead(point_)) return false;
    item.point = point_;
    item.size = 0;
    do {
      item.size += wanted(point_++);
    } while (is_ahead(point_) && item.size + wanted(point_) <= usual_item);
    item.behind = point_;
    return true;
  }

  Result<void> decode(Item& item, unsigned slot) {
    item.bytes = buffers_->take(item.node);
    item.bytes.clear();
    item.bytes.reserve(item_plain_);
    item.bytes.resize(static_cast<std::size_t>(item.size));
    lanes_[slot].packed.reserve(lane_packed_);
    BRAID_TRY(spans_.decode(item.point, item.bytes.writable(), lanes_[slot]));
    if (monitor_ != nullptr) {
      monitor_->add(slot, parallel::Count::bytes_in,
                    packed_up_to(item.behind) - packed_up_to(item.point));
      monitor_->add(slot, parallel::Count::bytes_out, item.size);
    }
    return {};
  }

  Result<void> consume(Item& item) {
    const std::uint64_t begin = points_.points[item.point].plain;
    const std::uint64_t behind = std::min(begin + item.size, end_);
    BRAID_TRY(write(item.bytes.view().slice(static_cast<std::size_t>(next_ - begin),
                                            static_cast<std::size_t>(behind - next_)),
                    packed_up_to(item.behind)));
    buffers_->give(std::move(item.bytes), item.node);
    return {};
  }

  // One span that is too long to be decoded at once, up to its end.
  Result<void> pass_by_cursor() {
    BRAID_TRY_VALUE(SpanCursor cursor, spans_.enter(point_));
    while (cursor.position() < next_) {
      BRAID_TRY(cursor.skip_to(std::min(next_, cursor.position() + cursor_step)));
      transfer_.bytes_in = cursor.consumed() - first_byte_;
      BRAID_TRY(progress_.update(transfer_));
    }
    const std::uint64_t behind = std::min(points_.end_of(point_), end_);
    Buffer room;
    while (next_ < behind) {
      room.resize(static_cast<std::size_t>(std::min<std::uint64_t>(behind - next_, cursor_step)));
      BRAID_TRY(cursor.read(room.writable()));
      BRAID_TRY(write(room.view(), cursor.consumed() - first_byte_));
    }
    ++point_;
    return {};
  }

  // `read`: packed bytes so far.
  Result<void> write(ByteView bytes, std::uint64_t read) {
    BRAID_TRY(parallel::call_user([&] { return sink_.write(bytes); }));
    next_ += bytes.size();
    transfer_.bytes_in = read;
    transfer_.bytes_out += bytes.size();
    return progress_.update(transfer_);
  }

  CallSite& site_;
  const SpanDecoder& spans_;
  const SeekPoints& points_;
  Sink& sink_;
  std::stop_token stop_;
  std::size_t point_;   // that comes next
  std::uint64_t next_;  // plain byte to be written next
  std::uint64_t end_;
  std::uint64_t first_byte_;  // of what is read
  std::uint64_t to_read_;
  ProgressReporter progress_;
  Transfer transfer_;
  parallel::Monitor* monitor_ = nullptr;
  std::vector<SpanDecoder::Lane> lanes_;
  std::size_t lane_packed_ = 0;  // room for the largest unit
  std::size_t item_plain_ = 0;   // and for what is decoded of it
  std::optional<parallel::SpareBuffers> buffers_;
};

}  // namespace

Result<void> run_spans(CallSite& site, const SpanDecoder& spans, std::uint64_t begin,
                       std::uint64_t end, Sink& sink, const RunOptions& options) try {
  if (begin >= end) return {};
  return SpanRun(site, spans, begin, end, sink, options).run();
} catch (const parallel::UserException& thrown) {
  std::rethrow_exception(thrown.cause);
} catch (const std::bad_alloc&) {
  return base::no_memory("no memory to read a part", spans.points().algorithm);
}

}  // namespace braid::engine
