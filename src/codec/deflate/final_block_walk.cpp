#include "codec/deflate/final_block.hpp"

// Finding the last block by reading all blocks before it.
namespace braid::codec::deflate {

std::optional<FinalBlock> FinalBlockFinder::walk(ByteView deflated) {
  const BitView bits(deflated);
  std::uint64_t at = 0;
  while (at + 3 <= bits.size()) {
    const std::uint64_t start = at;
    const bool final = (bits.peek(at) & 1U) != 0;
    at = walk_block(bits, at + 1);
    if (at == 0 || at > bits.size()) return std::nullopt;
    if (final) return FinalBlock{start, at};
  }
  return std::nullopt;
}

// Reads the block whose BTYPE stands at `at`; returns the bit behind it, or 0.
std::uint64_t FinalBlockFinder::walk_block(const BitView& bits, std::uint64_t at) {
  const auto type = static_cast<BlockType>(bits.peek(at) & 3U);
  at += 2;
  const SymbolDecoder* decoder = fixed_.get();
  switch (type) {
    case BlockType::stored: {
      at = (at + 7) / 8 * 8;
      return at + 32 + (bits.peek(at) & 0xffffU) * 8;
    }
    case BlockType::fixed:
      break;
    case BlockType::dynamic: {
      CodeLengths lengths;
      at = read_dynamic_header(bits, at, lengths);
      if (at == 0) return 0;
      dynamic_->load(lengths);
      decoder = dynamic_.get();
      break;
    }
    case BlockType::reserved:
      return 0;
  }
  for (;;) {
    const Symbol symbol = decoder->read(bits, at);
    at += symbol.bits;
    if (symbol.bits == 0 || at > bits.size()) return 0;
    if (symbol.length == 0) return at;
  }
}

}  // namespace braid::codec::deflate
