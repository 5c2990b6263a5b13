#pragma once

#include "codec/codec.hpp"

namespace braid::engine {

// Memory of fixed size that a unit fills.
class AreaTarget final : public codec::Target {
 public:
  explicit AreaTarget(MutableBytes area) noexcept : area_(area) {}

  Result<MutableBytes> room(std::size_t least) override {
    const MutableBytes rest = area_.subspan(committed_);
    if (least <= rest.size()) return rest;
    return Error{.code = Errc::corrupt, .message = "more bytes come out than were announced"};
  }

  void commit(std::size_t count) override { committed_ += count; }

  [[nodiscard]] ByteView view() const override { return {area_.data(), committed_}; }

 private:
  MutableBytes area_;
  std::size_t committed_ = 0;
};

}  // namespace braid::engine
