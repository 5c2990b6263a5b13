#pragma once

#include <vector>

#include "base/chunk_memory.hpp"
#include "codec/ahead.hpp"
#include "codec/deflate/block_finder.hpp"
#include "codec/deflate/inflate_stream.hpp"
#include "codec/deflate/marked_inflate.hpp"

namespace braid::codec::deflate {

// Plain bytes from the middle of deflate data: first symbols that may be marks, then, from where
// the last max_distance of them are known or a stream begins, bytes.
class DeflateExcerpt final : public Excerpt {
 public:
  explicit DeflateExcerpt(Sum sum);

  // ---- For who makes it
  // --------------------------------------------------------------------------

  // Begins anew, with a place in the file and room for `most_plain` bytes of each kind.
  void begin(const BlockGuess& guess, std::uint64_t offset, std::size_t most_plain);

  // Where symbols go: max_distance marks stand before.
  [[nodiscard]] MarkedByte* symbols() noexcept { return marks() + max_distance; }

  // Where bytes go.
  [[nodiscard]] std::byte* bytes() noexcept { return bytes_.data(); }

  // So much of what was put there counts; reading goes on at `end`.
  void commit(const StreamPlace& end, std::byte end_byte, std::size_t symbols, std::size_t bytes);

  // A stream ends behind what was committed; its trailer begins at `at` in the file.
  void end_stream(std::uint64_t at, ByteView trailer);

  [[nodiscard]] std::size_t symbol_count() const noexcept { return symbol_count_; }

  // ---- For who leaps over it
  // ---------------------------------------------------------------------

  // Whether marks may occur.
  [[nodiscard]] bool needs_history() const noexcept { return !guess_.member; }

  // Takes the max_distance bytes before it.
  void set_history(ByteView history);

  // After that: writes the last bytes that what follows may refer to, at most max_distance; returns
  // them.
  [[nodiscard]] ByteView tail(MutableBytes room) const;

  // The byte in which it ends, when that is not where a byte ends.
  [[nodiscard]] std::byte end_byte() const noexcept { return end_byte_; }

  // ---- Excerpt
  // -----------------------------------------------------------------------------------

  [[nodiscard]] bool begins_at(const StreamPlace& place) const noexcept override;

  [[nodiscard]] std::uint64_t first_bit() const noexcept override { return guess_.first; }

  [[nodiscard]] std::uint64_t last_first_bit() const noexcept override { return guess_.last; }

  [[nodiscard]] StreamPlace end() const noexcept override { return end_; }

  [[nodiscard]] std::uint64_t plain_size() const noexcept override {
    return symbol_count_ + byte_count_;
  }

  [[nodiscard]] std::uint64_t streams() const noexcept override;
  void resolve() override;
  [[nodiscard]] std::array<ByteView, 2> plain() const noexcept override;

  [[nodiscard]] std::span<const SummedPart> parts() const noexcept override { return parts_; }

 private:
  [[nodiscard]] MarkedByte* marks() noexcept {
    return reinterpret_cast<MarkedByte*>(symbols_.data());
  }

  [[nodiscard]] const MarkedByte* marks() const noexcept {
    return reinterpret_cast<const MarkedByte*>(symbols_.data());
  }

  [[nodiscard]] std::byte known(MarkedByte symbol) const noexcept;
  void fill_in();
  void add_sums();

  Sum sum_;
  BlockGuess guess_;  // in the file
  StreamPlace end_;
  std::byte end_byte_{};
  std::size_t symbol_count_ = 0;
  std::size_t byte_count_ = 0;
  std::vector<SummedPart> parts_;  // those that end a stream; after resolve() the open one too
  std::uint64_t closed_ = 0;       // plain bytes in them
  Buffer symbols_{base::chunk_memory()};  // max_distance marks, then symbols; resolved in place
  Buffer bytes_{base::chunk_memory()};
  Buffer values_;  // of symbols: all bytes as they are, then the history
};

}  // namespace braid::codec::deflate
