#include "engine/unit_run.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/try.hpp"

namespace braid::engine {

using codec::Decoded;
using codec::Split;
using codec::Unit;

namespace {

// What take_over() may ask for.
constexpr std::size_t history_bytes = 64 << 10;

// A unit of unknown plain size may grow to this: beyond every bzip2 block (46 MB), and beyond most
// zstd frames of other writers. Larger ones, and those that there is no memory for when they have
// outgrown what is usual, are read by a StreamDecoder, in constant memory.
constexpr std::uint64_t unknown_plain_cap = 64 << 20;

// Joining goes on no further than this: then a StreamDecoder is cheaper than another attempt.
constexpr std::size_t joined_cap = 64 << 20;

// How far to look for the end of a unit before anything is known of its size.
constexpr std::uint64_t first_look_cap = 32 << 20;

// Bytes that joining may decode again for each byte it holds, packed and plain, beyond a first
// allowance: marks that lie by chance are few, and those that somebody put there must not cost
// quadratic time.
constexpr std::uint64_t joining_factor = 8;
constexpr std::uint64_t joining_allowance = 4 << 20;

// Plain bytes that a unit is given room for before it is decoded.
std::uint64_t plain_room(const Unit& unit) noexcept {
  if (unit.plain_size != Unit::unknown) return unit.plain_size;
  const std::uint64_t guess = unit.plain_usual != 0 ? unit.plain_usual : unit.plain_most;
  return std::min(guess, unknown_plain_cap);
}

// How run_ordered() is left when a unit cannot be used; never seen outside.
Error leave_run() {
  return {.code = Errc::internal, .message = "handing over"};
}

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
  BRAID_TRY_VALUE(next_, next_split());
  if (share_ == 0) BRAID_TRY(read_leading_frames());
  for (;;) {
    BRAID_TRY(run_units(write));
    if (stopped_) return std::move(*stopped_);
    if (!oversized_) break;
    BRAID_TRY(pass_oversized());
    if (stopped_) return std::move(*stopped_);
  }
  if (next_->kind == Split::Kind::sequential) return UnitStop{.kind = UnitStop::Kind::stream};
  BRAID_TRY(verifier_->finish());
  return UnitStop{.kind = UnitStop::Kind::end};
}

// Until something other than a unit that fits its share comes.
Result<void> UnitRun::run_units(const PlainSink& write) {
  if (!oversized_ && next_->kind == Split::Kind::unit) {
    sum_.begin(units_, items_.size());
    auto result = parallel::run_ordered(
        site_.executor(), {.threads = lanes_.threads, .stop = stop_, .monitor = site_.monitor()},
        std::span(items_), [this](Item& item) { return produce(item); },
        [this](Item& item, unsigned slot) {
          work(item, slot);
          return Result<void>();
        },
        [&](Item& item) { return consume(item, write); });
    for (Item& item : items_) give_back(item);  // what a run that was left did not consume
    if (!result && !stopped_) return std::move(result).error();
    if (!stopped_ && carried_) {
      auto handed = hand_over(*carried_);
      if (!stopped_) return std::move(handed).error();
    }
  }
  return {};
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
  return split;
}

Result<Split> UnitRun::next_split() {
  if (hopping_) {
    BRAID_TRY_VALUE(const auto split, next_hop());
    if (split) return *split;
  }
  for (;;) {
    const Split split = splitter_->next(reader_.ahead(), reader_.ended());
    if (split.kind != Split::Kind::need_input) return split;
    if (reader_.ended()) return Split{.kind = Split::Kind::sequential};
    // A unit that does not fit its share is left to a StreamDecoder before it is read whole.
    if (reader_.ahead().size() > std::max<std::uint64_t>(share_, first_look_cap)) {
      oversized_ = true;
      return Split{.kind = Split::Kind::sequential};
    }
    BRAID_TRY(reader_.read_more(split.wanted));
  }
}

// Bytes that an item with this unit and so many plain bytes holds.
std::uint64_t UnitRun::item_bytes(const Unit& unit, std::uint64_t plain) const {
  const std::uint64_t packed = reader_.in_memory() ? 0 : unit.size;
  constexpr std::uint64_t most = UINT64_MAX / 4;  // no sum of three overflows
  return std::min(plain, most) + std::min(packed, most);
}

// Sees to what the item's unit, with so many plain bytes, takes beyond its share, and its decoder
// beyond what one was planned to.
bool UnitRun::reserve_beyond(Item& item, std::uint64_t plain) {
  const Unit& unit = item.unit;
  const std::uint64_t bytes = item_bytes(unit, plain);
  const std::uint64_t beyond =
      (bytes > share_ ? bytes - share_ : 0) + (unit.memory > context_ ? unit.memory - context_ : 0);
  if (beyond <= item.extra.bytes()) return true;
  auto extra = site_.try_reserve(beyond);
  if (!extra) return false;
  item.extra = std::move(*extra);
  return true;
}

// Headers come before the first data and tell nothing of what data will need.
Result<void> UnitRun::read_leading_frames() {
  while (next_->kind == Split::Kind::unit && next_->unit.kind == Unit::Kind::frame) {
    Item frame;
    frame.unit = next_->unit;
    frame.offset = reader_.offset();
    frame.index = units_;
    BRAID_TRY(take(frame));
    auto verdict = verifier_->add(frame.unit, frame.packed, {}, {});
    if (!verdict) return locate(std::move(verdict).error(), frame);
    BRAID_TRY_VALUE(next_, next_split());
  }
  if (next_->kind != Split::Kind::unit) return {};
  auto opened = open_lanes(item_bytes(next_->unit, plain_room(next_->unit)), next_->unit.memory);
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
  BRAID_TRY(open_lanes(cut ? item_bytes(unit, plain_room(unit)) : 2 * reader_.ahead().size(),
                       cut ? unit.memory : context_));
  if (!cut) {
    BRAID_TRY_VALUE(next_, next_split());
  }
  return {};
}

// `item`: what the first unit takes, `decoder`: what its decoder does.
Result<void> UnitRun::open_lanes(std::uint64_t item, std::uint64_t decoder) {
  // Units of one file are much alike, but for how well they compress; small ones get room for an
  // unusual neighbour.
  constexpr std::uint64_t least_share = 4 << 20;
  const std::uint64_t share = std::max(item + item / 4, least_share);
  constexpr std::uint64_t least_context = 1 << 20;
  const std::uint64_t context = std::max(decoder, least_context);
  BRAID_TRY_VALUE(lanes_, site_.open_lanes(context, share, stop_));
  share_ = share;
  context_ = context;
  decoders_.resize(lanes_.threads);
  packed_.clear();
  while (packed_.size() < lanes_.threads) packed_.emplace_back(parallel::chunk_memory());
  items_.resize(lanes_.window);
  buffers_.emplace(lanes_.nodes, lanes_.window, parallel::chunk_memory());
  return {};
}

Result<bool> UnitRun::produce(Item& item) {
  if (!next_) {
    BRAID_TRY_VALUE(next_, next_split());
  }
  if (next_->kind != Split::Kind::unit) return false;
  const Unit& unit = next_->unit;
  item.unit = unit;
  if (unit.kind == Unit::Kind::data && !reserve_beyond(item, plain_room(unit))) {
    oversized_ = true;
    return false;
  }
  item.index = units_++;
  item.last = item.index;
  item.offset = reader_.offset();
  BRAID_TRY(take(item));
  item.in_flight = true;
  item.too_large = false;
  next_.reset();
  return true;
}

// Consumes the item's unit, with its bytes where they are at hand, or as many as its verifier
// needs.
Result<void> UnitRun::take(Item& item) {
  if (!hopping_) {
    item.packed = reader_.take(static_cast<std::size_t>(item.unit.size), 0, item.storage);
    return {};
  }
  const std::uint64_t least = item.unit.kind == Unit::Kind::data ? codec::unit_head : UINT64_MAX;
  BRAID_TRY(reader_.read_part(item.offset, std::min(item.unit.size, least), item.storage));
  item.packed = item.storage.view();
  reader_.pass(item.unit.size);
  return {};
}

// Sees to it that `packed` is the whole unit.
Result<void> UnitRun::hold(Item& item) {
  if (item.packed.size() == item.unit.size) return {};
  BRAID_TRY(reader_.read_part(item.offset, item.unit.size, item.storage));
  item.packed = item.storage.view();
  return {};
}

void UnitRun::work(Item& item, unsigned slot) {
  if (item.unit.kind == Unit::Kind::data) {
    item.plain = buffers_->take(item.node);
    item.decoded = read_and_decode(item, slot);
    if (!item.decoded) return;
  }
  sum_.offer(item.index, summand(item));
}

Result<Decoded> UnitRun::read_and_decode(Item& item, unsigned slot) {
  if (item.packed.size() == item.unit.size) return decode(item, item.packed, slot);
  BRAID_TRY(reader_.read_part(item.offset, item.unit.size, packed_[slot]));
  return decode(item, packed_[slot].view(), slot);
}

Result<Decoded> UnitRun::decode(Item& item, ByteView packed, unsigned slot) {
  auto& decoder = decoders_[slot];
  if (decoder == nullptr) {
    BRAID_TRY_VALUE(decoder, format_.make_unit_decoder(settings_));
  }
  const Unit& unit = item.unit;
  UnitTarget target =
      unit.plain_size != Unit::unknown
          ? UnitTarget(item.plain, unit.plain_size)
          : UnitTarget(item.plain, plain_room(unit), unknown_plain_cap,
                       [this, &item](std::uint64_t plain) { return reserve_beyond(item, plain); });
  auto decoded = decoder->decode(packed, item.unit, target);
  item.too_large = target.full();
  if (decoded) {
    item.plain.resize(static_cast<std::size_t>(decoded->plain_size));
    if (parallel::Monitor* monitor = site_.monitor()) {
      monitor->add(slot, parallel::Count::bytes_in, packed.size());
      monitor->add(slot, parallel::Count::bytes_out, item.plain.size());
    }
  }
  return decoded;
}

Result<void> UnitRun::consume(Item& item, const PlainSink& write) {
  if (carried_) return join(item, write);
  if (item.unit.kind == Unit::Kind::frame || item.decoded) return accept(item, write);
  if (item.decoded.error().code == Errc::io) return std::move(item.decoded).error();
  if (item.decoded.error().code == Errc::truncated) {
    // The mark at its end may have lied: wait for the next unit.
    BRAID_TRY(hold(item));
    carried_.emplace(std::move(item));
    joining_ = 0;
    item.in_flight = false;
    if (!reader_.in_memory()) carried_->packed = carried_->storage.view();
    return {};
  }
  return hand_over(item);
}

OrderedSum::Summand UnitRun::summand(Item& item) {
  if (item.unit.kind == Unit::Kind::frame) return {};
  return {&item.unit, item.plain.view(), &*item.decoded};
}

Result<void> UnitRun::accept(Item& item, const PlainSink& write) {
  sum_.complete(summand(item), item.index, item.last);
  const bool data = item.unit.kind == Unit::Kind::data;
  const ByteView plain = data ? item.plain.view() : ByteView();
  auto verdict = verifier_->add(item.unit, item.packed, data ? *item.decoded : Decoded{}, plain);
  if (!verdict) return locate(std::move(verdict).error(), item);
  if (data && points_ != nullptr) points_->add_unit(item.offset, item.unit, plain.size());
  if (!plain.empty()) {
    if (verifier_->may_take_over()) remember(plain);
    BRAID_TRY(write(plain));
  }
  item.in_flight = false;
  give_back(item);
  return {};
}

// What the item holds is free for others, but of a unit larger than its share no more than that.
// Room for plain bytes is kept rather than room for packed ones: there is more of it, and pages new
// to the process take the kernel as long to clear as many a format to fill.
void UnitRun::give_back(Item& item) {
  if (item.extra.bytes() != 0) {
    if (item.plain.capacity() + item.storage.capacity() > share_) {
      item.storage = Buffer(parallel::chunk_memory());
    }
    if (item.plain.capacity() > share_) item.plain = Buffer(parallel::chunk_memory());
    item.extra = {};
  }
  if (item.plain.capacity() != 0) buffers_->give(std::move(item.plain), item.node);
}

Result<void> UnitRun::join(Item& item, const PlainSink& write) {
  Item& whole = *carried_;
  if (item.unit.kind == Unit::Kind::frame || whole.unit.size + item.unit.size > joined_cap) {
    return hand_over(whole);
  }
  BRAID_TRY(hold(item));
  if (reader_.in_memory()) {
    whole.packed = {whole.packed.data(), whole.packed.size() + item.packed.size()};
  } else {
    whole.storage.append(item.packed);
    whole.packed = whole.storage.view();
  }
  give_back(item);
  whole.unit.size += item.unit.size;
  whole.unit.tag2 = item.unit.tag2;
  whole.last = item.last;
  item.in_flight = false;
  const std::uint64_t attempt = whole.unit.size + whole.plain.size();
  joining_ += attempt;
  if (joining_ > joining_allowance + joining_factor * attempt) return hand_over(whole);
  whole.decoded = decode(whole, whole.packed, 0);
  if (!whole.decoded) {
    return whole.decoded.error().code == Errc::truncated ? Result<void>() : hand_over(whole);
  }
  Item joined = std::exchange(carried_, std::nullopt).value();
  if (!reader_.in_memory()) joined.packed = joined.storage.view();
  return accept(joined, write);
}

Result<void> UnitRun::hand_over(Item& item) {
  BRAID_TRY_VALUE(auto decoder, verifier_->take_over(history()));
  // A StreamDecoder that can begin here has the last word: its offsets are finer than a unit.
  if (decoder == nullptr && !item.too_large && !verifier_->at_stream()) {
    return locate(std::move(item.decoded).error(), item);
  }
  BRAID_TRY(put_back_from(item.offset));
  stopped_ = UnitStop{.kind = UnitStop::Kind::mid_stream, .decoder = std::move(decoder)};
  return leave_run();
}

Result<void> UnitRun::put_back_from(std::uint64_t offset) {
  next_.reset();
  if (from_file_) {
    for (Item& item : items_) item.in_flight = false;
    carried_.reset();
    return reader_.go_back(offset);
  }
  Buffer bytes;
  if (!reader_.in_memory()) {
    std::vector<const Item*> later;
    for (const Item& item : items_) {
      if (item.in_flight && item.offset >= offset) later.push_back(&item);
    }
    std::ranges::sort(later, {}, &Item::offset);
    if (carried_) bytes.append(carried_->packed);
    for (const Item* item : later) bytes.append(item->packed);
  }
  for (Item& item : items_) item.in_flight = false;
  carried_.reset();
  reader_.put_back(offset, bytes.view());
  return {};
}

void UnitRun::remember(ByteView plain) {
  if (plain.size() >= history_bytes || history_.size() + plain.size() > 4 * history_bytes) {
    const std::size_t kept = history_bytes - std::min(plain.size(), history_bytes);
    const ByteView tail = history().drop(history().size() - std::min(history().size(), kept));
    if (!tail.empty()) std::memmove(history_.data(), tail.data(), tail.size());
    history_.resize(tail.size());
  }
  history_.append(plain.drop(plain.size() - std::min(plain.size(), history_bytes)));
}

ByteView UnitRun::history() const {
  return history_.view().drop(history_.size() - std::min(history_.size(), history_bytes));
}

Error UnitRun::locate(Error error, const Item& item) const {
  error.algorithm = format_.info.algorithm;
  error.offset = item.offset + error.offset.value_or(0);
  error.chunk = item.index;
  return error;
}

}  // namespace braid::engine
