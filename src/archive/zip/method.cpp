#include "archive/zip/method.hpp"

#include <array>
#include <string_view>

namespace braid::archive::zip {

namespace {

struct Method {
  std::uint16_t number;
  Algorithm algorithm;
  std::uint16_t version;
};

// The first row of an algorithm is the one that is written.
constexpr std::array methods = {
    Method{method_stored, Algorithm::none, 20},
    Method{8, Algorithm::deflate, 20},
    Method{12, Algorithm::bzip2, 46},
    Method{method_lzma, Algorithm::lzma, 63},
    Method{93, Algorithm::zstd, 63},
    Method{95, Algorithm::xz, 63},
    Method{20, Algorithm::zstd, 63},  // the number that zstd had at first
};

std::string_view foreign_name(std::uint16_t method) noexcept {
  switch (method) {
    case 1:
      return "shrink";
    case 2:
    case 3:
    case 4:
    case 5:
      return "reduce";
    case 6:
      return "implode";
    case 9:
      return "deflate64";
    case 10:
      return "PKWARE implode";
    case 18:
      return "TERSE";
    case 19:
      return "LZ77";
    case 94:
      return "MP3";
    case 96:
      return "JPEG";
    case 97:
      return "WavPack";
    case 98:
      return "PPMd";
    default:
      return {};
  }
}

Error unsupported(std::string message) {
  return {.code = Errc::unsupported_feature, .message = std::move(message)};
}

}  // namespace

std::optional<std::uint16_t> method_of(Algorithm algorithm) noexcept {
  for (const Method& row : methods) {
    if (row.algorithm == algorithm) return row.number;
  }
  return std::nullopt;
}

std::uint16_t version_needed(std::uint16_t method) noexcept {
  for (const Method& row : methods) {
    if (row.number == method) return row.version;
  }
  return 20;
}

Result<Algorithm> algorithm_of(const Member& member) {
  constexpr std::uint16_t method_aes = 99;
  if (member.method == method_aes) return unsupported("is encrypted (WinZip AES)");
  if (member.has(flag_strong_encryption) || member.has(flag_masked_headers)) {
    return unsupported("is encrypted (PKWARE strong encryption)");
  }
  if (member.has(flag_encrypted)) return unsupported("is encrypted (ZipCrypto)");
  for (const Method& row : methods) {
    if (row.number != member.method) continue;
    if (info(row.algorithm).built) return row.algorithm;
    return unsupported("this build cannot read " + std::string(info(row.algorithm).name));
  }
  std::string text = "is packed by method " + std::to_string(member.method);
  if (const auto name = foreign_name(member.method); !name.empty()) {
    text += " (" + std::string(name) + ")";
  }
  return unsupported(text + ", which braid does not read");
}

}  // namespace braid::archive::zip
