#pragma once

#include <braid/bytes.hpp>

#include <cstddef>
#include <cstdint>

#include "base/byte_order.hpp"

// Bits in the order of bzip2: the first one is the top bit of the first byte.
namespace braid::codec::bzip2 {

// Writes bits to memory that the caller has made large enough, with `slack` bytes to spare.
class BitWriter {
 public:
  static constexpr std::size_t slack = 8;

  explicit BitWriter(std::byte* out) noexcept : begin_(out), out_(out) {}

  // The low `count` bits of `value`, 0 to 32; the bits above must be zero.
  void put(std::uint64_t value, unsigned count) noexcept {
    pending_ = (pending_ << count) | value;
    pending_bits_ += count;
    if (pending_bits_ >= 32) {
      pending_bits_ -= 32;
      base::store_le(out_, base::swap_bytes(static_cast<std::uint32_t>(pending_ >> pending_bits_)));
      out_ += 4;
    }
  }

  // Writes out what is pending, filled up with zero bits to a whole byte; the last call. Returns
  // the number of bits before filling up.
  std::uint64_t finish() noexcept {
    const auto bits = static_cast<std::uint64_t>(out_ - begin_) * 8 + pending_bits_;
    const auto rest = static_cast<std::uint32_t>(pending_ << (32 - pending_bits_));
    base::store_le(out_, base::swap_bytes(rest));
    return bits;
  }

 private:
  std::byte* begin_;
  std::byte* out_;
  std::uint64_t pending_ = 0;  // low bits
  unsigned pending_bits_ = 0;  // 0 to 31
};

// Reads bits from input that comes in parts: give(), take what there is, and reclaim() tells what
// of the input was not looked at. Between parts fewer than 64 bits are held back.
class BitReader {
 public:
  // Begins with the low `count` bits of `value`, 0 to 7, before any input.
  void begin(unsigned value, unsigned count) noexcept {
    bits_ = count == 0 ? 0 : std::uint64_t{value} << (64 - count);
    count_ = count;
    next_ = end_ = nullptr;
  }

  // The input that follows what was given before.
  void give(ByteView in) noexcept {
    next_ = in.begin();
    end_ = in.end();
  }

  // Holds as many bits as it can, at least 56 unless the input is used up.
  void refill() noexcept {
    if (end_ - next_ >= 8) [[likely]] {
      // Bits behind the count are set too; the next refill sets them to the same values again.
      bits_ |= base::load_be<std::uint64_t>(next_) >> count_;
      next_ += (63 - count_) >> 3;
      count_ |= 56;
      return;
    }
    while (count_ <= 55 && next_ != end_) {
      bits_ |= std::to_integer<std::uint64_t>(*next_++) << (56 - count_);
      count_ += 8;
    }
  }

  // How many bits are held.
  [[nodiscard]] unsigned held() const noexcept { return count_; }

  // The next `count` bits, 1 to 32. Those that are not held have no meaning.
  [[nodiscard]] std::uint32_t peek(unsigned count) const noexcept {
    return static_cast<std::uint32_t>(bits_ >> (64 - count));
  }

  // Drops bits that are held; 0 to 48.
  void drop(unsigned count) noexcept {
    bits_ <<= count;
    count_ -= count;
  }

  // Reads `count` bits (1 to 48), or nothing when there are fewer.
  [[nodiscard]] bool take(unsigned count, std::uint64_t& value) noexcept {
    if (count_ < count) {
      refill();
      if (count_ < count) return false;
    }
    value = bits_ >> (64 - count);
    drop(count);
    return true;
  }

  // Bytes of the input that are not in hand.
  [[nodiscard]] std::size_t unread() const noexcept {
    return static_cast<std::size_t>(end_ - next_);
  }

  // Gives back whole bytes in hand: returns how many bytes at the end of the given input are not
  // used. Up to seven bits stay; they begin with what follows in the last byte used. Only to be
  // called where no byte in hand can stem from earlier input.
  std::size_t reclaim() noexcept {
    const std::size_t back = count_ / 8;
    next_ -= back;
    count_ %= 8;
    bits_ = count_ == 0 ? 0 : bits_ & (~0ULL << (64 - count_));
    return unread();
  }

 private:
  const std::byte* next_ = nullptr;
  const std::byte* end_ = nullptr;
  std::uint64_t bits_ = 0;  // from the top
  unsigned count_ = 0;      // 0 to 63
};

}  // namespace braid::codec::bzip2
