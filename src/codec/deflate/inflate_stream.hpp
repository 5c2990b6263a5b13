#pragma once

#include "codec/codec.hpp"
#include "codec/deflate/inflate.hpp"

namespace braid::codec::deflate {

// Which sum a format keeps of its plain bytes.
enum class Sum : std::uint8_t { none, crc32, adler32 };

// As StreamInfo::check calls it.
[[nodiscard]] std::string_view name_of(Sum sum) noexcept;

[[nodiscard]] std::uint32_t sum_of_nothing(Sum sum) noexcept;
[[nodiscard]] std::uint32_t add_to_sum(Sum sum, std::uint32_t value, ByteView bytes) noexcept;
[[nodiscard]] std::uint32_t combine_sums(Sum sum, std::uint32_t first, std::uint32_t second,
                                         std::uint64_t second_size) noexcept;

// As Inflate::run, and adds what was written to `value` while it is still in the cache.
[[nodiscard]] Inflate::Status inflate_summed(Inflate& inflate, InflateView& view, Sum sum,
                                             std::uint32_t& value) noexcept;

// Deflate data decoded step by step, with the count and the sum of the plain bytes.
class InflateStream {
 public:
  explicit InflateStream(Sum sum) : sum_(sum), value_(sum_of_nothing(sum)) {}

  void reset() noexcept;

  // Goes on in the middle of a stream: `history` are the plain bytes before (the last 32 KiB of
  // them matter), `size` and `value` their count and sum.
  void continue_from(ByteView history, std::uint64_t size, std::uint32_t value) noexcept;

  // As StreamDecoder::step; never `truncated`. Error::offset counts from the front of `in`. Ends,
  // with need_output, before the first block that begins `stop` bytes or more behind that.
  [[nodiscard]] Result<Step> step(ByteView in, MutableBytes out, std::uint64_t stop = UINT64_MAX);

  // Whether the last step ended before such a block, or reading goes on at one; then bits of the
  // last byte taken belong to it.
  [[nodiscard]] bool at_block() const noexcept { return at_block_; }

  [[nodiscard]] unsigned bits_held() const noexcept { return inflate_.bits_held(); }

  // As Inflate.
  [[nodiscard]] bool at_block_start() const noexcept { return inflate_.at_block_start(); }
  [[nodiscard]] Inflate::Form block_form() const noexcept { return inflate_.block_form(); }
  [[nodiscard]] bool take_findable() noexcept { return inflate_.take_findable(); }

  // The last plain bytes, after a step.
  [[nodiscard]] ByteView history() const noexcept { return inflate_.history(); }

  // Goes on at another place of the stream, whose header begins in the upper `bits` bits of `first`
  // and is preceded by these plain bytes. They count nowhere.
  void move_to(std::byte first, unsigned bits, ByteView history) noexcept;

  // Plain bytes and their sum since the beginning or the last call.
  struct Part {
    std::uint64_t plain_size;
    std::uint32_t sum;
  };
  [[nodiscard]] Part take_part() noexcept;

  [[nodiscard]] std::uint64_t plain_size() const noexcept { return plain_size_; }

  [[nodiscard]] std::uint32_t sum() const noexcept { return value_; }

 private:
  Sum sum_;
  std::uint32_t value_;
  std::uint64_t plain_size_ = 0;
  bool at_block_ = false;
  Inflate inflate_;
};

}  // namespace braid::codec::deflate
