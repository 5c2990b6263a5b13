#pragma once

#include "codec/format.hpp"

namespace braid::codec::bzip2 {

inline constexpr std::string_view row_extensions[] = {".bz2"};

inline constexpr Format row{
    .info = {.algorithm = Algorithm::bzip2,
             .name = "bzip2",
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

}  // namespace braid::codec::bzip2
