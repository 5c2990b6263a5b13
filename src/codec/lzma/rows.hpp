#pragma once

#include "codec/built.hpp"
#include "codec/lzma/lzip_format.hpp"
#include "codec/lzma/lzma.hpp"

namespace braid::codec::lzma {

// liblzma's bounds: LZMA_DICT_SIZE_MIN, and the largest dictionary its encoders take.
inline constexpr std::int64_t min_dictionary = 4 << 10;
inline constexpr std::int64_t max_dictionary = (std::int64_t{1} << 30) + (std::int64_t{1} << 29);

inline constexpr KnobRange xz_knobs[] = {
    {Knob::chunk_size, 4 << 10, std::int64_t{1} << 31},
    {Knob::check, 0, static_cast<std::int64_t>(Check::sha256)},
    {Knob::layout, 0, static_cast<std::int64_t>(Layout::single)},
    {Knob::extreme, 0, 1},
    {Knob::dictionary_size, min_dictionary, max_dictionary},
    {Knob::literal_context, 0, 4},
    {Knob::literal_position, 0, 4},
    {Knob::position_bits, 0, 4},
};

inline constexpr std::string_view xz_extensions[] = {".xz"};

inline constexpr Format xz_row{
    .info = {.algorithm = Algorithm::xz,
             .name = "xz",
             .extensions = xz_extensions,
             .description = "small files from LZMA2, with an index and a strong check",
             .min_level = 0,
             .max_level = 9,
             .default_level = 6,
             .knobs = xz_knobs,
             .concatenates = true,
             .has_checksum = true,
             .has_seams = true,
             .built = built_lzma},
    .padding = Padding::zeros_in_fours,
    .detect = detect_xz,
    .validate = built_lzma ? validate : nullptr,
    .chunk_size = built_lzma ? chunk_size : nullptr,
    .make_chunk_encoder = built_lzma ? make_chunk_encoder : nullptr,
    .make_framer = built_lzma ? make_framer : nullptr,
    .make_stream_encoder = built_lzma ? make_stream_encoder : nullptr,
    .make_stream_decoder = built_lzma ? make_xz_decoder : nullptr,
    .encoder_memory = built_lzma ? encoder_memory : nullptr,
    .make_splitter = built_lzma ? make_splitter : nullptr,
    .make_unit_decoder = built_lzma ? make_unit_decoder : nullptr,
    .units_in_steps = true,
    .make_verifier = built_lzma ? make_verifier : nullptr,
    .read_table = built_lzma ? read_table : nullptr,
    .judge = built_lzma ? judge_xz : nullptr,
    .plain_size_hint = built_lzma ? plain_size_hint : nullptr,
};

inline constexpr KnobRange lzma_knobs[] = {
    {Knob::extreme, 0, 1},         {Knob::dictionary_size, min_dictionary, max_dictionary},
    {Knob::literal_context, 0, 4}, {Knob::literal_position, 0, 4},
    {Knob::position_bits, 0, 4},
};

inline constexpr std::string_view lzma_extensions[] = {".lzma"};

inline constexpr Format lzma_row{
    .info = {.algorithm = Algorithm::lzma,
             .name = "lzma",
             .extensions = lzma_extensions,
             .description = "the older form of xz: one stream without checks or seams",
             .min_level = 0,
             .max_level = 9,
             .default_level = 6,
             .knobs = lzma_knobs,
             .concatenates = false,
             .has_checksum = false,
             .has_seams = false,
             .built = built_lzma},
    .detect = detect_lzma,
    .validate = built_lzma ? validate : nullptr,
    .make_stream_encoder = built_lzma ? make_stream_encoder : nullptr,
    .make_stream_decoder = built_lzma ? make_alone_decoder : nullptr,
    .encoder_memory = built_lzma ? encoder_memory : nullptr,
    .judge = built_lzma ? judge_lzma : nullptr,
};

inline constexpr KnobRange lzip_knobs[] = {
    {Knob::chunk_size, 4 << 10, std::int64_t{1} << 31},
    {Knob::extreme, 0, 1},
    {Knob::dictionary_size, lzip::min_dictionary, lzip::max_dictionary},
};

inline constexpr std::string_view lzip_extensions[] = {".lz"};

inline constexpr Format lzip_row{
    .info = {.algorithm = Algorithm::lzip,
             .name = "lzip",
             .extensions = lzip_extensions,
             .description = "LZMA in members with CRC-32, made for archiving",
             .min_level = 0,
             .max_level = 9,
             .default_level = 6,
             .knobs = lzip_knobs,
             .concatenates = true,
             .has_checksum = true,
             .has_seams = true,
             .built = built_lzma},
    .padding = Padding::any_zeros,
    .detect = detect_lzip,
    .validate = built_lzma ? validate : nullptr,
    .chunk_size = built_lzma ? chunk_size : nullptr,
    .make_chunk_encoder = built_lzma ? make_lzip_chunk_encoder : nullptr,
    .make_framer = built_lzma ? make_lzip_framer : nullptr,
    .make_stream_decoder = built_lzma ? make_lzip_decoder : nullptr,
    .encoder_memory = built_lzma ? encoder_memory : nullptr,
    .make_splitter = built_lzma ? make_lzip_splitter : nullptr,
    .make_unit_decoder = built_lzma ? make_lzip_unit_decoder : nullptr,
    .units_in_steps = true,
    .make_verifier = built_lzma ? make_lzip_verifier : nullptr,
    .judge = built_lzma ? judge_lzip : nullptr,
    .plain_size_hint = built_lzma ? lzip_size_hint : nullptr,
};

}  // namespace braid::codec::lzma
