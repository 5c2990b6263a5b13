#pragma once

#include "codec/format.hpp"

namespace braid::codec::brotli {

inline constexpr std::string_view row_extensions[] = {".br"};

inline constexpr Format row{
    .info = {.algorithm = Algorithm::brotli,
             .name = "brotli",
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

}  // namespace braid::codec::brotli
