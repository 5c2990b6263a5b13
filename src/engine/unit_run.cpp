#include "engine/unit_run.hpp"

#include <algorithm>
#include <utility>

#include "base/try.hpp"

namespace braid::engine {

using codec::Split;
using codec::Unit;

namespace {

// How far to look for the end of a unit before anything is known of its size.
constexpr std::uint64_t first_look_cap = 32 << 20;

// After so many units in a row of less than that, headers included, no more are looked up one by
// one: reading everything costs less.
constexpr std::uint64_t tiny_unit = 16 << 10;
constexpr unsigned most_tiny_hops = 64;

}  // namespace

UnitRun::UnitRun(const codec::Format& format, const codec::DecoderSettings& settings,
                 CallSite& site, PackedReader& reader, std::stop_token stop)
    : format_(format),
      settings_(settings),
      site_(site),
      reader_(reader),
      stop_(std::move(stop)),
      splitter_(format.make_splitter()),
      verifier_(format.make_verifier(settings)),
      sum_(format.make_running_sum != nullptr ? format.make_running_sum() : nullptr) {}

Result<UnitStop> UnitRun::run(const PlainSink& write) {
  stopped_.reset();
  oversized_ = false;
  hopping_ = may_hop_ && reader_.find_file();
  from_file_ = false;
  BRAID_TRY(first_split(write));
  if (planned_.item == 0) BRAID_TRY(read_leading_frames());
  for (;;) {
    BRAID_TRY(run_units(write));
    if (stopped_) return std::move(*stopped_);
    if (!oversized_) break;
    BRAID_TRY(pass_oversized());
    if (stopped_) return std::move(*stopped_);
  }
  if (next_->kind == Split::Kind::sequential) return UnitStop{.kind = UnitStop::Kind::stream};
  auto verdict = verifier_->finish();
  if (!verdict) return locate(std::move(verdict).error(), reader_.offset(), units_);
  return UnitStop{.kind = UnitStop::Kind::end};
}

// Until something other than a unit that fits its share comes.
Result<void> UnitRun::run_units(const PlainSink& write) {
  if (!oversized_ && next_->kind == Split::Kind::unit) {
    sum_.begin(made_, items_.size());
    auto result = run_lanes(write);
    for (Item& item : items_) give_back(item);  // what a run that was left did not consume
    if (!result && !stopped_) return std::move(result).error();
    if (!stopped_ && carried_) {
      auto handed = hand_over(*carried_);
      if (!stopped_) return std::move(handed).error();
    }
  }
  return {};
}

Result<void> UnitRun::run_lanes(const PlainSink& write) {
  class Stages final : public parallel::OrderedStages {
   public:
    Stages(UnitRun& run, const PlainSink& write) : run_(run), write_(write) {}

    Result<bool> produce(std::size_t item) override { return run_.produce(run_.items_[item]); }

    Result<void> work(std::size_t item, unsigned slot, parallel::Advance& advance) override {
      run_.work(run_.items_[item], slot, advance);
      return {};
    }

    Result<void> consume(std::size_t item) override {
      return run_.consume(run_.items_[item], write_);
    }

    Result<void> consume_front(std::size_t item) override {
      return run_.consume_front(run_.items_[item], write_);
    }

    [[nodiscard]] bool consumed_at_any_time(std::size_t item) const override {
      return run_.is_plain_sailing(run_.items_[item]);
    }

   private:
    UnitRun& run_;
    const PlainSink& write_;
  };

  Stages stages(*this, write);
  return parallel::run_ordered(
      site_.executor(), {.threads = lanes_.threads, .stop = stop_, .monitor = site_.monitor()},
      items_.size(), stages);
}

// By headers, up to the end that the file had.
Result<std::optional<Split>> UnitRun::next_hop() {
  auto rest = reader_.outlook();
  std::optional<Split> split = splitter_->hop(rest);
  if (rest.failure()) return *rest.failure();
  may_hop_ = split.has_value();
  // A file may have grown.
  if (split && split->kind == Split::Kind::end) split.reset();
  hopping_ = split.has_value();
  from_file_ = from_file_ || hopping_;
  if (hopping_) tiny_hops_ = split->unit.size < tiny_unit ? tiny_hops_ + 1 : 0;
  return split;
}

// Where a StreamDecoder goes on at once, `write` is not called: it may hold bytes back.
Result<void> UnitRun::first_split(const PlainSink& write) {
  const Split split = hopping_ ? Split{} : splitter_->next(reader_.ahead(), reader_.ended());
  if (split.kind == Split::Kind::need_input) {
    BRAID_TRY(write({}));
    BRAID_TRY_VALUE(next_, next_split());
  } else {
    next_ = split;
  }
  return next_->kind == Split::Kind::sequential ? Result<void>() : write({});
}

Result<Split> UnitRun::next_split() {
  if (tiny_hops_ == most_tiny_hops) may_hop_ = hopping_ = false;
  if (hopping_) {
    BRAID_TRY_VALUE(const auto split, next_hop());
    if (split) return *split;
  }
  for (;;) {
    const Split split = splitter_->next(reader_.ahead(), reader_.ended());
    if (split.kind != Split::Kind::need_input) return split;
    if (reader_.ended()) return Split{.kind = Split::Kind::sequential};
    // A unit that does not fit its share is left to a StreamDecoder before it is read whole.
    if (reader_.ahead().size() > std::max<std::uint64_t>(planned_.item, first_look_cap)) {
      oversized_ = true;
      return Split{.kind = Split::Kind::sequential};
    }
    BRAID_TRY(reader_.read_more());
  }
}

// What a unit takes that has so many plain bytes.
UnitRun::Need UnitRun::need(const Unit& unit, std::uint64_t plain, bool hopped) const {
  constexpr std::uint64_t most = UINT64_MAX / 4;  // no sum of three overflows
  const std::uint64_t packed = reader_.in_memory() ? 0 : std::min(unit.size, most);
  plain = std::min(plain, most);
  if (in_pieces(unit)) plain = PieceQueue::memory_for(plain);
  if (hopped) return {.item = plain, .packed = packed, .decoder = unit.memory};
  return {.item = plain + packed, .decoder = unit.memory};
}

// Sees to what the item's unit, with so many plain bytes, takes beyond what was planned.
bool UnitRun::reserve_beyond(Item& item, std::uint64_t plain) {
  const Need needed = need(item.unit, plain, item.hopped);
  const auto over = [](std::uint64_t bytes, std::uint64_t planned) {
    return bytes - std::min(bytes, planned);
  };
  const std::uint64_t beyond =
      over(needed.item, planned_.item) + over(needed.decoder, planned_.decoder);
  if (beyond <= item.extra.bytes()) return true;
  auto extra = site_.try_reserve(beyond);
  if (!extra) return false;
  item.extra = std::move(*extra);
  return true;
}

// Sees to it that every lane may hold the packed bytes of this unit, now and from now on. If it can
// be, of a larger one too: each growth is another room that no thread has touched yet.
bool UnitRun::reserve_packed(const Unit& unit) {
  if (unit.size <= planned_.packed) return true;
  const std::uint64_t least = std::min(unit.size, UINT64_MAX >> 16);
  for (const std::uint64_t size : {least + least / 2, least}) {
    const std::uint64_t more = size - planned_.packed;
    auto memory = site_.try_reserve(lanes_.threads * more);
    if (!memory) continue;
    lane_memory_.push_back(std::move(*memory));
    planned_.packed += more;
    return true;
  }
  return false;
}

// Headers come before the first data and tell nothing of what data will need.
Result<void> UnitRun::read_leading_frames() {
  Buffer storage;
  while (next_->kind == Split::Kind::unit && next_->unit.kind == Unit::Kind::frame) {
    const std::uint64_t offset = reader_.offset();
    BRAID_TRY_VALUE(const ByteView bytes, take(next_->unit, storage));
    auto verdict = verifier_->add(next_->unit, bytes, {}, {});
    if (!verdict) return locate(std::move(verdict).error(), offset, units_);
    BRAID_TRY_VALUE(next_, next_split());
  }
  if (next_->kind != Split::Kind::unit) return {};
  const Unit& unit = next_->unit;
  auto opened = open_lanes(need(unit, plain_room(unit), hopping_));
  oversized_ = !opened && opened.error().code == Errc::memory_limit;
  return oversized_ ? Result<void>() : opened;
}

// Nothing is in flight: the unit ahead is read by a StreamDecoder, in constant memory, or where
// none can begin, with all the memory that the units before it had.
Result<void> UnitRun::pass_oversized() {
  oversized_ = false;
  BRAID_TRY_VALUE(auto decoder, verifier_->take_over(history()));
  if (decoder != nullptr || verifier_->at_stream()) {
    next_.reset();
    stopped_ = UnitStop{.kind = UnitStop::Kind::mid_stream, .decoder = std::move(decoder)};
    return {};
  }
  // Without a unit, what is ahead is more than the share and the unit's end is not in sight.
  const bool cut = next_->kind == Split::Kind::unit;
  items_.clear();
  decoders_.clear();
  lanes_ = {};
  const Unit& unit = next_->unit;
  BRAID_TRY(
      open_lanes(cut ? need(unit, plain_room(unit), hopping_)
                     : Need{.item = 2 * reader_.ahead().size(), .decoder = planned_.decoder}));
  if (!cut) {
    BRAID_TRY_VALUE(next_, next_split());
  }
  return {};
}

// Units of one file are much like the first, but for how well they compress; small ones get room
// for an unusual neighbour.
Result<void> UnitRun::open_lanes(const Need& first) {
  constexpr std::uint64_t least_item = 4 << 20;
  constexpr std::uint64_t least_decoder = 1 << 20;
  const Need plan{.item = std::max(first.item + first.item / 4, least_item),
                  .packed = first.packed + first.packed / 4,
                  .decoder = std::max(first.decoder, least_decoder)};
  LaneNeeds needs{.per_thread = plan.decoder + plan.packed, .per_item = plan.item};
  // What waits to be worked on is headers in a file, soon had: of large units as many again as are
  // at work are enough. More would be filled where the calling thread is slow, all of it with pages
  // that are new to the process.
  if (hopping_ && first.item > least_item) needs.items_per_thread = 2;
  BRAID_TRY_VALUE(lanes_, site_.open_lanes(needs, stop_));
  planned_ = plan;
  lane_memory_.clear();
  decoders_.resize(lanes_.threads);
  packed_.clear();
  while (packed_.size() < lanes_.threads) packed_.emplace_back(base::chunk_memory());
  items_.clear();
  items_.resize(lanes_.window);
  buffers_.emplace(lanes_.nodes, lanes_.window, base::chunk_memory());
  if (!makes_pieces()) return {};
  blocks_.emplace(lanes_.nodes, lanes_.window * (plan.item / PieceQueue::block_size + 1),
                  base::chunk_memory());
  for (Item& item : items_) item.pieces = std::make_unique<PieceQueue>(*blocks_);
  return {};
}

// Whether large units are written while they are decoded: in half the memory, near the processor.
// An index wants sums of whole ones.
bool UnitRun::makes_pieces() const noexcept {
  return format_.units_in_steps && !format_.steps_copy && points_ == nullptr;
}

// Whether this one is. Small ones are as well whole.
bool UnitRun::in_pieces(const Unit& unit) const noexcept {
  constexpr std::uint64_t least = 2 * PieceQueue::block_size;
  return makes_pieces() && unit.kind == Unit::Kind::data && unit.plain_size != Unit::unknown &&
         unit.plain_size > least;
}

Result<bool> UnitRun::produce(Item& item) {
  BRAID_TRY_VALUE(bool unit_ahead, gather(item));
  if (unit_ahead) {
    item.unit = next_->unit;
    item.hopped = hopping_;
    const bool data = item.unit.kind == Unit::Kind::data;
    const bool fits = !data || ((!hopping_ || reserve_packed(item.unit)) &&
                                reserve_beyond(item, plain_room(item.unit)));
    oversized_ = !fits;
    unit_ahead = fits;
  }
  if (!unit_ahead && item.batch.empty()) return false;
  item.index = item.last = made_++;
  item.number = units_;
  item.offset = reader_.offset();
  item.in_flight = true;
  item.packed_room = planned_.packed;
  item.too_large = false;
  item.batch_accepted = false;
  item.written = 0;
  if (unit_ahead) {
    if (item.unit.kind == Unit::Kind::data) ++units_;
    BRAID_TRY_VALUE(item.packed, take(item.unit, item.storage));
    next_.reset();
  } else {
    item.unit = {.kind = Unit::Kind::frame};
    item.packed = {};
  }
  return true;
}

// Takes the small units that come next; whether another follows them that belongs to the item.
Result<bool> UnitRun::gather(Item& item) {
  item.batch.clear();
  for (;;) {
    if (!next_ && item.batch.holds_data()) {
      // What is at hand is handed out rather than kept until there is more.
      const Split split = splitter_->next(reader_.ahead(), reader_.ended());
      if (split.kind == Split::Kind::need_input) return false;
      next_ = split;
    } else if (!next_) {
      BRAID_TRY_VALUE(next_, next_split());
    }
    if (next_->kind != Split::Kind::unit) return false;
    const Unit& unit = next_->unit;
    const bool readable = unit.kind == Unit::Kind::frame || !hopping_;
    if (!readable || !item.batch.takes(unit, planned_.decoder)) return !item.batch.holds_data();
    const UnitBatch::Part part{.unit = unit, .offset = reader_.offset(), .number = units_};
    if (hopping_) {
      BRAID_TRY_VALUE(const ByteView bytes, take(unit, item.storage));
      item.batch.add(part, bytes);
    } else {
      const auto size = static_cast<std::size_t>(unit.size);
      item.batch.add(part, reader_.ahead().first(size));
      reader_.consume(size);
    }
    if (unit.kind == Unit::Kind::data) ++units_;
    next_.reset();
  }
}

// Consumes the unit that comes next. Its bytes, or of data that is hopped over as many as its
// verifier needs; they lie in `storage` or in the source's memory.
Result<ByteView> UnitRun::take(const Unit& unit, Buffer& storage) {
  if (!hopping_) return reader_.take(static_cast<std::size_t>(unit.size), 0, storage);
  const std::uint64_t most = unit.kind == Unit::Kind::data ? codec::unit_head : unit.size;
  BRAID_TRY(reader_.read_part(reader_.offset(), std::min(unit.size, most), storage));
  reader_.pass(unit.size);
  return storage.view();
}

// Sees to it that `packed` is the whole unit.
Result<void> UnitRun::hold(Item& item) {
  if (item.packed.size() == item.unit.size) return {};
  BRAID_TRY(reader_.read_part(item.offset, item.unit.size, item.storage));
  item.packed = item.storage.view();
  return {};
}

}  // namespace braid::engine
