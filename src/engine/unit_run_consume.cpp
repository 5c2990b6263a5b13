#include <algorithm>
#include <cstring>
#include <utility>

#include "base/try.hpp"
#include "engine/front_sums.hpp"
#include "engine/unit_run.hpp"

// What becomes of decoded units, in order: they are verified and written, joined to the next, or
// left to a StreamDecoder.
namespace braid::engine {

using codec::Decoded;
using codec::Unit;

namespace {

// What take_over() may ask for.
constexpr std::size_t history_bytes = 64 << 10;

// Joining goes on no further than this: then a StreamDecoder is cheaper than another attempt.
constexpr std::size_t joined_cap = 64 << 20;

// Bytes that joining may decode again for each byte it holds, packed and plain, beyond a first
// allowance: marks that lie by chance are few, and those that somebody put there must not cost
// quadratic time.
constexpr std::uint64_t joining_factor = 8;
constexpr std::uint64_t joining_allowance = 4 << 20;

// How run_ordered() is left when a unit cannot be used; never seen outside.
Error leave_run() {
  return {.code = Errc::internal, .message = "handing over"};
}

}  // namespace

// What comes before the item's unit, and of that unit what was decoded by now.
Result<void> UnitRun::consume_front(Item& item, const PlainSink& write) {
  if (carried_) return {};
  if (!std::exchange(item.batch_accepted, true)) BRAID_TRY(accept_batch(item, write));
  if (item.pieces == nullptr) return {};
  for (;;) {
    const ByteView piece = item.pieces->front();
    if (piece.empty()) return {};
    BRAID_TRY(write(piece));
    item.written += piece.size();
    item.pieces->pop(piece.size());
  }
}

// Whether nothing needs to be decoded again to consume it.
bool UnitRun::is_plain_sailing(const Item& item) const {
  return !carried_ && item.batch.failed() == nullptr && item.decoded;
}

Result<void> UnitRun::consume(Item& item, const PlainSink& write) {
  if (carried_) return join(item, write);
  BRAID_TRY(consume_front(item, write));
  if (item.unit.kind == Unit::Kind::frame || item.decoded) return accept(item, write);
  if (item.decoded.error().code == Errc::io) return std::move(item.decoded).error();
  if (item.decoded.error().code == Errc::truncated) {
    // The mark at its end may have lied: wait for the next unit.
    BRAID_TRY(hold(item));
    carried_.emplace(std::move(item));
    item.pieces = std::move(carried_->pieces);
    joining_ = 0;
    item.in_flight = false;
    if (!reader_.in_memory()) carried_->packed = carried_->storage.view();
    return {};
  }
  return hand_over(item);
}

void UnitRun::list_summands(Item& item) {
  item.summands.clear();
  for (UnitBatch::Part& part : item.batch.sound()) {
    if (part.unit.kind == Unit::Kind::data) {
      item.summands.push_back({&part.unit, part.plain, &part.decoded});
    }
  }
  if (item.unit.kind == Unit::Kind::data) {
    item.summands.push_back({&item.unit, item.plain.view(), &*item.decoded});
  }
}

Result<void> UnitRun::accept_batch(Item& item, const PlainSink& write) {
  UnitBatch& batch = item.batch;
  if (batch.failed() != nullptr) list_summands(item);
  if (batch.holds_data()) sum_.complete(item.summands, item.index, item.last);
  ByteView bytes = batch.packed();
  std::size_t plain = 0;
  Result<void> verdict;
  for (const UnitBatch::Part& part : batch.sound()) {
    const auto size = static_cast<std::size_t>(part.unit.size);
    verdict = verifier_->add(part.unit, bytes.first(size), part.decoded, part.plain);
    if (!verdict) {
      verdict = locate(std::move(verdict).error(), part.offset, part.number);
      break;
    }
    bytes = bytes.drop(size);
    if (part.unit.kind == Unit::Kind::frame) continue;
    plain += part.plain.size();
    if (points_ != nullptr) note_unit(part.offset, part.unit, part.plain);
  }
  if (plain != 0) {
    const ByteView whole = item.plain.view().first(plain);
    if (verifier_->may_take_over()) remember(whole);
    BRAID_TRY(write(whole));
  }
  BRAID_TRY(std::move(verdict));
  if (const auto* const failed = batch.failed()) {
    return hand_over(failed->offset, failed->number, 0, false, *batch.failure());
  }
  return {};
}

void UnitRun::note_unit(std::uint64_t offset, const codec::Unit& unit, ByteView plain) {
  points_->add_unit(offset, unit, plain.size(),
                    format_.units_in_steps ? front_sums(plain) : std::vector<std::uint32_t>());
}

Result<void> UnitRun::accept(Item& item, const PlainSink& write) {
  if (!item.batch.holds_data()) sum_.complete(item.summands, item.index, item.last);
  const bool data = item.unit.kind == Unit::Kind::data;
  const ByteView plain = data ? item.plain.view() : ByteView();
  if (item.unit.size != 0) {
    auto verdict = verifier_->add(item.unit, item.packed, data ? *item.decoded : Decoded{}, plain);
    if (!verdict) return locate(std::move(verdict).error(), item.offset, item.number);
  }
  if (data && points_ != nullptr) note_unit(item.offset, item.unit, plain);
  if (!plain.empty()) {
    if (verifier_->may_take_over()) remember(plain);
    BRAID_TRY(write(plain.drop(static_cast<std::size_t>(item.written))));
  }
  item.in_flight = false;
  give_back(item);
  return {};
}

// What the item holds is free for others, but of a unit larger than was planned no more than that.
// Room for plain bytes is kept rather than room for packed ones: there is more of it, and pages new
// to the process take the kernel as long to clear as many a format to fill.
void UnitRun::give_back(Item& item) {
  if (item.extra.bytes() != 0) {
    if (item.plain.capacity() + item.storage.capacity() > planned_.item) {
      item.storage = Buffer(base::chunk_memory());
    }
    if (item.plain.capacity() > planned_.item) item.plain = Buffer(base::chunk_memory());
    item.extra = {};
  }
  if (item.plain.capacity() != 0) buffers_->give(std::move(item.plain), item.node);
  if (item.pieces != nullptr) item.pieces->clear();
}

Result<void> UnitRun::join(Item& item, const PlainSink& write) {
  Item& whole = *carried_;
  const bool adjoins = item.batch.empty() && item.unit.kind == Unit::Kind::data;
  if (!adjoins || whole.unit.size + item.unit.size > joined_cap) {
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
  whole.decoded = decode(whole, whole.packed, 0, nullptr);
  if (!whole.decoded) {
    return whole.decoded.error().code == Errc::truncated ? Result<void>() : hand_over(whole);
  }
  Item joined = std::exchange(carried_, std::nullopt).value();
  if (!reader_.in_memory()) joined.packed = joined.storage.view();
  list_summands(joined);
  return accept(joined, write);
}

Result<void> UnitRun::hand_over(Item& item) {
  return hand_over(item.offset, item.number, item.written, item.too_large,
                   std::move(item.decoded).error());
}

Result<void> UnitRun::hand_over(std::uint64_t offset, std::uint64_t number, std::uint64_t written,
                                bool too_large, Error error) {
  BRAID_TRY_VALUE(auto decoder, verifier_->take_over(history()));
  // A StreamDecoder that can begin here has the last word: its offsets are finer than a unit.
  if (decoder == nullptr && !too_large && !verifier_->at_stream()) {
    return locate(std::move(error), offset, number);
  }
  BRAID_TRY(put_back_from(offset));
  stopped_ = UnitStop{
      .kind = UnitStop::Kind::mid_stream, .decoder = std::move(decoder), .written = written};
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
      if (item.in_flight && item.offset + item.unit.size > offset) later.push_back(&item);
    }
    std::ranges::sort(later, {}, &Item::offset);
    if (carried_) bytes.append(carried_->packed);
    for (const Item* item : later) {
      const ByteView batch = item->batch.packed();
      const std::uint64_t begin = item->offset - batch.size();
      bytes.append(batch.drop(static_cast<std::size_t>(offset - std::min(offset, begin))));
      bytes.append(item->packed);
    }
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

Error UnitRun::locate(Error error, std::uint64_t offset, std::uint64_t number) const {
  error.algorithm = format_.info.algorithm;
  error.offset = offset + error.offset.value_or(0);
  error.chunk = number;
  return error;
}

}  // namespace braid::engine
