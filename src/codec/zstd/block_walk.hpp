#pragma once

#include <algorithm>
#include <array>

#include "codec/survey.hpp"

namespace braid::codec::zstd {

// Follows the blocks of one frame by their headers (RFC 8878, 3.1.1.2), over bytes that come in any
// pieces and that the library has accepted.
class BlockWalk {
 public:
  // The frame's header takes so many bytes.
  explicit BlockWalk(std::uint64_t header_bytes) noexcept : skip_(header_bytes) {}

  // The frame's next bytes.
  void pass(ByteView bytes, BlockObserver& observer) {
    while (!bytes.empty()) {
      if (skip_ != 0) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, bytes.size()));
        bytes = bytes.drop(count);
        position_ += count;
        skip_ -= count;
        continue;
      }
      if (ended_) {  // the checksum
        position_ += bytes.size();
        return;
      }
      header_ |= std::uint32_t{bytes.at(0)} << (8 * have_);
      bytes = bytes.drop(1);
      ++position_;
      if (++have_ == header_size) tell(observer);
    }
  }

  // Bytes passed.
  [[nodiscard]] std::uint64_t position() const noexcept { return position_; }

 private:
  static constexpr unsigned header_size = 3;

  void tell(BlockObserver& observer) {
    static constexpr std::array<std::string_view, 4> forms = {"stored", "repeated", "compressed",
                                                              "reserved"};
    const unsigned type = (header_ >> 1) & 3;
    const std::uint32_t size = header_ >> 3;
    ended_ = (header_ & 1) != 0;
    skip_ = type == 1 ? 1 : size;  // one byte, to be repeated
    const std::uint64_t first = position_ - header_size;
    observer.block({.first_bit = 8 * first,
                    .end_bit = 8 * (position_ + skip_),
                    .plain = type < 2 ? std::optional<std::uint64_t>(size) : std::nullopt,
                    .form = forms[type]});
    header_ = 0;
    have_ = 0;
  }

  std::uint64_t skip_;
  std::uint64_t position_ = 0;
  std::uint32_t header_ = 0;
  unsigned have_ = 0;
  bool ended_ = false;
};

}  // namespace braid::codec::zstd
