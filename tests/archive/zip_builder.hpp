#pragma once

#include <braid/braid.hpp>

#include <cstdint>
#include <string>
#include <utility>

#include "codec/deflate/checksum.hpp"

// Builds zip archives byte by byte, so that each field can lie.
namespace braid::test {

inline std::string little(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * i & 0xff);
  return text;
}

// One field of the extra part of a header.
inline std::string extra_field(unsigned tag, const std::string& bytes) {
  return little(tag, 2) + little(bytes.size(), 2) + bytes;
}

inline std::uint32_t crc_of(const std::string& text) {
  return codec::deflate::crc32(codec::deflate::crc32_of_nothing, ByteView(text));
}

// What both headers of an entry say.
struct ZipHeader {
  std::string name;
  std::string packed;  // content as it lies in the archive
  std::uint16_t method = 0;
  std::uint32_t crc = 0;
  std::uint32_t packed_size = 0;
  std::uint32_t plain_size = 0;
  std::uint16_t flags = 0;
  std::uint16_t made = 3 << 8 | 20;  // by a Unix
  std::uint32_t attributes = 0100644U << 16;
  std::string extra{};  // in both
};

inline ZipHeader stored(std::string name, std::string content) {
  const auto size = static_cast<std::uint32_t>(content.size());
  const std::uint32_t crc = crc_of(content);
  return {.name = std::move(name),
          .packed = std::move(content),
          .crc = crc,
          .packed_size = size,
          .plain_size = size};
}

inline ZipHeader deflated(std::string name, const std::string& content) {
  const auto packed = compress(ByteView(content), CompressionConfig(Algorithm::deflate)).value();
  return {.name = std::move(name),
          .packed = std::string(packed.view().text()),
          .method = 8,
          .crc = crc_of(content),
          .packed_size = static_cast<std::uint32_t>(packed.size()),
          .plain_size = static_cast<std::uint32_t>(content.size())};
}

// Numbers of the end record that are not what they should be are added to what they should be.
struct EndLies {
  int entries = 0;
  int size = 0;
  int start = 0;
};

class ZipBuilder {
 public:
  // Header and content; returns where it begins.
  std::uint32_t local(const ZipHeader& header) {
    const auto start = static_cast<std::uint32_t>(bytes.size());
    bytes += "PK\3\4" + little(20, 2) + common(header) + header.name + header.extra;
    bytes += header.packed;
    return start;
  }

  void central(const ZipHeader& header, std::uint32_t start) {
    directory += "PK\1\2" + little(header.made, 2) + little(20, 2) + common(header);
    directory += little(0, 2) + little(0, 2) + little(0, 2) + little(header.attributes, 4);
    directory += little(start, 4) + header.name + header.extra;
    ++entries;
  }

  ZipBuilder& add(const ZipHeader& header) {
    central(header, local(header));
    return *this;
  }

  // Directory and end record. `between` lies between them.
  [[nodiscard]] std::string finish(const std::string& comment = {}, EndLies lies = {},
                                   const std::string& between = {}) const {
    const std::string count = little(static_cast<std::uint64_t>(entries + lies.entries), 2);
    return bytes + directory + between + "PK\5\6" + little(0, 4) + count + count +
           little(directory.size() + static_cast<std::uint64_t>(lies.size), 4) +
           little(bytes.size() + static_cast<std::uint64_t>(lies.start), 4) +
           little(comment.size(), 2) + comment;
  }

  std::string bytes;
  std::string directory;
  int entries = 0;

 private:
  static std::string common(const ZipHeader& header) {
    constexpr std::uint32_t time = 0x5757'6000;
    return little(header.flags, 2) + little(header.method, 2) + little(time, 4) +
           little(header.crc, 4) + little(header.packed_size, 4) + little(header.plain_size, 4) +
           little(header.name.size(), 2) + little(header.extra.size(), 2);
  }
};

}  // namespace braid::test
