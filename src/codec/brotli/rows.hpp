#pragma once

#include "codec/brotli/brotli.hpp"
#include "codec/built.hpp"

namespace braid::codec::brotli {

inline constexpr KnobRange knobs[] = {
    {Knob::chunk_size, 64 << 10, 1 << 30},
    {Knob::layout, 0, static_cast<std::int64_t>(Layout::single)},
    {Knob::window_log, 10, 30},  // above 24: read only by readers told to accept large windows
    {Knob::text_mode, 0, static_cast<std::int64_t>(BrotliMode::font)},
};

inline constexpr std::string_view extensions[] = {".br"};

// The format's own tool defaults to level 11, a hundred times slower than 6 for a tenth less;
// like other programs that offer several formats we do not.
inline constexpr Format row{
    .info = {.algorithm = Algorithm::brotli,
             .name = "brotli",
             .extensions = extensions,
             .description = "the web's format: small texts, quick to read, no signature",
             .min_level = 0,
             .max_level = 11,
             .default_level = 6,
             .knobs = knobs,
             .concatenates = false,
             .has_checksum = false,
             .has_seams = true,
             .built = built_brotli},
    .detect = detect,
    .validate = built_brotli ? validate : nullptr,
    .chunk_size = built_brotli ? chunk_size : nullptr,
    .make_chunk_encoder = built_brotli ? make_chunk_encoder : nullptr,
    .make_framer = built_brotli ? make_framer : nullptr,
    .make_stream_encoder = built_brotli ? make_stream_encoder : nullptr,
    .make_stream_decoder = built_brotli ? make_stream_decoder : nullptr,
    .encoder_memory = built_brotli ? encoder_memory : nullptr,
    .make_splitter = built_brotli ? make_splitter : nullptr,
    .make_unit_decoder = built_brotli ? make_unit_decoder : nullptr,
    .units_in_steps = true,
    .make_verifier = built_brotli ? make_verifier : nullptr,
    .judge = built_brotli ? judge : nullptr,
};

}  // namespace braid::codec::brotli
