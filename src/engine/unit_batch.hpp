#pragma once

#include <optional>
#include <span>
#include <vector>

#include "codec/codec.hpp"

namespace braid::engine {

// Small frames and units that follow one another, as one piece of work: handing out, verifying and
// writing each by itself would cost more than decoding it. Copies what it takes. Movable. One
// thread at a time.
class UnitBatch {
 public:
  struct Part {
    codec::Unit unit{};
    std::uint64_t offset = 0;  // in the input
    std::uint64_t number = 0;  // of the unit; of a frame, of the unit behind it
    ByteView plain{};          // of data that was decoded; as long as decode()'s buffer stays
    codec::Decoded decoded{};
  };

  void clear() noexcept;

  // Whether the unit is small, decoded with `memory` bytes at the most, and there is room for it.
  [[nodiscard]] bool takes(const codec::Unit& unit, std::uint64_t memory) const noexcept;

  // A unit that it takes and its bytes. Throws std::bad_alloc.
  void add(const Part& part, ByteView packed);

  [[nodiscard]] bool empty() const noexcept { return parts_.empty(); }

  [[nodiscard]] bool holds_data() const noexcept { return holds_data_; }

  // Decodes all data into `plain`, up to the first unit that cannot be, and nothing else is in it
  // then. Throws std::bad_alloc.
  void decode(codec::UnitDecoder& decoder, Buffer& plain);

  // No unit can be decoded.
  void fail(Error error);

  // The parts before the one that failed.
  [[nodiscard]] std::span<Part> sound() noexcept { return std::span(parts_).first(sound_); }

  // The one that failed, and why.
  [[nodiscard]] const Part* failed() const noexcept { return failure_ ? &parts_[sound_] : nullptr; }
  [[nodiscard]] const std::optional<Error>& failure() const noexcept { return failure_; }

  // The packed bytes of all parts, without a gap.
  [[nodiscard]] ByteView packed() const noexcept { return packed_.view(); }

 private:
  std::vector<Part> parts_;
  Buffer packed_;
  std::uint64_t plain_most_ = 0;
  std::size_t sound_ = 0;
  bool holds_data_ = false;
  std::optional<Error> failure_{};
};

}  // namespace braid::engine
