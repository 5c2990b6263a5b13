#pragma once

#include "codec/deflate/detect.hpp"
#include "codec/format.hpp"

namespace braid::codec::deflate {

inline constexpr std::string_view raw_extensions[] = {".deflate"};

inline constexpr Format raw_row{
    .info = {.algorithm = Algorithm::deflate,
             .name = "deflate",
             .extensions = raw_extensions,
             .description = "raw DEFLATE data without header or checksum (RFC 1951)",
             .min_level = 0,
             .max_level = 12,
             .default_level = 6,
             .knobs = {},
             .concatenates = false,
             .has_checksum = false,
             .has_seams = true,
             .built = false},
    .detect = detect_raw,
};

inline constexpr std::string_view zlib_extensions[] = {".zz", ".zlib"};

inline constexpr Format zlib_row{
    .info = {.algorithm = Algorithm::zlib,
             .name = "zlib",
             .extensions = zlib_extensions,
             .description = "DEFLATE with a short header and Adler-32 (RFC 1950)",
             .min_level = 0,
             .max_level = 12,
             .default_level = 6,
             .knobs = {},
             .concatenates = false,
             .has_checksum = true,
             .has_seams = true,
             .built = false},
    .detect = detect_zlib,
};

inline constexpr std::string_view gzip_extensions[] = {".gz"};

inline constexpr Format gzip_row{
    .info = {.algorithm = Algorithm::gzip,
             .name = "gzip",
             .extensions = gzip_extensions,
             .description = "DEFLATE with CRC-32, understood everywhere (RFC 1952)",
             .min_level = 0,
             .max_level = 12,
             .default_level = 6,
             .knobs = {},
             .concatenates = true,
             .has_checksum = true,
             .has_seams = true,
             .built = false},
    .padding = Padding::any_zeros,
    .detect = detect_gzip,
};

}  // namespace braid::codec::deflate
