#pragma once

#include <braid/stream.hpp>

#include <algorithm>
#include <cstdint>

namespace braid::support {

// So many zeros, of a size that it does not tell.
class ZeroSource final : public Source {
 public:
  explicit ZeroSource(std::uint64_t size) : left_(size) {}

  Result<std::size_t> read(MutableBytes out) override {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), left_));
    std::fill_n(out.begin(), count, std::byte{0});
    left_ -= count;
    return count;
  }

 private:
  std::uint64_t left_;
};

}  // namespace braid::support
