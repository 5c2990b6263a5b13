#pragma once

#include <braid/codec.hpp>

#include <memory>

namespace braid {

// What a ThreadSafeCompressor has done in one direction.
struct DirectionStats {
  std::uint64_t operations = 0;  // that succeeded
  std::uint64_t failures = 0;    // that ended in an error; counted nowhere else here
  std::uint64_t plain_bytes = 0;
  std::uint64_t packed_bytes = 0;
  std::uint64_t busy_ns = 0;               // in the codec, all threads together, failures too
  std::uint64_t least_plain = UINT64_MAX;  // smallest and largest buffer, plain bytes;
  std::uint64_t most_plain = 0;            // least > most: there was none

  // Packed bytes for each plain byte: 0.25 is a quarter. 0 when there were none.
  [[nodiscard]] double ratio() const noexcept {
    return plain_bytes == 0 ? 0.0
                            : static_cast<double>(packed_bytes) / static_cast<double>(plain_bytes);
  }
};

struct CompressionStats {
  DirectionStats compress;
  DirectionStats decompress;
};

// One object that any number of threads compress and decompress with, on their own threads. The
// configuration never changes; codec contexts are kept and reused, about as many as threads use it
// at once, so that a small buffer costs no allocation but its result.
//
// The bytes are those of braid::compress(). Every member may be called from any thread; calls wait
// for each other nowhere, but for some nanoseconds when two count at once on one CPU. Neither
// copyable nor movable: a copy would be a second count.
class BRAID_API ThreadSafeCompressor {
 public:
  // `config`         checked once, here; a bad one is the error of every compress().
  // `decompression`  how decompress() reads. Without an algorithm it is the compressor's own (so
  //                  that formats without a signature work too), without a dictionary likewise.
  //                  Its dictionary is borrowed.
  // Throws std::bad_alloc.
  explicit ThreadSafeCompressor(CompressionConfig config = CompressionConfig(),
                                DecompressionConfig decompression = {});
  ~ThreadSafeCompressor();
  ThreadSafeCompressor(const ThreadSafeCompressor&) = delete;
  ThreadSafeCompressor& operator=(const ThreadSafeCompressor&) = delete;

  [[nodiscard]] const CompressionConfig& config() const noexcept;

  // `memory`: where the result is allocated; must outlive it. Errors: those of braid::compress().
  [[nodiscard]] Result<Buffer> compress(
      ByteView plain, std::pmr::memory_resource* memory = std::pmr::get_default_resource());

  // Errors: those of braid::decompress().
  [[nodiscard]] Result<Buffer> decompress(
      ByteView packed, std::pmr::memory_resource* memory = std::pmr::get_default_resource());

  // Every operation that has returned is in it with all its numbers, none with a part of them.
  // Cost: one short lock for each CPU.
  [[nodiscard]] CompressionStats stats() const;

  // Sets everything to zero and returns what there was: each operation is in exactly one of the
  // results of all resets, or still counted.
  CompressionStats reset_stats();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace braid
