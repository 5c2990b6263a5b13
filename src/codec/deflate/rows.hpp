#pragma once

#include "codec/format.hpp"

namespace braid::codec::deflate {

inline constexpr std::string_view raw_row_extensions[] = {".deflate"};

inline constexpr Format raw_row{
    .info = {.algorithm = Algorithm::deflate,
             .name = "deflate",
             .extensions = raw_row_extensions,
             .description = "",
             .min_level = 0,
             .max_level = 9,
             .default_level = 6,
             .knobs = {},
             .concatenates = false,
             .has_checksum = false,
             .has_seams = false,
             .built = false},
};

inline constexpr std::string_view zlib_row_extensions[] = {".zz"};

inline constexpr Format zlib_row{
    .info = {.algorithm = Algorithm::zlib,
             .name = "zlib",
             .extensions = zlib_row_extensions,
             .description = "",
             .min_level = 0,
             .max_level = 9,
             .default_level = 6,
             .knobs = {},
             .concatenates = false,
             .has_checksum = false,
             .has_seams = false,
             .built = false},
};

inline constexpr std::string_view gzip_row_extensions[] = {".gz"};

inline constexpr Format gzip_row{
    .info = {.algorithm = Algorithm::gzip,
             .name = "gzip",
             .extensions = gzip_row_extensions,
             .description = "",
             .min_level = 0,
             .max_level = 9,
             .default_level = 6,
             .knobs = {},
             .concatenates = false,
             .has_checksum = false,
             .has_seams = false,
             .built = false},
};

}  // namespace braid::codec::deflate
