#pragma once

#include "codec/format.hpp"

namespace braid::codec::lz4 {

inline constexpr std::string_view row_extensions[] = {".lz4"};

inline constexpr Format row{
    .info = {.algorithm = Algorithm::lz4,
             .name = "lz4",
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

}  // namespace braid::codec::lz4
