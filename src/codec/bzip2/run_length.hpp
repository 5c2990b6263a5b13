#pragma once

#include <braid/bytes.hpp>

#include <cstddef>

// The first stage of bzip2: four equal bytes are followed by a count of how many more there are.
namespace braid::codec::bzip2 {

// The first place at or behind `from` where four equal bytes begin; data.size() when there is none.
// Several GB/s.
[[nodiscard]] std::size_t find_run(ByteView data, std::size_t from) noexcept;

// How many bytes of `data` fill a block of `limit` bytes once their runs are coded. At least 1 when
// data is not empty; limit >= 5. Several GB/s.
[[nodiscard]] std::size_t fill_block(ByteView data, std::size_t limit) noexcept;

// Codes the runs of `data` to `out`, which has room for what fill_block() was asked for, and says
// how many bytes that made.
std::size_t encode_runs(ByteView data, std::byte* out) noexcept;

// Undoes the run coding of one block, a part at a time.
class RunDecoder {
 public:
  RunDecoder() = default;

  // `block` must outlive the decoding.
  explicit RunDecoder(ByteView block) noexcept : block_(block) { find(); }

  // Writes as much as fits and says how much that was. It is never fewer than fit unless the block
  // is at its end.
  std::size_t write(MutableBytes out) noexcept;

  // Nothing is left to be written.
  [[nodiscard]] bool done() const noexcept { return at_ == block_.size() && repeat_ == 0; }

  // Bytes that are certainly still to be written, at least 1 unless done().
  [[nodiscard]] std::size_t at_least() const noexcept {
    const std::size_t behind = block_.size() - copy_end_ - (counted_ ? 1 : 0);
    return repeat_ + (copy_end_ - at_) + behind - behind / 5;  // a run takes five for four or more
  }

  // The block ends where a count should have been. Known once done().
  [[nodiscard]] bool broken() const noexcept { return broken_; }

 private:
  void find() noexcept;

  ByteView block_;
  std::size_t at_ = 0;        // next byte to copy
  std::size_t copy_end_ = 0;  // end of what is copied as it stands: behind a run's four bytes
  bool counted_ = false;      // a count stands at copy_end_
  bool broken_ = false;
  std::size_t repeat_ = 0;  // copies of the byte value_ still to be written
  std::byte value_{};
};

}  // namespace braid::codec::bzip2
