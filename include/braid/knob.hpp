#pragma once

#include <braid/export.hpp>

#include <cstdint>
#include <string_view>

namespace braid {

// Every setting of CompressionConfig beyond algorithm and level. A format has some of them
// (AlgorithmInfo::knobs); using one that it lacks is invalid_argument, by name.
// Switches take 0 or 1. Sizes are bytes. `_log` values are base-two logarithms.
enum class Knob : std::uint8_t {
  chunk_size,           // plain bytes encoded as one independent piece
  rsyncable,            // switch: chunks end where the content says (deflate, zlib, gzip, zstd)
  checksum,             // switch: store a checksum of the content
  block_checksum,       // switch: store one for each block (lz4)
  check,                // which checksum: braid::Check (xz)
  content_size,         // switch: store the plain size in the header when it is known
  layout,               // braid::Layout
  strategy,             // braid::Strategy
  window_log,           // history the decoder must keep
  hash_log,             // zstd match finder
  chain_log,            // zstd match finder
  search_log,           // zstd match finder
  min_match,            // zstd match finder
  target_length,        // zstd match finder
  long_distance,        // switch: long-distance matching (zstd)
  ldm_hash_log,         // zstd long-distance matcher
  ldm_min_match,        // zstd long-distance matcher
  ldm_bucket_size_log,  // zstd long-distance matcher
  ldm_hash_rate_log,    // zstd long-distance matcher
  memory_level,         // zlib's memLevel: state of the reference deflate path
  dictionary,           // bytes both sides know beforehand
  dictionary_id,        // switch: write the dictionary's identifier
  block_size,           // plain bytes of one block inside the stream (lz4)
  linked_blocks,        // switch: blocks may refer to the block before (lz4)
  extreme,              // switch: slower for a little more ratio (xz, lzma)
  dictionary_size,      // history in bytes (xz, lzma)
  literal_context,      // lc (xz, lzma)
  literal_position,     // lp (xz, lzma)
  position_bits,        // pb (xz, lzma)
  work_factor,          // libbz2's effort before its fallback sort; kept for its users
  text_mode,            // braid::BrotliMode
  header_name,          // gzip FNAME
  header_comment,       // gzip FCOMMENT
  header_extra,         // gzip FEXTRA
  header_time,          // gzip MTIME
  header_checksum,      // gzip FHCRC
};

inline constexpr int knob_count = static_cast<int>(Knob::header_checksum) + 1;

// "window_log": as in errors, JSON and the tool's --set.
[[nodiscard]] BRAID_API std::string_view name(Knob knob) noexcept;

// The values one format accepts for one knob, inclusive. Knobs that hold bytes (dictionary, gzip
// header fields) give the range of their length.
struct KnobRange {
  Knob knob;
  std::int64_t min;
  std::int64_t max;
};

}  // namespace braid
