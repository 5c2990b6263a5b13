#pragma once

#include <braid/bytes.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "codec/deflate/symbol_decoder.hpp"

namespace braid::codec::deflate {

// Where the last block of a finished deflate stream stands.
struct FinalBlock {
  std::uint64_t start = 0;  // its BFINAL bit
  std::uint64_t end = 0;    // the bit behind its end
};

// Finds the last block of streams that an encoder finished, so that its BFINAL bit can be cleared
// and the stream go on behind it. Encoders that work on whole buffers do not tell, and reading
// every symbol from the front costs about as much as decompressing.
//
// The search goes backwards from the end, testing every bit for a dynamic header, and believes one
// only when its block restores the end of the plain bytes and ends with the stream, symbol for
// symbol. Plain bytes made to compress into something that looks like such a block, inside the
// true one, are told by two more signs: a true header has no code for what does not occur, and what
// stands before it does not make sense in its code. Where a sign is missing, or the last block may
// be a stored or fixed one, the stream is read from the front.
//
// One thread at a time; about 600 KiB of tables, kept.
class FinalBlockFinder {
 public:
  FinalBlockFinder();

  // `deflated` is one complete stream that restores `plain`. Nothing only when it is no such
  // stream. `reach`: bytes to search before reading from the front, at best the encoder's longest
  // block.
  [[nodiscard]] std::optional<FinalBlock> find(ByteView deflated, ByteView plain,
                                               std::size_t reach);

  // The same by reading every symbol.
  [[nodiscard]] std::optional<FinalBlock> walk(ByteView deflated);

  // Streams that find() searched in vain, so far; for tests and measurements.
  [[nodiscard]] std::uint64_t walked() const noexcept { return walked_; }

 private:
  enum class Verdict : std::uint8_t { no, yes, doubtful };

  Verdict search_dynamic(const BitView& bits, std::size_t reach, ByteView plain, FinalBlock& block);
  Verdict try_dynamic(const BitView& bits, std::uint64_t at, ByteView plain, FinalBlock& block);
  bool reads_through(const BitView& bits, std::uint64_t header, std::uint64_t body,
                     ByteView plain_before);
  bool may_be_fixed(const BitView& bits, ByteView plain);
  bool fixed_ends(const BitView& bits, std::uint64_t from, std::uint64_t enough, ByteView plain);
  std::uint64_t collect(const SymbolDecoder& decoder, const BitView& bits, std::uint64_t from,
                        std::uint64_t until);
  std::uint64_t walk_block(const BitView& bits, std::uint64_t at);

  std::unique_ptr<SymbolDecoder> dynamic_;
  std::unique_ptr<SymbolDecoder> fixed_;
  std::vector<Symbol> symbols_;
  std::uint64_t walked_ = 0;
};

}  // namespace braid::codec::deflate
