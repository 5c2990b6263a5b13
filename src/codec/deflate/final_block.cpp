#include "codec/deflate/final_block.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "codec/deflate/block_format.hpp"
#include "codec/deflate/header_scan.hpp"
#include "codec/deflate/sequences.hpp"

namespace braid::codec::deflate {

namespace {

// Streams this short are read from the front: it costs less than the search.
constexpr std::size_t short_stream = 8192;

// How much of the end is read as a fixed block, and how much of it must agree with the plain bytes
// to suspect one. Reading begins at an unknown place between two symbols.
constexpr std::uint64_t tail_bits = 2048;
constexpr std::uint64_t suspicious_bits = 512;

// A fixed block of less than this is no last block: encoders do not split off a few bytes.
constexpr std::uint64_t noticeable_bits = 32;

// The longest symbol, RFC 1951 section 3.2.5: 15 + 5 bits of length and 15 + 13 of distance. Among
// as many neighbouring bits there is an edge between symbols.
constexpr std::uint64_t longest_symbol = 48;

constexpr std::size_t stored_header = 4;       // LEN and NLEN
constexpr std::size_t longest_stored = 65535;  // LEN has 16 bits

// What occurs in a block, by symbol of either code.
struct Occurrence {
  std::array<bool, 288> literals{};
  std::array<bool, 32> distances{};
};

// Whether the codes hold exactly the symbols that occur.
bool exact_codes(const CodeLengths& lengths, const Occurrence& occurs) noexcept {
  for (std::size_t i = 0; i < lengths.literals.size(); ++i) {
    if ((lengths.literals[i] != 0) != occurs.literals[i]) return false;
  }
  for (std::size_t i = 0; i < lengths.distances.size(); ++i) {
    if ((lengths.distances[i] != 0) != occurs.distances[i]) return false;
  }
  return true;
}

// Whether `symbol`, which ends at plain position `end`, says what the plain bytes say.
bool agrees(const Symbol& symbol, ByteView plain, std::size_t end) noexcept {
  if (symbol.length > end) return false;
  const std::size_t begin = end - symbol.length;
  if (symbol.distance == 0) return plain.at(begin) == symbol.literal;
  if (symbol.distance > begin) return false;
  const std::byte* const here = plain.data() + begin;
  return std::memcmp(here, here - symbol.distance, symbol.length) == 0;
}

// Compares from the last symbol, which ends where `plain` ends, backwards. Returns how many symbols
// agree; `position` becomes the plain position of the first of them, `bits` their size.
std::size_t compare(const std::vector<Symbol>& symbols, ByteView plain, std::size_t& position,
                    std::uint64_t& bits) noexcept {
  position = plain.size();
  bits = 0;
  for (std::size_t i = symbols.size(); i-- > 0;) {
    if (!agrees(symbols[i], plain, position)) return symbols.size() - 1 - i;
    position -= symbols[i].length;
    bits += symbols[i].bits;
  }
  return symbols.size();
}

// Whether only padding, fewer than eight zero bits, follows.
bool is_end(const BitView& bits, std::uint64_t at) noexcept {
  return at != 0 && at <= bits.size() && bits.size() - at < 8 && (bits.peek(at) & 0xff) == 0;
}

// Whether the stream may end in a stored block: LEN and NLEN at the right distance from the end,
// and the plain bytes as they are.
bool may_be_stored(ByteView deflated, ByteView plain) noexcept {
  const std::size_t size = deflated.size();
  const std::size_t longest = std::min({longest_stored, plain.size(), size - stored_header - 1});
  // The last four bytes tell that no longer block is meant, nearly always.
  const bool same_end =
      plain.size() >= 4 && std::memcmp(deflated.end() - 4, plain.end() - 4, 4) == 0;
  const std::size_t most = same_end ? longest : std::min<std::size_t>(longest, 3);
  for (std::size_t length = 0; length <= most; ++length) {
    const std::byte* const header = deflated.end() - length - stored_header;
    const auto len = static_cast<std::uint32_t>(length);
    if (base::load_le<std::uint32_t>(header) != (len | ((len ^ 0xffffU) << 16))) continue;
    if (length == 0) return true;
    if (std::memcmp(header + stored_header, plain.end() - length, length) == 0) return true;
  }
  return false;
}

}  // namespace

FinalBlockFinder::FinalBlockFinder()
    : dynamic_(std::make_unique<SymbolDecoder>()), fixed_(std::make_unique<SymbolDecoder>()) {
  fixed_->load(fixed_lengths());
}

std::optional<FinalBlock> FinalBlockFinder::find(ByteView deflated, ByteView plain,
                                                 std::size_t reach) {
  if (deflated.size() <= short_stream) return walk(deflated);
  const BitView bits(deflated);
  FinalBlock block;
  if (!may_be_stored(deflated, plain) && !may_be_fixed(bits, plain) &&
      search_dynamic(bits, reach, plain, block) == Verdict::yes) {
    return block;
  }
  ++walked_;
  return walk(deflated);
}

FinalBlockFinder::Verdict FinalBlockFinder::search_dynamic(const BitView& bits, std::size_t reach,
                                                           ByteView plain, FinalBlock& block) {
  const std::byte* const data = bits.bytes().data();
  const std::size_t size = bits.bytes().size();
  // Words are read up to 18 bytes behind the one in which a header begins; what begins in the last
  // bytes is tried one by one.
  constexpr std::size_t margin = 32;
  std::size_t byte = (size - margin) & ~std::size_t{7};
  for (std::uint64_t at = bits.size(); at-- > std::uint64_t{byte} * 8;) {
    constexpr std::uint64_t final_dynamic = 5;  // BFINAL = 1, BTYPE = 10
    if ((bits.peek(at) & 7U) != final_dynamic) continue;
    const Verdict verdict = try_dynamic(bits, at, plain, block);
    if (verdict != Verdict::no) return verdict;
  }
  const std::size_t begin = byte > reach ? byte - reach : 0;
  std::uint64_t high = base::load_le<std::uint64_t>(data + byte);
  while (byte > begin) {
    byte -= 8;
    const std::uint64_t low = base::load_le<std::uint64_t>(data + byte);
    std::uint64_t mask = possible_headers<true>(low, high);
    high = low;
    for (; mask != 0; mask &= mask - 1) {
      const std::uint64_t at =
          std::uint64_t{byte} * 8 + static_cast<std::uint64_t>(std::countr_zero(mask));
      if (!complete_precode(data, at + precode_count_at)) [[likely]]
        continue;
      const Verdict verdict = try_dynamic(bits, at, plain, block);
      if (verdict != Verdict::no) return verdict;
    }
  }
  return Verdict::no;
}

FinalBlockFinder::Verdict FinalBlockFinder::try_dynamic(const BitView& bits, std::uint64_t at,
                                                        ByteView plain, FinalBlock& block) {
  CodeLengths lengths;
  const std::uint64_t body = read_dynamic_header(bits, at + type_bits, lengths);
  if (body == 0) return Verdict::no;
  dynamic_->load(lengths);
  const std::uint64_t end = collect(*dynamic_, bits, body, bits.size());
  if (!is_end(bits, end)) return Verdict::no;
  std::size_t position = 0;
  std::uint64_t agreed = 0;
  if (compare(symbols_, plain, position, agreed) != symbols_.size()) return Verdict::no;
  Occurrence occurs;
  occurs.literals[end_of_block] = true;
  for (const Symbol& symbol : symbols_) {
    if (symbol.distance == 0) {
      occurs.literals[symbol.literal] = true;
    } else {
      occurs.literals[length_symbols[symbol.length]] = true;
      occurs.distances[distance_symbol(symbol.distance)] = true;
    }
  }
  block = {at, end};
  if (!exact_codes(lengths, occurs)) return Verdict::doubtful;
  return reads_through(bits, at, body, plain.first(position)) ? Verdict::doubtful : Verdict::yes;
}

// Whether the bits up to `body`, which are a header if `header` begins a block, say what the plain
// bytes before it say when they are read in the block's own code: then it is no header but lies in
// the middle of a block. Among as many bits as the longest symbol has, a symbol of it would begin.
bool FinalBlockFinder::reads_through(const BitView& bits, std::uint64_t header, std::uint64_t body,
                                     ByteView plain_before) {
  const std::uint64_t back = std::min(header, longest_symbol);
  for (std::uint64_t from = header - back; from <= header; ++from) {
    if (collect(*dynamic_, bits, from, body) != body) continue;
    std::size_t position = 0;
    std::uint64_t agreed = 0;
    if (compare(symbols_, plain_before, position, agreed) == symbols_.size()) return true;
  }
  return false;
}

bool FinalBlockFinder::may_be_fixed(const BitView& bits, ByteView plain) {
  // The end of a fixed block is seven zeros, section 3.2.6; the padding is zeros too.
  const std::uint64_t size = bits.size();
  if ((bits.peek(size - 7) & 0x7fU) != 0) return false;
  const std::uint64_t first = size - tail_bits - longest_symbol;
  for (std::uint64_t at = first; at < first + longest_symbol; ++at) {
    if (fixed_ends(bits, at, suspicious_bits, plain)) return true;
  }
  // A block shorter than that tail: every place at which its header may stand.
  for (std::uint64_t at = first; at + type_bits < size; ++at) {
    constexpr std::uint64_t final_fixed = 3;  // BFINAL = 1, BTYPE = 01
    if ((bits.peek(at) & 7U) == final_fixed && fixed_ends(bits, at + type_bits, size, plain)) {
      return true;
    }
  }
  return false;
}

// Whether, read in the fixed code from bit `from`, the stream ends with a block's end and all
// symbols, or the last ones that make up `enough` bits, agree with the plain bytes.
bool FinalBlockFinder::fixed_ends(const BitView& bits, std::uint64_t from, std::uint64_t enough,
                                  ByteView plain) {
  if (!is_end(bits, collect(*fixed_, bits, from, bits.size()))) return false;
  std::size_t position = 0;
  std::uint64_t agreed = 0;
  const bool all = compare(symbols_, plain, position, agreed) == symbols_.size();
  return agreed >= (all ? noticeable_bits : enough);
}

// Reads symbols from bit `from` to the end of the block or to the first edge at or behind `until`;
// returns the bit behind what was read, or 0 for something that is no code. An end of block before
// `until` counts only when `until` is the end of the stream.
std::uint64_t FinalBlockFinder::collect(const SymbolDecoder& decoder, const BitView& bits,
                                        std::uint64_t from, std::uint64_t until) {
  symbols_.clear();
  std::uint64_t at = from;
  while (at < until) {
    const Symbol symbol = decoder.read(bits, at);
    if (symbol.bits == 0) return 0;
    at += symbol.bits;
    if (symbol.length == 0) return until == bits.size() ? at : 0;
    symbols_.push_back(symbol);
  }
  return until == bits.size() ? 0 : at;
}

}  // namespace braid::codec::deflate
