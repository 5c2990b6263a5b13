#include "engine/seek_points.hpp"

#include <braid/codec.hpp>

#include <algorithm>

#include "base/try.hpp"
#include "codec/deflate/block_format.hpp"

namespace braid::engine {

namespace {

// How often a driver that has nobody ahead of it is asked to stop. Packed bytes.
constexpr std::uint64_t stop_distance = 128 << 10;

}  // namespace

std::size_t SeekPoints::find(std::uint64_t offset) const noexcept {
  const auto behind = std::ranges::upper_bound(points, offset, {}, &SeekPoint::plain);
  return static_cast<std::size_t>(behind - points.begin()) - 1;
}

Result<Buffer> pack_window(ByteView window) {
  return compress(window, CompressionConfig(Algorithm::deflate).level(1));
}

Result<Buffer> unpack_window(ByteView packed) {
  return decompress(
      packed, {.algorithm = Algorithm::deflate, .output_limit = codec::deflate::max_distance});
}

void SeekPointBuilder::add(SeekPoint point) {
  // Of two places for the same plain byte the later one needs less reading.
  while (!points_.empty() && points_.back().plain >= point.plain) {
    windows_ -= points_.back().window.size();
    points_.pop_back();
  }
  while (windows_ + point.window.size() > most_windows_ && thin_out()) {
  }
  windows_ += point.window.size();
  points_.push_back(std::move(point));
}

// Of windows whose place reading on from the point before them comes to every second one goes, the
// first of all if there is one alone. Whether any went.
bool SeekPointBuilder::thin_out() {
  bool stays = false;
  bool behind_unit = true;
  windows_ = 0;
  const std::size_t gone = std::erase_if(points_, [&](const SeekPoint& point) {
    const bool block = point.kind == SeekPoint::Kind::block;
    stays = !block || behind_unit || !stays;
    if (stays) behind_unit = point.kind == SeekPoint::Kind::unit;
    if (stays) windows_ += point.window.size();
    return !stays;
  });
  spacing_ *= 2;
  return gone != 0;
}

void SeekPointBuilder::add_unit(std::uint64_t offset, const codec::Unit& unit,
                                std::uint64_t plain_size, std::vector<std::uint32_t> sums) {
  if (plain_size == 0) return;
  SeekPoint point{.kind = SeekPoint::Kind::unit, .packed = offset, .plain = plain_, .from = plain_};
  point.unit = unit;
  point.unit.plain_size = plain_size;
  point.sums = std::move(sums);
  add(std::move(point));
  plain_ += plain_size;
}

Result<void> SeekPointBuilder::begin(const DecodeDriver& driver) {
  const std::uint64_t plain = driver.produced();
  if (driver.at_stream()) {
    add({.packed = driver.consumed(), .plain = plain, .from = plain});
  } else if (driver.place()) {
    BRAID_TRY(pass(driver));
    if (points_.back().plain == plain) return {};
  }
  // In the middle of something that cannot be entered: from the front, then.
  if (points_.empty() || points_.back().plain != plain) add({.plain = plain});
  return {};
}

Result<void> SeekPointBuilder::pass(const DecodeDriver& driver) {
  plain_ = driver.produced();
  if (!wants(driver)) return {};
  const auto place = driver.place();
  if (!place) return {};
  if (place->kind == codec::StreamPlace::Kind::behind_stream) {
    add({.packed = place->byte(), .plain = plain_, .from = plain_});
    return {};
  }
  SeekPoint point{
      .kind = SeekPoint::Kind::block, .packed = place->bit, .plain = plain_, .from = plain_};
  BRAID_TRY_VALUE(point.window, pack_window(driver.history()));
  add(std::move(point));
  return {};
}

std::uint64_t SeekPointBuilder::next_stop(const DecodeDriver& driver) noexcept {
  return driver.consumed() + stop_distance;
}

}  // namespace braid::engine
