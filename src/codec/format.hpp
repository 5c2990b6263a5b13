#pragma once

#include <span>

#include "codec/ahead.hpp"
#include "codec/codec.hpp"
#include "codec/survey.hpp"

namespace braid::codec {

// Zero bytes that may follow a stream without being an error.
enum class Padding : std::uint8_t { none, any_zeros, zeros_in_fours };

// What is believed of a file's sizes before anything is decoded.
enum class Believe : std::uint8_t {
  tables,   // also a table that decoders pass over, so that it may say other than they find
  framing,  // only what every decoder goes by: a lie is an error for whoever reads all
};

// One row of the table of formats: everything that the rest of braid knows of a format. Adding a
// format means one folder and one row; nobody else switches on Algorithm.
// A null maker means that the format has no such thing. Makers validate nothing: configurations
// have passed CompressionConfig::validate().
struct Format {
  AlgorithmInfo info;
  Padding padding = Padding::none;

  // 0 (no), or a score as in Detection. Must not need the format's library. `prefix` may be short:
  // a beginning that is consistent but incomplete scores 0.
  int (*detect)(ByteView prefix) = nullptr;

  // Checks that go beyond one knob's range, e.g. two that exclude each other. May be null.
  Result<void> (*validate)(const CompressionConfig& config) = nullptr;

  // Plain bytes of a chunk under this configuration; 0 when it is written by a StreamEncoder.
  std::size_t (*chunk_size)(const CompressionConfig& config) = nullptr;

  // How many bytes of `data` the next chunk takes, 1 to data.size(); `data` holds chunk_size bytes,
  // or all that is left. Null: all of them. Depends on nothing but its arguments.
  std::size_t (*split)(const CompressionConfig& config, ByteView data) = nullptr;

  Result<std::unique_ptr<ChunkEncoder>> (*make_chunk_encoder)(const CompressionConfig&) = nullptr;
  Result<std::unique_ptr<Framer>> (*make_framer)(const CompressionConfig&) = nullptr;
  Result<std::unique_ptr<StreamEncoder>> (*make_stream_encoder)(const CompressionConfig&) = nullptr;
  Result<std::unique_ptr<StreamDecoder>> (*make_stream_decoder)(const DecoderSettings&) = nullptr;

  // Memory one ChunkEncoder or StreamEncoder holds, beyond chunk and piece. Bytes.
  std::uint64_t (*encoder_memory)(const CompressionConfig& config) = nullptr;

  // Reading in parts.
  std::unique_ptr<Splitter> (*make_splitter)() = nullptr;
  Result<std::unique_ptr<UnitDecoder>> (*make_unit_decoder)(const DecoderSettings&) = nullptr;
  // Whether its UnitDecoder asks for room in steps of at most `unit_step`, where there is none for
  // all at once: the front of a unit can then be had without the rest.
  bool units_in_steps = false;
  // Whether that costs a copy that decoding all at once does not.
  bool steps_copy = false;
  std::unique_ptr<Verifier> (*make_verifier)(const DecoderSettings&) = nullptr;
  std::unique_ptr<RunningSum> (*make_running_sum)() = nullptr;

  // The units of data of a whole file of `size` bytes, with their plain sizes, from its table or
  // from headers: what lies between is not read. Nothing where the file does not tell them all.
  // Believed until something is decoded. Throws std::bad_alloc.
  std::optional<std::vector<PlacedUnit>> (*read_table)(const RandomAccess& file, std::uint64_t size,
                                                       Believe believe) = nullptr;

  // Whether a whole stream begins here that costs less to decode than to hand out. Where many come
  // in a row the splitter calls them sequential, and whoever reads one reads on. Null: none does.
  bool (*is_small_stream)(ByteView ahead) noexcept = nullptr;

  // Decoding ahead, where a StreamDecoder is a Frontier; null otherwise.
  const Ahead* ahead = nullptr;

  // Tells who wrote a file, and how far it can be read in parallel. Null: nobody knows, and not.
  Findings (*judge)(const Survey& survey) = nullptr;

  // A guess of the plain size of a whole file in memory, to reserve room; 0 when there is none.
  // Taken from stored sizes; callers cap it by what the compressed size makes plausible.
  std::uint64_t (*plain_size_hint)(ByteView whole) = nullptr;
};

// The row of a format.
[[nodiscard]] const Format& format(Algorithm algorithm) noexcept;

// Bytes of the skippable frame, as zstd and lz4 have, that `ahead` begins with: perhaps more than
// are there. 0 when it begins with no such frame's whole header.
[[nodiscard]] std::uint64_t skippable_frame_size(ByteView ahead) noexcept;

// All rows, in the order of the enum.
[[nodiscard]] std::span<const Format> formats() noexcept;

}  // namespace braid::codec
