#pragma once

#include "codec/codec.hpp"

namespace braid::engine {

// A unit of known size gives more than that.
[[nodiscard]] inline Error more_than_announced() {
  return {.code = Errc::corrupt, .message = "more bytes come out than were announced"};
}

// Memory of fixed size that a unit fills.
class AreaTarget final : public codec::Target {
 public:
  explicit AreaTarget(MutableBytes area) noexcept : area_(area) {}

  Result<MutableBytes> room(std::size_t least) override {
    const MutableBytes rest = area_.subspan(committed_);
    if (least <= rest.size()) return rest;
    return more_than_announced();
  }

  void commit(std::size_t count) override { committed_ += count; }

  [[nodiscard]] ByteView view() const override { return {area_.data(), committed_}; }

 private:
  MutableBytes area_;
  std::size_t committed_ = 0;
};

// The same, for a unit of which no more than the first `wanted` bytes are. The area has room for a
// step more: whoever decodes may have begun with it.
class FrontTarget final : public codec::Target {
 public:
  FrontTarget(MutableBytes area, std::size_t wanted) noexcept : area_(area), wanted_(wanted) {}

  Result<MutableBytes> room(std::size_t least) override {
    if (!full()) return area_.room(least);
    return Error{.code = Errc::output_limit, .message = "no more is wanted"};
  }

  void commit(std::size_t count) override { area_.commit(count); }

  [[nodiscard]] ByteView view() const override { return area_.view(); }

  [[nodiscard]] bool full() const { return view().size() >= wanted_; }

 private:
  AreaTarget area_;
  std::size_t wanted_;
};

}  // namespace braid::engine
