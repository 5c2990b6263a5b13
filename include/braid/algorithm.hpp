#pragma once

#include <braid/bytes.hpp>
#include <braid/knob.hpp>
#include <braid/result.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace braid {

// The stream formats. `none` copies its input.
enum class Algorithm : std::uint8_t {
  none,
  deflate,  // raw, RFC 1951: no header, no checksum, no signature
  zlib,     // RFC 1950
  gzip,     // RFC 1952
  zstd,     // RFC 8878
  lz4,      // LZ4 frame format 1.6
  xz,       // .xz file format 1.2
  lzma,     // .lzma ("alone")
  bzip2,
  brotli,  // RFC 7932: no signature
  lzip,    // .lz
};

// What one format is and can do. All of it is constant and lives for ever.
struct AlgorithmInfo {
  Algorithm algorithm;
  std::string_view name;                         // "gzip"
  std::span<const std::string_view> extensions;  // ".gz" first: what compressing appends
  std::string_view description;                  // one line for `braid formats`
  int min_level;                                 // levels the format's own tool has
  int max_level;
  int default_level;
  std::span<const KnobRange> knobs;  // settings this format has; all others are refused
  bool concatenates;                 // several streams after one another are one file
  bool has_checksum;                 // wrong bytes cannot pass unnoticed
  bool has_seams;                    // can be written and read in parallel
  bool built;                        // its library was there when braid was built

  // The range of `knob`, or nullptr when this format does not have it.
  [[nodiscard]] constexpr const KnobRange* knob(Knob knob) const noexcept {
    for (const KnobRange& range : knobs) {
      if (range.knob == knob) return &range;
    }
    return nullptr;
  }
};

// Every format, in the order of the enum. Thread-safe, as is all below.
[[nodiscard]] BRAID_API std::span<const Algorithm> algorithms() noexcept;

[[nodiscard]] BRAID_API const AlgorithmInfo& info(Algorithm algorithm) noexcept;

// The format called `name` ("gzip", and also without the dot any of its extensions: "gz").
// Case does not matter. Errors: invalid_argument.
[[nodiscard]] BRAID_API Result<Algorithm> algorithm_from_name(std::string_view name);

// The format that a file name's extension tells, ignoring case; nothing when it tells none.
// "a.tar.gz" and "a.tgz" are gzip: the tar inside is not a stream format.
[[nodiscard]] BRAID_API std::optional<Algorithm> algorithm_from_path(
    std::string_view path) noexcept;

// `path` without the extension of its format: "a.tgz" becomes "a.tar". Nothing when it has none.
[[nodiscard]] BRAID_API std::optional<std::string> path_without_extension(std::string_view path);

// How sure detect() is. Formats without a signature (raw deflate, brotli) never exceed `guess`.
struct Detection {
  Algorithm algorithm;
  int score;  // 1 to 100

  static constexpr int guess = 30;    // plausible: no rule of the format is broken
  static constexpr int likely = 60;   // a weak signature with all checks passed (zlib, lzma)
  static constexpr int certain = 90;  // a signature of four bytes or more, or one with checks
};

// Which format these bytes begin, by content alone. 512 bytes are enough; fewer may be too few.
// Nothing when no format scores above Detection::guess. Skippable frames, which zstd and lz4 share,
// are looked through. Works for formats that were not built.
[[nodiscard]] BRAID_API std::optional<Detection> detect(ByteView prefix) noexcept;

}  // namespace braid
