#pragma once

#include "codec/format.hpp"

namespace braid::codec::zstd {

inline constexpr std::string_view row_extensions[] = {".zst"};

inline constexpr Format row{
    .info = {.algorithm = Algorithm::zstd,
             .name = "zstd",
             .extensions = row_extensions,
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

}  // namespace braid::codec::zstd
