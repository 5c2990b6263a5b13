#include "codec/deflate/block_writer.hpp"

#include <algorithm>
#include <cstring>

#include "codec/deflate/stored_blocks.hpp"

namespace braid::codec::deflate {

namespace {

// As the two bits behind BFINAL, section 3.2.3.
unsigned type_of(BlockType type) noexcept {
  return static_cast<unsigned>(type);
}

}  // namespace

bool BlockWriter::write(const Stretch& block, std::span<const Sequence> sequences,
                        const std::byte* plain, bool final) noexcept {
  const CodeLengths optimal = optimal_lengths(block.counts);
  const DynamicHeader header(optimal);
  const std::uint64_t dynamic = header.bits() + symbol_bits(block.counts, optimal);
  static const CodeLengths fixed_code = fixed_lengths();
  const std::uint64_t fixed = symbol_bits(block.counts, fixed_code);
  const std::uint64_t stored = std::uint64_t{8} * stored_size(block.plain_size);
  const std::uint64_t least = std::min({dynamic, fixed, stored});
  if (!has_room(type_bits + least)) return false;

  if (least == stored) {
    write_stored({plain, block.plain_size}, final);
    return true;
  }
  const bool is_fixed = least == fixed;
  bits_.add(final ? 1 : 0, 1);
  bits_.add(type_of(is_fixed ? BlockType::fixed : BlockType::dynamic), 2);
  if (!is_fixed) header.write(bits_);
  write_symbols(sequences, plain, Codewords(is_fixed ? fixed_code : optimal));
  return true;
}

void BlockWriter::write_stored(ByteView plain, bool final) noexcept {
  do {
    const ByteView part = plain.first(longest_stored_block);
    plain = plain.drop(part.size());
    bits_.add(final && plain.empty() ? 1 : 0, type_bits);
    std::byte* out = bits_.align();
    const auto length = static_cast<std::uint16_t>(part.size());
    base::store_le(out, length);
    base::store_le(out + 2, static_cast<std::uint16_t>(~length));
    if (!part.empty()) std::memcpy(out + 4, part.data(), part.size());
    out += 4 + part.size();
    bits_.move_to(out);
  } while (!plain.empty());
}

void BlockWriter::write_symbols(std::span<const Sequence> sequences, const std::byte* plain,
                                const Codewords& codes) noexcept {
  BitWriter bits = bits_;  // in registers
  const auto add_literal = [&] {
    const Codeword code = codes.literals[std::to_integer<std::size_t>(*plain++)];
    bits.add(code.bits, code.count);
  };
  for (const Sequence& sequence : sequences) {
    std::uint32_t literals = sequence.literals;
    for (; literals >= 3; literals -= 3) {
      add_literal();
      add_literal();
      add_literal();
      bits.flush();
    }
    for (; literals > 0; --literals) add_literal();
    bits.flush();
    if (sequence.length == 0) continue;
    const Codeword match = codes.matches[sequence.length];
    const unsigned symbol = distance_symbol(sequence.distance);
    const Codeword distance = codes.distances[symbol];
    bits.add(match.bits, match.count);
    bits.add(distance.bits, distance.count);
    const SymbolRange& range = distance_ranges[symbol];
    bits.add(std::uint64_t{sequence.distance} - range.base, range.extra_bits);
    bits.flush();
    plain += sequence.length;
  }
  bits.add(codes.end.bits, codes.end.count);
  bits.flush();
  bits_ = bits;
}

std::size_t BlockWriter::end_with_mark() noexcept {
  if (!has_room(std::uint64_t{8} * (stored_block_header + 1))) return 0;
  write_stored({}, false);
  return written(bits_.align());
}

}  // namespace braid::codec::deflate
