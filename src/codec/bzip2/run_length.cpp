#include "codec/bzip2/run_length.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "base/byte_order.hpp"
#include "codec/bzip2/constants.hpp"

namespace braid::codec::bzip2 {

namespace {

// Four bytes and a count byte of at most 251: the reference writer goes no further.
constexpr std::size_t longest_run = 255;

// The length of the run that begins at `from`, at most `longest_run`.
std::size_t run_length(ByteView data, std::size_t from) noexcept {
  const std::size_t end = std::min(data.size(), from + longest_run);
  const std::uint64_t pattern = data.at(from) * 0x0101010101010101ULL;
  std::size_t at = from + 1;
  for (; at + 8 <= end; at += 8) {
    const std::uint64_t differs = base::load_le<std::uint64_t>(data.data() + at) ^ pattern;
    if (differs != 0) return at - from + static_cast<std::size_t>(std::countr_zero(differs)) / 8;
  }
  while (at < end && data[at] == data[from]) ++at;
  return at - from;
}

}  // namespace

std::size_t find_run(ByteView data, std::size_t from) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101ULL;
  constexpr std::uint64_t tops = 0x8080808080808080ULL;
  const std::byte* p = data.data();
  std::size_t at = from;
  for (; at + 11 <= data.size(); at += 8) {
    const auto a = base::load_le<std::uint64_t>(p + at);
    const auto b = base::load_le<std::uint64_t>(p + at + 1);
    const auto c = base::load_le<std::uint64_t>(p + at + 2);
    const auto d = base::load_le<std::uint64_t>(p + at + 3);
    const std::uint64_t differs = (a ^ b) | (b ^ c) | (c ^ d);
    const std::uint64_t zero = (differs - ones) & ~differs & tops;  // lowest set bit is exact
    if (zero != 0) return at + static_cast<std::size_t>(std::countr_zero(zero)) / 8;
  }
  for (; at + run_trigger <= data.size(); ++at) {
    if (p[at] == p[at + 1] && p[at] == p[at + 2] && p[at] == p[at + 3]) return at;
  }
  return data.size();
}

std::size_t fill_block(ByteView data, std::size_t limit) noexcept {
  std::size_t at = 0;
  std::size_t room = limit;
  while (at < data.size()) {
    // No run that begins behind the room can matter, so the search ends there.
    const ByteView ahead = data.first(at + room + run_trigger - 1);
    const std::size_t run = find_run(ahead, at);
    if (run == ahead.size() || run - at >= room) return std::min(at + room, data.size());
    room -= run - at;
    at = run;
    if (room <= run_trigger) return at + std::min(room, run_trigger - 1);  // no room for the count
    at += run_length(data, at);
    room -= run_trigger + 1;
    if (room == 0) return at;
  }
  return at;
}

std::size_t encode_runs(ByteView data, std::byte* out) noexcept {
  std::byte* const begin = out;
  std::size_t at = 0;
  while (at < data.size()) {
    const std::size_t run = find_run(data, at);
    const bool counted = run < data.size();
    const std::size_t copy = run - at + (counted ? run_trigger : 0);
    std::memcpy(out, data.data() + at, copy);
    out += copy;
    at += copy;
    if (!counted) break;
    const std::size_t length = run_length(data, run);
    *out++ = static_cast<std::byte>(length - run_trigger);
    at = run + length;
  }
  return static_cast<std::size_t>(out - begin);
}

void RunDecoder::find() noexcept {
  const std::size_t run = find_run(block_, at_);
  counted_ = run != block_.size();
  copy_end_ = counted_ ? run + run_trigger : run;
  if (counted_ && copy_end_ == block_.size()) {
    broken_ = true;
    counted_ = false;
  }
}

std::size_t RunDecoder::write(MutableBytes out) noexcept {
  std::byte* to = out.data();
  std::size_t room = out.size();
  while (room != 0) {
    if (repeat_ != 0) {
      const std::size_t count = std::min(room, repeat_);
      std::memset(to, std::to_integer<int>(value_), count);
      to += count;
      room -= count;
      repeat_ -= count;
      continue;
    }
    const std::size_t count = std::min(room, copy_end_ - at_);
    if (count != 0) std::memcpy(to, block_.data() + at_, count);
    to += count;
    room -= count;
    at_ += count;
    if (at_ < copy_end_ || !counted_) break;
    value_ = block_[at_ - 1];
    repeat_ = block_.at(at_);
    ++at_;
    find();
  }
  return out.size() - room;
}

}  // namespace braid::codec::bzip2
