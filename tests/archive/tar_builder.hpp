#pragma once

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

// Tar archives byte by byte, so that tests can write what no tool would.
namespace braid::archive::built {

struct TarEntry {
  std::string name;
  char type = '0';
  std::string content{};
  std::string link{};
  unsigned mode = 0644;
  std::string size{};  // the field as it stands, instead of content's size in octal
};

inline std::string octal(unsigned long long value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%0*llo", digits, value);
  return text;
}

inline std::string padded(std::string_view content) {
  std::string bytes(content);
  bytes.resize((bytes.size() + 511) / 512 * 512, '\0');
  return bytes;
}

inline std::string tar_header(const TarEntry& entry) {
  std::string block(512, '\0');
  const auto put = [&](std::size_t at, std::size_t room, std::string_view text) {
    std::memcpy(block.data() + at, text.data(), std::min(room, text.size()));
  };
  put(0, 100, entry.name);
  put(100, 8, octal(entry.mode, 7));
  put(108, 8, octal(0, 7));
  put(116, 8, octal(0, 7));
  put(124, 12, entry.size.empty() ? octal(entry.content.size(), 11) : entry.size);
  put(136, 12, octal(1'000'000'000, 11));
  put(148, 8, "        ");
  block[156] = entry.type;
  put(157, 100, entry.link);
  put(257, 8, std::string_view("ustar\00000", 8));
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put(148, 8, octal(sum, 6) + std::string("\0 ", 2));
  return block;
}

inline std::string tar_entry(const TarEntry& entry) {
  return tar_header(entry) + padded(entry.content);
}

// "27 path=..." with the length that counts itself.
inline std::string pax_record(std::string_view key, std::string_view value) {
  std::size_t length = key.size() + value.size() + 3;
  while (length != std::to_string(length).size() + key.size() + value.size() + 3) ++length;
  return std::to_string(length) + ' ' + std::string(key) + '=' + std::string(value) + '\n';
}

inline std::string pax(std::string_view records, char type = 'x') {
  return tar_entry({.name = "pax", .type = type, .content = std::string(records)});
}

// GNU's way of a long name or link target.
inline std::string gnu_long(char type, std::string_view text) {
  return tar_entry({.name = "././@LongLink", .type = type, .content = std::string(text) + '\0'});
}

inline std::string tar_end() {
  return std::string(1024, '\0');
}

}  // namespace braid::archive::built
