#include "codec/zstd/frame.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/byte_order.hpp"
#include "codec/zstd/zstd.hpp"

namespace braid::codec::zstd {

namespace {

// The largest window the library has (ZSTD_WINDOWLOG_MAX).
constexpr std::uint64_t max_window = std::uint64_t{1} << (sizeof(void*) == 4 ? 30 : 31);
constexpr std::size_t block_header_size = 3;
constexpr std::size_t checksum_size = 4;

std::uint64_t load_little(const std::byte* p, std::size_t size) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    value |= std::to_integer<std::uint64_t>(p[i]) << (8 * i);
  }
  return value;
}

// RFC 8878, 3.1.1.1.2: ten bits of exponent base, eighths for the mantissa.
std::uint64_t window_size(unsigned descriptor) noexcept {
  const std::uint64_t base = std::uint64_t{1} << (10 + (descriptor >> 3));
  return base + base / 8 * (descriptor & 7);
}

}  // namespace

int detect(ByteView prefix) {
  return prefix.size() >= magic_size && base::load_le<std::uint32_t>(prefix.data()) == frame_magic
             ? Detection::certain
             : 0;
}

bool may_begin_magic(ByteView bytes) noexcept {
  // The three known kinds differ in the first byte, which varies within skippable and old frames;
  // the bytes behind it are fixed.
  const auto matches = [bytes](std::uint32_t magic) {
    for (std::size_t i = 1; i < std::min(bytes.size(), magic_size); ++i) {
      if (bytes.at(i) != (magic >> (8 * i) & 0xFF)) return false;
    }
    return true;
  };
  if (bytes.empty()) return true;
  const unsigned first = bytes.at(0);
  return (is_skippable(0x184D2A00U | first) && matches(0x184D2A50U)) ||
         ((first == (frame_magic & 0xFF) || is_legacy(0xFD2FB500U | first)) &&
          matches(frame_magic));
}

std::optional<FrameHeader> parse_header(ByteView bytes) noexcept {
  if (bytes.size() <= magic_size) return std::nullopt;
  const unsigned descriptor = bytes.at(magic_size);
  const bool single_segment = (descriptor & 0x20U) != 0;
  const std::size_t window_bytes = single_segment ? 0 : 1;
  const std::size_t id_bytes = std::array<std::size_t, 4>{0, 1, 2, 4}[descriptor & 3U];
  const unsigned size_flag = descriptor >> 6;
  const std::size_t size_bytes =
      size_flag == 0 ? (single_segment ? 1U : 0U) : std::size_t{1} << size_flag;

  FrameHeader header;
  header.size = magic_size + 1 + window_bytes + id_bytes + size_bytes;
  if (bytes.size() < header.size) return std::nullopt;
  const std::byte* p = bytes.data() + magic_size + 1;
  if (!single_segment) header.window = window_size(std::to_integer<unsigned>(*p));
  p += window_bytes;
  header.dictionary_id = static_cast<std::uint32_t>(load_little(p, id_bytes));
  p += id_bytes;
  if (size_bytes != 0) {
    header.content_size = load_little(p, size_bytes) + (size_bytes == 2 ? 256 : 0);
  }
  if (single_segment) header.window = header.content_size;
  header.checksum = (descriptor & 4U) != 0;
  header.reserved = (descriptor & 8U) != 0;
  return header;
}

Result<void> check_header(const FrameHeader& header, std::uint64_t memory_limit) {
  if (header.reserved) {
    return Error{.code = Errc::unsupported_feature,
                 .message = "a reserved bit of the frame header is set",
                 .offset = magic_size};
  }
  if (header.window > memory_limit) {
    return Error{.code = Errc::memory_limit,
                 .message = "the frame needs a window of " + std::to_string(header.window) +
                            " bytes, more than the allowed " + std::to_string(memory_limit),
                 .offset = 0};
  }
  if (header.window > max_window) {
    return Error{.code = Errc::unsupported_feature,
                 .message = "the frame needs a window of " + std::to_string(header.window) +
                            " bytes, more than the library can keep",
                 .offset = 0};
  }
  return {};
}

void describe_header(const FrameHeader& header, StreamInfo& info) {
  info.check = header.checksum ? "XXH64" : "none";
  info.content_size.reset();
  if (header.content_size != Unit::unknown) info.content_size = header.content_size;
}

FrameWalk::State FrameWalk::advance(Outlook& frame, std::size_t max_blocks) {
  if (position_ == 0) {
    const ByteView head = frame.at(0, max_header_size);
    if (head.size() < magic_size) return State::need_input;
    if (base::load_le<std::uint32_t>(head.data()) != frame_magic) return State::malformed;
    const auto header = parse_header(head);
    if (!header) return State::need_input;
    header_ = *header;
    position_ = header_.size;
  }
  for (std::size_t blocks = 0; blocks < max_blocks; ++blocks) {
    const ByteView block = frame.at(position_, block_header_size);
    if (block.size() < block_header_size) return State::need_input;
    const State state = pass_block(load_little(block.data(), block_header_size), frame.size());
    if (state != State::within) return state;
  }
  return State::within;
}

// Passes the block with this header, which is where the walk stands.
FrameWalk::State FrameWalk::pass_block(std::uint64_t block, std::uint64_t end_of_input) noexcept {
  const bool last = (block & 1) != 0;
  const std::uint64_t type = block >> 1 & 3;  // raw, run length, compressed, reserved
  const std::uint64_t size = block >> 3;
  if (type == 3 || size > max_block_size) return State::malformed;
  const std::uint64_t stored = type == 1 ? 1 : size;
  const std::uint64_t end =
      position_ + block_header_size + stored + (last && header_.checksum ? checksum_size : 0);
  if (end > end_of_input) return State::need_input;
  const std::uint64_t block_limit =
      std::min(std::max<std::uint64_t>(header_.window, 1), max_block_size);
  position_ = end;
  largest_block_ = std::max(largest_block_, stored);
  plain_bound_ += type == 2 ? block_limit : size;
  return last ? State::whole : State::within;
}

}  // namespace braid::codec::zstd
