#pragma once

#include "codec/built.hpp"
#include "codec/bzip2/bzip2.hpp"

namespace braid::codec::bzip2 {

inline constexpr std::string_view row_extensions[] = {".bz2", ".bz"};

// A build without bzip2 still tells its files apart.
inline constexpr Format row{
    .info = {.algorithm = Algorithm::bzip2,
             .name = "bzip2",
             .extensions = row_extensions,
             .description = "sorted blocks of 100 to 900 kB: dense on text, slow",
             .min_level = 1,
             .max_level = 9,
             .default_level = 9,
             .knobs = {},
             .concatenates = true,
             .has_checksum = true,
             .has_seams = true,
             .built = built_bzip2},
    .padding = Padding::any_zeros,  // the reference tool ignores whatever follows
    .detect = detect,
    .chunk_size = built_bzip2 ? chunk_size : nullptr,
    .split = built_bzip2 ? split : nullptr,
    .make_chunk_encoder = built_bzip2 ? make_chunk_encoder : nullptr,
    .make_framer = built_bzip2 ? make_framer : nullptr,
    .make_stream_decoder = built_bzip2 ? make_stream_decoder : nullptr,
    .encoder_memory = built_bzip2 ? encoder_memory : nullptr,
    .make_splitter = built_bzip2 ? make_splitter : nullptr,
    .make_unit_decoder = built_bzip2 ? make_unit_decoder : nullptr,
    .make_verifier = built_bzip2 ? make_verifier : nullptr,
    .judge = built_bzip2 ? judge : nullptr,
};

}  // namespace braid::codec::bzip2
