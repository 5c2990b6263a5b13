#include "codec/lz4/frame.hpp"

#include <string>

#include <xxhash.h>

#include "base/byte_order.hpp"

namespace braid::codec::lz4 {

namespace {

// FLG
constexpr unsigned version_one = 0x40;
constexpr unsigned version_mask = 0xC0;
constexpr unsigned independent_flag = 0x20;
constexpr unsigned block_checksum_flag = 0x10;
constexpr unsigned content_size_flag = 0x08;
constexpr unsigned checksum_flag = 0x04;
constexpr unsigned reserved_flag = 0x02;
constexpr unsigned dictionary_flag = 0x01;
// BD
constexpr unsigned reserved_descriptor = 0x8F;

constexpr std::size_t flags_at = 4;
constexpr std::size_t descriptor_at = 5;
constexpr std::size_t fields_at = 6;

// The second byte of the checksum over FLG to the last field.
unsigned header_checksum(ByteView descriptor) {
  return XXH32(descriptor.data(), descriptor.size(), 0) >> 8 & 0xFF;
}

Error bad(Errc code, std::string message, std::uint64_t offset) {
  return {.code = code, .message = std::move(message), .offset = offset};
}

}  // namespace

std::size_t header_size(ByteView first_six) noexcept {
  const unsigned flags = first_six.at(flags_at);
  return min_header_size + ((flags & content_size_flag) != 0 ? 8 : 0) +
         ((flags & dictionary_flag) != 0 ? 4 : 0);
}

Result<FrameHeader> parse_header(ByteView bytes) {
  const unsigned flags = bytes.at(flags_at);
  const unsigned descriptor = bytes.at(descriptor_at);
  if ((flags & version_mask) != version_one) {
    return bad(Errc::unsupported_feature,
               "version " + std::to_string(flags >> 6) + " of the frame format", flags_at);
  }
  if ((flags & reserved_flag) != 0 || (descriptor & reserved_descriptor) != 0) {
    return bad(Errc::unsupported_feature, "a reserved bit of the frame header is set", flags_at);
  }
  const std::size_t sum_at = bytes.size() - 1;
  if (header_checksum(bytes.slice(flags_at, sum_at - flags_at)) != bytes.at(sum_at)) {
    return bad(Errc::checksum_mismatch, "the checksum of the frame header does not match", sum_at);
  }
  const unsigned code = descriptor >> 4;
  if (code < 4) {
    return bad(Errc::corrupt, "block size code " + std::to_string(code) + " does not exist",
               descriptor_at);
  }
  FrameHeader header;
  header.block_size = 1U << (8 + 2 * code);
  header.linked = (flags & independent_flag) == 0;
  header.block_checksum = (flags & block_checksum_flag) != 0;
  header.checksum = (flags & checksum_flag) != 0;
  std::size_t at = fields_at;
  if ((flags & content_size_flag) != 0) {
    header.content_size = base::load_le<std::uint64_t>(bytes.data() + at);
    at += 8;
  }
  if ((flags & dictionary_flag) != 0) {
    header.dictionary_id = base::load_le<std::uint32_t>(bytes.data() + at);
  }
  return header;
}

bool is_small_frame(ByteView ahead) noexcept {
  if (ahead.size() < min_header_size + block_header_size) return false;
  if (base::load_le<std::uint32_t>(ahead.data()) != frame_magic) return false;
  const unsigned flags = ahead.at(flags_at);
  const auto sum_of = [&](unsigned flag) { return (flags & flag) != 0 ? sum_size : 0; };
  const ByteView rest = ahead.first(small_frame).drop(header_size(ahead));
  if (rest.size() < block_header_size) return false;
  std::size_t at = 0;
  if (const auto block = base::load_le<std::uint32_t>(rest.data()); block != 0) {
    at = block_header_size + (block & ~stored_block) + sum_of(block_checksum_flag);
  }
  const std::size_t end = at + block_header_size + sum_of(checksum_flag);
  return end <= rest.size() && base::load_le<std::uint32_t>(rest.data() + at) == 0;
}

void append_header(Buffer& out, const FrameHeader& header) {
  base::append_le(out, frame_magic);
  const std::size_t begin = out.size();
  base::append_byte(out, version_one | (header.linked ? 0 : independent_flag) |
                             (header.block_checksum ? block_checksum_flag : 0) |
                             (header.content_size ? content_size_flag : 0) |
                             (header.checksum ? checksum_flag : 0) |
                             (header.dictionary_id ? dictionary_flag : 0));
  base::append_byte(out, block_size_code(header.block_size).value_or(7) << 4);
  if (header.content_size) base::append_le(out, *header.content_size);
  if (header.dictionary_id) base::append_le(out, *header.dictionary_id);
  base::append_byte(out, header_checksum(out.view().drop(begin)));
}

std::optional<unsigned> block_size_code(std::uint64_t block_size) noexcept {
  for (unsigned code = 4; code <= 7; ++code) {
    if (block_size == std::uint64_t{1} << (8 + 2 * code)) return code;
  }
  return std::nullopt;
}

Result<void> check_header(const FrameHeader& header, const DecoderSettings& settings) {
  if (header.block_size > settings.memory_limit) {
    return bad(Errc::memory_limit,
               "the frame has blocks of " + std::to_string(header.block_size) +
                   " bytes, more than the allowed " + std::to_string(settings.memory_limit),
               0);
  }
  if (header.dictionary_id && settings.dictionary.empty()) {
    return bad(Errc::unsupported_feature,
               "the frame needs dictionary " + std::to_string(*header.dictionary_id) +
                   ", which was not given",
               0);
  }
  return {};
}

void describe_header(const FrameHeader& header, StreamInfo& info) {
  info.check = header.checksum ? "XXH32" : header.block_checksum ? "XXH32 of blocks" : "none";
  info.content_size = header.content_size;
}

}  // namespace braid::codec::lz4
