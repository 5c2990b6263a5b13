#include "codec/bzip2/block_encoder.hpp"

#include <algorithm>
#include <numeric>

#include "base/try.hpp"
#include "codec/bzip2/code_lengths.hpp"
#include "codec/bzip2/constants.hpp"
#include "codec/bzip2/crc.hpp"
#include "codec/bzip2/move_to_front.hpp"
#include "codec/bzip2/run_length.hpp"

namespace braid::codec::bzip2 {

namespace {

// Everything in front of the symbols, at most: magic, CRC, origin and the map of used bytes, one
// selector of six bits a group, and tables whose neighbouring lengths differ by up to 16.
constexpr std::uint64_t most_header_bits =
    512 + 6 * max_selectors + max_tables * (5 + max_alphabet * (2 * writer_code_bits + 1));

}  // namespace

// The third and fourth stage: each byte becomes its place in a list of those used last, and runs of
// place zero become numbers written with the two digits RUNA = 1 and RUNB = 2, the lowest first.
std::span<const std::uint16_t> BlockEncoder::rank(ByteView sorted) {
  used_.fill(false);
  for (const std::byte b : sorted) used_[std::to_integer<std::size_t>(b)] = true;
  MoveToFront list;
  list.reset();
  std::array<std::uint8_t, 256> dense{};
  std::uint8_t next = 0;
  std::size_t kinds = 0;
  for (std::size_t b = 0; b < used_.size(); ++b) {
    dense[b] = next;
    if (used_[b]) ++kinds, ++next;
  }
  alphabet_ = kinds + 2;
  const auto end_of_block = static_cast<std::uint16_t>(kinds + 1);

  frequencies_.fill(0);
  auto* const symbols = reinterpret_cast<std::uint16_t*>(sorter_.scratch(sorted.size() + 1));
  std::uint16_t* out = symbols;
  const auto emit = [&](unsigned symbol) {
    *out++ = static_cast<std::uint16_t>(symbol);
    ++frequencies_[symbol];
  };
  const std::byte* at = sorted.begin();
  const std::byte* const end = sorted.end();
  std::uint8_t front = 0;  // the first byte is in front only if it is the smallest one used
  while (at != end) {
    std::uint8_t value = dense[std::to_integer<std::size_t>(*at)];
    if (value == front) {
      const std::byte* const run = at;
      const std::byte same = *at;
      while (at != end && *at == same) ++at;
      for (auto left = static_cast<std::size_t>(at - run); left != 0; left = (left - 1) / 2) {
        emit(left % 2 == 0 ? 1 : 0);
      }
      continue;
    }
    front = value;
    emit(list.encode(value) + 1);
    ++at;
  }
  emit(end_of_block);
  return {symbols, out};
}

void BlockEncoder::write_header(BitWriter& out, std::uint32_t crc, std::uint32_t origin) const {
  out.put(block_magic >> 24, 24);
  out.put(block_magic & 0xffffff, 24);
  out.put(crc, 32);
  out.put(0, 1);  // not randomised
  out.put(origin, 24);
  std::uint32_t rows = 0;  // which sixteenths of the byte values are used at all
  std::array<std::uint32_t, 16> columns{};
  for (std::size_t b = 0; b < used_.size(); ++b) {
    if (!used_[b]) continue;
    rows |= 0x8000U >> (b / 16);
    columns[b / 16] |= 0x8000U >> (b % 16);
  }
  out.put(rows, 16);
  for (const std::uint32_t column : columns) {
    if (column != 0) out.put(column, 16);
  }
}

void BlockEncoder::write_selectors(BitWriter& out) const {
  const auto selectors = plan_.selectors();
  out.put(plan_.tables(), 3);
  out.put(selectors.size(), 15);
  std::array<std::uint8_t, max_tables> list{};
  std::iota(list.begin(), list.end(), std::uint8_t{0});
  for (const std::uint8_t selector : selectors) {
    unsigned place = 0;
    std::uint8_t moved = list[0];
    while (moved != selector) std::swap(moved, list[++place]);
    list[0] = selector;
    out.put((2U << place) - 2, place + 1);  // `place` ones and a zero
  }
}

void BlockEncoder::write_tables(BitWriter& out) const {
  for (std::size_t t = 0; t < plan_.tables(); ++t) {
    const auto lengths = plan_.lengths(t);
    unsigned current = lengths[0];
    out.put(current, 5);
    for (const std::uint8_t length : lengths) {
      for (; current < length; ++current) out.put(0b10, 2);
      for (; current > length; --current) out.put(0b11, 2);
      out.put(0, 1);
    }
  }
}

void BlockEncoder::write_symbols(BitWriter& out, std::span<const std::uint16_t> symbols) const {
  constexpr unsigned length_bits = 8;
  std::array<std::array<std::uint32_t, max_alphabet>, max_tables> codes;  // code, then length
  for (std::size_t t = 0; t < plan_.tables(); ++t) {
    const auto lengths = plan_.lengths(t);
    assign_codes(lengths, {codes[t].data(), alphabet_});
    for (std::size_t s = 0; s < alphabet_; ++s) {
      codes[t][s] = (codes[t][s] << length_bits) | lengths[s];
    }
  }
  std::size_t at = 0;
  for (const std::uint8_t selector : plan_.selectors()) {
    const auto& table = codes[selector];
    const std::size_t end = std::min(at + group_size, symbols.size());
    for (; at < end; ++at) {
      const std::uint32_t entry = table[symbols[at]];
      out.put(entry >> length_bits, entry & ((1U << length_bits) - 1));
    }
  }
}

Result<EncodedBlock> BlockEncoder::encode(ByteView plain, Buffer& out) {
  EncodedBlock result;
  result.crc = crc32(0, plain);
  block_.resize(std::min(plain.size() + plain.size() / 4, max_block));
  block_.resize(encode_runs(plain, block_.data()));
  BRAID_TRY_VALUE(const std::uint32_t origin, sorter_.transform(block_.writable()));
  const auto symbols = rank(block_.view());
  plan_.make(symbols, {frequencies_.data(), alphabet_});

  out.clear();
  out.resize((most_header_bits + plan_.symbol_bits()) / 8 + 1 + BitWriter::slack);
  BitWriter writer(out.data());
  write_header(writer, result.crc, origin);
  write_selectors(writer);
  write_tables(writer);
  write_symbols(writer, symbols);
  result.bits = writer.finish();
  out.resize((result.bits + 7) / 8);
  return result;
}

}  // namespace braid::codec::bzip2
