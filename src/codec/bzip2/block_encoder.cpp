#include "codec/bzip2/block_encoder.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "base/try.hpp"
#include "codec/bzip2/constants.hpp"
#include "codec/bzip2/crc.hpp"
#include "codec/bzip2/move_to_front.hpp"
#include "codec/bzip2/run_length.hpp"
#include "codec/code_lengths.hpp"

namespace braid::codec::bzip2 {

namespace {

// Magic, CRC, the bit for randomised blocks, origin, the map of sixteenths; number of codes and of
// selectors.
constexpr std::uint64_t fixed_bits = magic_bits + 32 + 1 + 24 + 16 + 3 + 15;
constexpr unsigned column_bits = 16;

// What write_tables() writes for one table.
std::uint64_t table_bits(std::span<const std::uint8_t> lengths) noexcept {
  std::uint64_t bits = 5 + lengths.size();
  for (std::size_t s = 1; s < lengths.size(); ++s) {
    bits += 2 * static_cast<std::uint64_t>(std::abs(lengths[s] - lengths[s - 1]));
  }
  return bits;
}

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

void BlockEncoder::place_selectors() {
  const auto selectors = plan_.selectors();
  std::array<std::uint8_t, max_tables> list{};
  std::iota(list.begin(), list.end(), std::uint8_t{0});
  places_.clear();
  for (const std::uint8_t selector : selectors) {
    std::uint8_t place = 0;
    std::uint8_t moved = list[0];
    while (moved != selector) std::swap(moved, list[++place]);
    list[0] = selector;
    places_.push_back(place);
  }
}

// Adds selectors until the block, which takes `other_bits` without any, fills whole bytes. Blocks
// of many groups have six codes, so that two more selectors are always enough for them: their
// number stays within what readers expect.
void BlockEncoder::pad_selectors(std::uint64_t other_bits) {
  std::uint64_t bits = other_bits;
  for (const std::uint8_t place : places_) bits += place + 1U;
  for (std::uint64_t missing = (8 - bits % 8) % 8; missing != 0;) {
    const std::uint64_t now = std::min<std::uint64_t>(missing, plan_.tables());
    places_.push_back(static_cast<std::uint8_t>(now - 1));
    missing -= now;
  }
}

void BlockEncoder::write_selectors(BitWriter& out) const {
  out.put(plan_.tables(), 3);
  out.put(places_.size(), 15);
  for (const std::uint8_t place : places_)
    out.put((2U << place) - 2, place + 1U);  // ones and a zero
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

Result<std::uint32_t> BlockEncoder::encode(ByteView plain, Buffer& out) {
  const std::uint32_t crc = crc32(0, plain);
  block_.resize(std::min(plain.size() + plain.size() / 4, max_block));
  block_.resize(encode_runs(plain, block_.data()));
  BRAID_TRY_VALUE(const std::uint32_t origin, sorter_.transform(block_.writable()));
  const auto symbols = rank(block_.view());
  plan_.make(symbols, {frequencies_.data(), alphabet_});

  std::uint64_t bits = fixed_bits + plan_.symbol_bits();
  for (std::size_t row = 0; row < used_.size(); row += 16) {
    const auto column = std::span(used_).subspan(row, 16);
    if (std::find(column.begin(), column.end(), true) != column.end()) bits += column_bits;
  }
  for (std::size_t t = 0; t < plan_.tables(); ++t) bits += table_bits(plan_.lengths(t));
  place_selectors();
  pad_selectors(bits);

  out.clear();
  out.resize(static_cast<std::size_t>(bits / 8) + places_.size() + BitWriter::slack);
  BitWriter writer(out.data());
  write_header(writer, crc, origin);
  write_selectors(writer);
  write_tables(writer);
  write_symbols(writer, symbols);
  out.resize(static_cast<std::size_t>(writer.finish() / 8));
  return crc;
}

}  // namespace braid::codec::bzip2
