#pragma once

#include "codec/none/none.hpp"

namespace braid::codec::none {

inline constexpr KnobRange knobs[] = {{Knob::chunk_size, 1, 1 << 30}};

inline constexpr Format row{
    .info = {.algorithm = Algorithm::none,
             .name = "none",
             .extensions = {},
             .description = "a plain copy",
             .min_level = 0,
             .max_level = 0,
             .default_level = 0,
             .knobs = knobs,
             .concatenates = true,
             .has_checksum = false,
             .has_seams = true,
             .built = true},
    .chunk_size = chunk_size,
    .make_chunk_encoder = make_chunk_encoder,
    .make_framer = make_framer,
    .make_stream_decoder = make_stream_decoder,
    .encoder_memory = encoder_memory,
};

}  // namespace braid::codec::none
