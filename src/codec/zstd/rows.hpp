#pragma once

#include "codec/built.hpp"
#include "codec/zstd/zstd.hpp"

namespace braid::codec::zstd {

inline constexpr std::string_view row_extensions[] = {".zst", ".zstd"};

// Ranges are those of the library on 64-bit systems (ZSTD_cParam_getBounds).
inline constexpr KnobRange knobs[] = {
    {Knob::chunk_size, 1024, static_cast<std::int64_t>(max_chunk_size)},
    {Knob::rsyncable, 0, 1},
    {Knob::checksum, 0, 1},
    {Knob::content_size, 0, 1},
    {Knob::layout, static_cast<int>(Layout::standard), static_cast<int>(Layout::single)},
    {Knob::strategy, static_cast<int>(Strategy::automatic), static_cast<int>(Strategy::btultra2)},
    {Knob::window_log, 10, sizeof(void*) == 4 ? 30 : 31},
    {Knob::hash_log, 6, 30},
    {Knob::chain_log, 6, sizeof(void*) == 4 ? 29 : 30},
    {Knob::search_log, 1, sizeof(void*) == 4 ? 29 : 30},
    {Knob::min_match, 3, 7},
    {Knob::target_length, 0, 1 << 17},
    {Knob::long_distance, 0, 1},
    {Knob::ldm_hash_log, 6, 30},
    {Knob::ldm_min_match, 4, 4096},
    {Knob::ldm_bucket_size_log, 1, 8},
    {Knob::ldm_hash_rate_log, 0, sizeof(void*) == 4 ? 24 : 25},
    {Knob::dictionary, 1, 1 << 30},
    {Knob::dictionary_id, 0, 1},
};

constexpr Format make_row() {
  Format row{
      .info = {.algorithm = Algorithm::zstd,
               .name = "zstd",
               .extensions = row_extensions,
               .description = "fast in both directions, wide range of levels",
               .min_level = -(1 << 17),  // ZSTD_minCLevel(): one less than the largest block
               .max_level = 22,
               .default_level = 3,
               .knobs = knobs,
               .concatenates = true,
               .has_checksum = true,
               .has_seams = true,
               .built = built_zstd},
      .detect = detect,
  };
  if constexpr (built_zstd) {
    row.validate = validate;
    row.chunk_size = chunk_size;
    row.make_chunk_encoder = make_chunk_encoder;
    row.make_framer = make_framer;
    row.make_stream_encoder = make_stream_encoder;
    row.make_stream_decoder = make_stream_decoder;
    row.encoder_memory = encoder_memory;
    row.make_splitter = make_splitter;
    row.make_unit_decoder = make_unit_decoder;
    row.units_in_steps = true;
    row.steps_copy = true;
    row.make_verifier = make_verifier;
    row.read_table = read_table;
    row.judge = judge;
    row.plain_size_hint = plain_size_hint;
  }
  return row;
}

inline constexpr Format row = make_row();

}  // namespace braid::codec::zstd
