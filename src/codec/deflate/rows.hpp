#pragma once

#include "codec/built.hpp"
#include "codec/deflate/deflate_read.hpp"
#include "codec/deflate/detect.hpp"
#include "codec/deflate/encode.hpp"
#include "codec/format.hpp"

namespace braid::codec::deflate {

// A chunk of one byte is allowed, for tests; the library takes at most 4 GiB less one, memory far
// less. window_log 8 is left out: zlib cannot write raw deflate with it.
inline constexpr KnobRange knobs[] = {
    {Knob::chunk_size, 1, 1 << 30},
    {Knob::rsyncable, 0, 1},
    {Knob::layout, static_cast<int>(Layout::standard), static_cast<int>(Layout::single)},
    {Knob::strategy, static_cast<int>(Strategy::automatic), static_cast<int>(Strategy::fixed)},
    {Knob::window_log, 9, 15},
    {Knob::memory_level, 1, 9},
    {Knob::dictionary, 1, 1 << 24},
};

inline constexpr KnobRange gzip_knobs[] = {
    {Knob::chunk_size, 1, 1 << 30},
    {Knob::rsyncable, 0, 1},
    {Knob::layout, static_cast<int>(Layout::standard), static_cast<int>(Layout::bgzf)},
    {Knob::strategy, static_cast<int>(Strategy::automatic), static_cast<int>(Strategy::fixed)},
    {Knob::window_log, 9, 15},
    {Knob::memory_level, 1, 9},
    {Knob::header_name, 1, 65535},
    {Knob::header_comment, 1, 65535},
    {Knob::header_extra, 4, 65535 - 8},  // XLEN has 16 bits, and braid's own subfield takes eight
    {Knob::header_time, 0, UINT32_MAX},
    {Knob::header_checksum, 0, 1},
};

inline constexpr std::string_view raw_extensions[] = {".deflate"};

inline constexpr Format raw_row{
    .info = {.algorithm = Algorithm::deflate,
             .name = "deflate",
             .extensions = raw_extensions,
             .description = "raw DEFLATE data without header or checksum (RFC 1951)",
             .min_level = 0,
             .max_level = 12,
             .default_level = 6,
             .knobs = knobs,
             .concatenates = false,
             .has_checksum = false,
             .has_seams = true,
             .built = built_deflate},
    .detect = detect_raw,
    .validate = built_deflate ? validate : nullptr,
    .chunk_size = built_deflate ? chunk_size : nullptr,
    .make_chunk_encoder = built_deflate ? make_chunk_encoder : nullptr,
    .make_framer = built_deflate ? make_framer : nullptr,
    .make_stream_encoder = built_deflate ? make_stream_encoder : nullptr,
    .make_stream_decoder = built_deflate ? make_raw_decoder : nullptr,
    .encoder_memory = built_deflate ? encoder_memory : nullptr,
    .make_splitter = built_deflate ? make_raw_splitter : nullptr,
    .make_unit_decoder = built_deflate ? make_raw_unit_decoder : nullptr,
    .make_verifier = built_deflate ? make_raw_verifier : nullptr,
    .ahead = built_deflate ? &raw_ahead : nullptr,
    .judge = built_deflate ? judge_raw : nullptr,
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
             .knobs = knobs,
             .concatenates = false,
             .has_checksum = true,
             .has_seams = true,
             .built = built_deflate},
    .detect = detect_zlib,
    .validate = built_deflate ? validate : nullptr,
    .chunk_size = built_deflate ? chunk_size : nullptr,
    .make_chunk_encoder = built_deflate ? make_chunk_encoder : nullptr,
    .make_framer = built_deflate ? make_framer : nullptr,
    .make_stream_encoder = built_deflate ? make_stream_encoder : nullptr,
    .make_stream_decoder = built_deflate ? make_zlib_decoder : nullptr,
    .encoder_memory = built_deflate ? encoder_memory : nullptr,
    .make_splitter = built_deflate ? make_zlib_splitter : nullptr,
    .make_unit_decoder = built_deflate ? make_zlib_unit_decoder : nullptr,
    .make_verifier = built_deflate ? make_zlib_verifier : nullptr,
    .ahead = built_deflate ? &zlib_ahead : nullptr,
    .judge = built_deflate ? judge_zlib : nullptr,
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
             .knobs = gzip_knobs,
             .concatenates = true,
             .has_checksum = true,
             .has_seams = true,
             .built = built_deflate},
    .padding = Padding::any_zeros,
    .detect = detect_gzip,
    .validate = built_deflate ? validate : nullptr,
    .chunk_size = built_deflate ? chunk_size : nullptr,
    .make_chunk_encoder = built_deflate ? make_chunk_encoder : nullptr,
    .make_framer = built_deflate ? make_framer : nullptr,
    .make_stream_encoder = built_deflate ? make_stream_encoder : nullptr,
    .make_stream_decoder = built_deflate ? make_gzip_decoder : nullptr,
    .encoder_memory = built_deflate ? encoder_memory : nullptr,
    .make_splitter = built_deflate ? make_gzip_splitter : nullptr,
    .make_unit_decoder = built_deflate ? make_gzip_unit_decoder : nullptr,
    .make_verifier = built_deflate ? make_gzip_verifier : nullptr,
    .ahead = built_deflate ? &gzip_ahead : nullptr,
    .judge = built_deflate ? judge_gzip : nullptr,
    .plain_size_hint = built_deflate ? gzip_size_hint : nullptr,
};

}  // namespace braid::codec::deflate
