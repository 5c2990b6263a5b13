#pragma once

#include <braid/bytes.hpp>

#include <span>

#include "codec/deflate/bit_writer.hpp"
#include "codec/deflate/block_codes.hpp"
#include "codec/deflate/sequences.hpp"

namespace braid::codec::deflate {

// Writes blocks one after the other, each as the type that takes least: dynamic, fixed or stored.
class BlockWriter {
 public:
  explicit BlockWriter(MutableBytes out) noexcept
      : begin_(out.data()), room_(out.size()), bits_(out.data()) {}

  // Writes `sequences`, which `block` counts, of the text that begins at `plain`. `final`: as the
  // last block of the stream. False, and nothing written: there may not be room enough.
  [[nodiscard]] bool write(const Stretch& block, std::span<const Sequence> sequences,
                           const std::byte* plain, bool final) noexcept;

  // Fills up to a byte edge, at the end of a stream. Returns the bytes written.
  [[nodiscard]] std::size_t end() noexcept { return written(bits_.align()); }

  // Ends with an empty stored block: 00 00 FF FF are the last bytes. Returns the bytes written, or
  // 0 where there may not be room enough.
  [[nodiscard]] std::size_t end_with_mark() noexcept;

 private:
  [[nodiscard]] std::size_t written(const std::byte* out) const noexcept {
    return static_cast<std::size_t>(out - begin_);
  }

  [[nodiscard]] bool has_room(std::uint64_t bits) const noexcept {
    return bits_.count_from(begin_) + bits + std::uint64_t{8} * BitWriter::slack <=
           std::uint64_t{room_} * 8;
  }

  void write_stored(ByteView plain, bool final) noexcept;
  void write_symbols(std::span<const Sequence> sequences, const std::byte* plain,
                     const Codewords& codes) noexcept;

  std::byte* begin_;
  std::size_t room_;
  BitWriter bits_;
};

}  // namespace braid::codec::deflate
