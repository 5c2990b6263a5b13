#pragma once

#include <algorithm>
#include <new>

#include "base/no_memory.hpp"
#include "codec/codec.hpp"

namespace braid::engine {

// Room for one unit in a buffer that is used again: fixed when the plain size is known, growing up
// to `cap` otherwise. Decoders write into it; nothing is zeroed.
class UnitTarget final : public codec::Target {
 public:
  // `plain_size`: codec::Unit::plain_size.
  UnitTarget(Buffer& buffer, std::uint64_t plain_size, std::uint64_t cap)
      : buffer_(buffer), cap_(plain_size == codec::Unit::unknown ? cap : plain_size) {
    fixed_ = plain_size != codec::Unit::unknown;
    buffer_.clear();
    if (fixed_) buffer_.resize(static_cast<std::size_t>(plain_size));
  }

  Result<MutableBytes> room(std::size_t least) override try {
    if (least > cap_ - committed_) {
      if (fixed_) {
        return Error{.code = Errc::corrupt, .message = "more bytes come out than were announced"};
      }
      full_ = true;
      return Error{.code = Errc::output_limit, .message = "one part is larger than memory allows"};
    }
    if (committed_ + least > buffer_.size()) {
      const std::size_t wanted = std::max(committed_ + least, buffer_.size() * 2);
      buffer_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(wanted, cap_)));
    }
    return buffer_.writable().subspan(committed_);
  } catch (const std::bad_alloc&) {
    return base::no_memory("no memory for a part");
  }

  void commit(std::size_t count) override { committed_ += count; }

  [[nodiscard]] ByteView view() const override { return buffer_.view().first(committed_); }

  // Decoding stopped at the cap, not at a fault of the data.
  [[nodiscard]] bool full() const noexcept { return full_; }

 private:
  Buffer& buffer_;
  std::uint64_t cap_;
  std::size_t committed_ = 0;
  bool fixed_ = false;
  bool full_ = false;
};

}  // namespace braid::engine
