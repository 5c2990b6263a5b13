#include "codec/bzip2/block_decoder.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "base/try.hpp"
#include "codec/bzip2/crc.hpp"
#include "codec/bzip2/randomise.hpp"

namespace braid::codec::bzip2 {

namespace {

Error corrupt(const char* message) {
  return {.code = Errc::corrupt, .message = message};
}

// A run has at most 2^21 digits' worth: more than any block holds, and no sum can overflow.
constexpr std::size_t most_digit = std::size_t{1} << 21;

}  // namespace

void BlockDecoder::begin(unsigned level) {
  limit_ = level * level_step;
  block_.resize(limit_);
  stage_ = Stage::crc;
  runs_ = RunDecoder();
  crc_ = 0;
  left_ = run_ = size_ = 0;
  digit_ = 1;
  counts_.fill(0);
}

Result<bool> BlockDecoder::read(BitReader& in) {
  while (stage_ != Stage::done) {
    Result<bool> complete = [&] {
      switch (stage_) {
        case Stage::columns:
          return read_columns(in);
        case Stage::selectors:
          return read_selectors(in);
        case Stage::tables:
          return read_tables(in);
        case Stage::symbols:
          return read_symbols(in);
        default:
          return read_fields(in);
      }
    }();
    if (!complete || !*complete) return complete;
  }
  return true;
}

// The fields of fixed size.
Result<bool> BlockDecoder::read_fields(BitReader& in) {
  std::uint64_t value = 0;
  switch (stage_) {
    case Stage::crc:
      if (!in.take(32, value)) return false;
      stated_crc_ = static_cast<std::uint32_t>(value);
      stage_ = Stage::mode;
      return true;
    case Stage::mode:
      if (!in.take(1, value)) return false;
      randomised_ = value != 0;
      stage_ = Stage::origin;
      return true;
    case Stage::origin:
      if (!in.take(24, value)) return false;
      origin_ = static_cast<std::uint32_t>(value);
      if (origin_ >= limit_) return corrupt("a block begins beyond its largest size");
      stage_ = Stage::rows;
      return true;
    case Stage::rows:
      if (!in.take(16, value)) return false;
      rows_ = static_cast<std::uint32_t>(value);
      row_ = alphabet_ = 0;
      list_.reset();
      stage_ = Stage::columns;
      return true;
    case Stage::table_count:
      if (!in.take(3, value)) return false;
      if (value < 2 || value > max_tables) return corrupt("a block has an invalid number of codes");
      table_count_ = static_cast<std::size_t>(value);
      stage_ = Stage::selector_count;
      return true;
    default:
      if (!in.take(15, value)) return false;
      if (value == 0) return corrupt("a block selects no code");
      selector_count_ = static_cast<std::size_t>(value);
      std::iota(recent_.begin(), recent_.end(), std::uint8_t{0});
      at_ = value_ = 0;
      stage_ = Stage::selectors;
      return true;
  }
}

// Which byte values occur: a map of sixteen values for each row present.
Result<bool> BlockDecoder::read_columns(BitReader& in) {
  for (; row_ < 16; ++row_) {
    if ((rows_ & (0x8000U >> row_)) == 0) continue;
    std::uint64_t columns = 0;
    if (!in.take(16, columns)) return false;
    for (std::size_t column = 0; column < 16; ++column) {
      if ((columns & (0x8000U >> column)) == 0) continue;
      list_.set(alphabet_++, static_cast<std::uint8_t>(row_ * 16 + column));
    }
  }
  if (alphabet_ == 0) return corrupt("a block uses no byte value");
  alphabet_ += 2;
  stage_ = Stage::table_count;
  return true;
}

// Each is a place in the list of tables, in unary.
Result<bool> BlockDecoder::read_selectors(BitReader& in) {
  std::uint64_t bit = 0;
  while (at_ < selector_count_) {
    if (!in.take(1, bit)) return false;
    if (bit != 0) {
      if (++value_ >= table_count_) return corrupt("a block selects a code that it does not have");
      continue;
    }
    const std::uint8_t table = recent_[value_];
    std::copy_backward(recent_.begin(), recent_.begin() + value_, recent_.begin() + value_ + 1);
    recent_[0] = table;
    if (at_ < max_selectors) selectors_[at_] = table;  // more can never be used
    ++at_;
    value_ = 0;
  }
  selector_count_ = std::min(selector_count_, max_selectors);
  at_ = table_ = 0;
  stage_ = Stage::tables;
  return true;
}

// Code lengths, each as steps of one from the last one. value_ is zero before the first.
Result<bool> BlockDecoder::read_tables(BitReader& in) {
  std::uint64_t bits = 0;
  for (; table_ < table_count_; ++table_, at_ = 0, value_ = 0) {
    if (value_ == 0) {
      if (!in.take(5, bits)) return false;
      value_ = static_cast<unsigned>(bits);
      if (value_ == 0) return corrupt("a code has an invalid length");
    }
    while (at_ < alphabet_) {
      if (value_ < 1 || value_ > max_code_bits) return corrupt("a code has an invalid length");
      if (in.held() < 2) in.refill();
      if (in.held() < 1) return false;
      if (in.peek(1) == 0) {
        in.drop(1);
        lengths_[at_++] = static_cast<std::uint8_t>(value_);
        continue;
      }
      if (!in.take(2, bits)) return false;
      if (bits == 3 && value_ == 1) return corrupt("a code has an invalid length");
      value_ = bits == 2 ? value_ + 1 : value_ - 1;
    }
    tables_[table_].build({lengths_.data(), alphabet_});
  }
  at_ = 0;
  stage_ = Stage::symbols;
  return true;
}

Result<bool> BlockDecoder::read_symbols(BitReader& in) {
  for (;;) {
    if (left_ == 0) {
      if (at_ == selector_count_) return corrupt("a block goes on behind its last selected code");
      ++at_;
      left_ = group_size;
    }
    switch (read_group(in)) {
      case Group::done:
        break;
      case Group::need_input:
        return false;
      case Group::no_such_code:
        return corrupt("a block contains bits that are no code");
      case Group::too_long:
        return corrupt("a block is longer than its level allows");
      case Group::end_of_block:
        BRAID_TRY(restore());
        stage_ = Stage::done;
        return true;
    }
  }
}

// Reads what is left of a group. State is kept in locals: the bytes written could be any member.
BlockDecoder::Group BlockDecoder::read_group(BitReader& reader) noexcept {
  const CodeTable& table = tables_[selectors_[at_ - 1]];
  auto* const block = reinterpret_cast<std::uint8_t*>(block_.data());
  const auto end_symbol = static_cast<unsigned>(alphabet_ - 1);
  const std::size_t limit = limit_;
  BitReader in = reader;
  std::size_t left = left_;
  std::size_t size = size_;
  std::size_t run = run_;
  std::size_t digit = digit_;
  Group result = Group::done;
  while (left != 0) {
    in.refill();
    const CodeHit hit = table.find(in.peek(max_code_bits));
    if (hit.length > in.held() || hit.length == 0) [[unlikely]] {
      result = in.held() < max_code_bits ? Group::need_input : Group::no_such_code;
      break;
    }
    in.drop(hit.length);
    --left;
    if (hit.symbol <= 1) {
      run += digit << hit.symbol;
      digit <<= 1;
      if (digit > most_digit) [[unlikely]] {
        result = Group::too_long;
        break;
      }
      continue;
    }
    if (run != 0) {
      if (run > limit - size) [[unlikely]] {
        result = Group::too_long;
        break;
      }
      const std::uint8_t front = list_.front();
      std::memset(block + size, front, run);
      counts_[front] += static_cast<std::uint32_t>(run);
      size += run;
      run = 0;
      digit = 1;
    }
    if (hit.symbol == end_symbol) [[unlikely]] {
      result = Group::end_of_block;
      break;
    }
    if (size == limit) [[unlikely]] {
      result = Group::too_long;
      break;
    }
    const std::uint8_t byte = list_.decode(hit.symbol - 1);
    block[size++] = byte;
    ++counts_[byte];
  }
  reader = in;
  left_ = left;
  size_ = size;
  run_ = run;
  digit_ = digit;
  return result;
}

Result<void> BlockDecoder::restore() {
  if (origin_ >= size_) return corrupt("a block begins behind its end");
  const MutableBytes block(block_.data(), size_);
  inverse_.run(block, origin_, counts_);
  if (randomised_) derandomise(block);
  runs_ = RunDecoder(ByteView(block));
  return {};
}

std::size_t BlockDecoder::write(MutableBytes out) noexcept {
  const std::size_t count = runs_.write(out);
  crc_ = crc32(crc_, {out.data(), count});
  return count;
}

Result<void> BlockDecoder::check() const {
  if (runs_.broken()) return corrupt("a block ends within a run");
  if (crc_ != stated_crc_) {
    return Error{.code = Errc::checksum_mismatch, .message = "the CRC of a block does not match"};
  }
  return {};
}

}  // namespace braid::codec::bzip2
