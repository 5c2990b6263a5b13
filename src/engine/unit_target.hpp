#pragma once

#include <algorithm>
#include <functional>
#include <new>
#include <utility>

#include "base/cancelled.hpp"
#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "codec/codec.hpp"
#include "engine/area_target.hpp"
#include "engine/piece_queue.hpp"
#include "parallel/ordered_pipeline.hpp"

namespace braid::engine {

// A unit of unknown plain size may grow to this: beyond every bzip2 block (46 MB), and beyond most
// zstd frames of other writers. Larger ones, and those that there is no memory for when they have
// outgrown what is usual, are read by a StreamDecoder, in constant memory.
inline constexpr std::uint64_t unknown_plain_cap = 64 << 20;

// Plain bytes that a unit is given room for before it is decoded.
[[nodiscard]] inline std::uint64_t plain_room(const codec::Unit& unit) noexcept {
  if (unit.plain_size != codec::Unit::unknown) return unit.plain_size;
  const std::uint64_t guess = unit.plain_usual != 0 ? unit.plain_usual : unit.plain_most;
  return std::min(guess, unknown_plain_cap);
}

// Tells of each step of decoding a unit, and whether to go on.
class UnitSteps {
 public:
  // Null: there is nobody to tell. Borrowed.
  explicit UnitSteps(parallel::Advance* advance) noexcept : advance_(advance) {}

  void made() {
    if (advance_ != nullptr && wanted_) wanted_ = (*advance_)();
  }

  // Errors: cancelled.
  [[nodiscard]] Result<void> go_on() const {
    if (wanted_) return {};
    return base::cancelled();
  }

 private:
  parallel::Advance* advance_;
  bool wanted_ = true;
};

// Where a unit of known size goes piece by piece, for a UnitDecoder that asks for room in steps.
class PieceTarget final : public codec::Target {
 public:
  PieceTarget(PieceQueue& pieces, std::uint64_t size, parallel::Advance& advance)
      : pieces_(pieces), left_(size), steps_(&advance) {}

  Result<MutableBytes> room(std::size_t least) override try {
    BRAID_TRY(steps_.go_on());
    if (least > left_) return more_than_announced();
    if (least > codec::unit_step) {
      return Error{.code = Errc::output_limit, .message = "there is no room for all at once"};
    }
    const MutableBytes room = pieces_.room(least);
    return room.first(static_cast<std::size_t>(std::min<std::uint64_t>(room.size(), left_)));
  } catch (const std::bad_alloc&) {
    return base::no_memory("no memory for a part");
  }

  void commit(std::size_t count) override {
    pieces_.commit(count);
    left_ -= count;
    steps_.made();
  }

  // What was committed is on its way.
  [[nodiscard]] ByteView view() const override { return {}; }

 private:
  PieceQueue& pieces_;
  std::uint64_t left_;
  UnitSteps steps_;
};

// Room for one unit in a buffer that is used again: fixed when the plain size is known, growing up
// to a cap otherwise. Decoders write into it; nothing is zeroed.
class UnitTarget final : public codec::Target {
 public:
  // Asked before the buffer grows beyond what is allowed, for what it is to hold in all; false:
  // there is no memory for so much.
  using Allow = std::function<bool(std::uint64_t bytes)>;

  UnitTarget(Buffer& buffer, std::uint64_t size, parallel::Advance* advance)
      : buffer_(buffer), cap_(size), allowed_(size), steps_(advance), fixed_(true) {
    buffer_.clear();
    buffer_.resize(static_cast<std::size_t>(size));
  }

  // Of unknown size: `allowed` without asking, at most `cap`.
  UnitTarget(Buffer& buffer, std::uint64_t allowed, std::uint64_t cap, Allow allow,
             parallel::Advance* advance)
      : buffer_(buffer), cap_(cap), allowed_(allowed), allow_(std::move(allow)), steps_(advance) {
    buffer_.clear();
  }

  Result<MutableBytes> room(std::size_t least) override try {
    BRAID_TRY(steps_.go_on());
    if (least > cap_ - committed_) {
      return fixed_ ? more_than_announced() : too_large();
    }
    if (committed_ + least > buffer_.size()) {
      const std::uint64_t least_size = committed_ + least;
      const std::uint64_t wanted = std::max<std::uint64_t>(least_size, buffer_.size() * 2);
      const std::uint64_t size = std::min(wanted, least_size <= allowed_ ? allowed_ : cap_);
      if (size > allowed_) {
        if (!allow_(size)) return too_large();
        allowed_ = size;
      }
      buffer_.resize(static_cast<std::size_t>(size));
    }
    return buffer_.writable().subspan(committed_);
  } catch (const std::bad_alloc&) {
    return base::no_memory("no memory for a part");
  }

  void commit(std::size_t count) override {
    committed_ += count;
    steps_.made();
  }

  [[nodiscard]] ByteView view() const override { return buffer_.view().first(committed_); }

  // Decoding stopped for want of room, not at a fault of the data.
  [[nodiscard]] bool full() const noexcept { return full_; }

 private:
  Error too_large() {
    full_ = true;
    return {.code = Errc::output_limit, .message = "one part is larger than memory allows"};
  }

  Buffer& buffer_;
  std::uint64_t cap_;
  std::uint64_t allowed_;
  Allow allow_;
  UnitSteps steps_;
  std::size_t committed_ = 0;
  bool fixed_ = false;
  bool full_ = false;
};

}  // namespace braid::engine
