#pragma once

#include "codec/built.hpp"
#include "codec/lz4/frame.hpp"
#include "codec/lz4/lz4.hpp"

namespace braid::codec::lz4 {

inline constexpr std::string_view row_extensions[] = {".lz4"};

inline constexpr KnobRange knobs[] = {
    {Knob::chunk_size, 1024, 1 << 30},     {Knob::checksum, 0, 1},
    {Knob::block_checksum, 0, 1},          {Knob::content_size, 0, 1},
    {Knob::block_size, 64 << 10, 4 << 20},  // one of the format's four sizes
    {Knob::linked_blocks, 0, 1},           {Knob::dictionary, 1, 1 << 30},
    {Knob::dictionary_id, 0, 1},
};

constexpr Format make_row() {
  Format row{
      .info = {.algorithm = Algorithm::lz4,
               .name = "lz4",
               .extensions = row_extensions,
               .description = "the fastest to restore, at a lower ratio",
               .min_level = -65536,  // acceleration 65537, the most the library has
               .max_level = 12,
               .default_level = 1,
               .knobs = knobs,
               .concatenates = true,
               .has_checksum = true,
               .has_seams = true,
               .built = built_lz4},
      .detect = detect,
  };
  if constexpr (built_lz4) {
    row.validate = validate;
    row.chunk_size = chunk_size;
    row.make_chunk_encoder = make_chunk_encoder;
    row.make_framer = make_framer;
    row.make_stream_encoder = make_stream_encoder;
    row.make_stream_decoder = make_stream_decoder;
    row.encoder_memory = encoder_memory;
    row.make_splitter = make_splitter;
    row.is_small_stream = is_small_frame;
    row.make_unit_decoder = make_unit_decoder;
    row.make_verifier = make_verifier;
    row.make_running_sum = make_running_sum;
    row.judge = judge;
    row.plain_size_hint = plain_size_hint;
  }
  return row;
}

inline constexpr Format row = make_row();

}  // namespace braid::codec::lz4
