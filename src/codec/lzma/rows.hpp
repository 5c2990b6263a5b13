#pragma once

#include "codec/format.hpp"

namespace braid::codec::lzma {

inline constexpr std::string_view xz_row_extensions[] = {".xz"};

inline constexpr Format xz_row{
    .info = {.algorithm = Algorithm::xz,
             .name = "xz",
             .extensions = xz_row_extensions,
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

inline constexpr std::string_view lzma_row_extensions[] = {".lzma"};

inline constexpr Format lzma_row{
    .info = {.algorithm = Algorithm::lzma,
             .name = "lzma",
             .extensions = lzma_row_extensions,
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

}  // namespace braid::codec::lzma
