#pragma once

#include <braid/archive.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace braid::archive::zip {

// General purpose bits of a header (APPNOTE 4.4.4).
inline constexpr std::uint16_t flag_encrypted = 1 << 0;
inline constexpr std::uint16_t flag_lzma_end_mark = 1 << 1;
inline constexpr std::uint16_t flag_descriptor = 1 << 3;
inline constexpr std::uint16_t flag_strong_encryption = 1 << 6;
inline constexpr std::uint16_t flag_utf8 = 1 << 11;
inline constexpr std::uint16_t flag_masked_headers = 1 << 13;

// Longest target of a symbolic link that Linux takes.
inline constexpr std::uint64_t most_link_bytes = 4095;

// One entry, with what the archive says of where and how its content is kept.
struct Member {
  Entry entry;
  std::string name;  // the bytes that both of its headers hold
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t crc = 0;
  std::uint64_t packed = 0;  // bytes
  std::uint64_t plain = 0;   // bytes
  std::uint64_t start = 0;   // of its local header in the file

  [[nodiscard]] bool has(std::uint16_t flag) const noexcept { return (flags & flag) != 0; }
};

}  // namespace braid::archive::zip
