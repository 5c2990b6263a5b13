#pragma once

#include <braid/algorithm.hpp>

#include <array>
#include <bitset>
#include <memory>
#include <string>

namespace braid {

// Levels that mean the same effort in every format. Each format maps them to its own scale:
// fastest its lowest, fast between, normal its default, best the highest of everyday use, ultra
// the highest it has.
enum class Level : std::uint8_t { fastest, fast, normal, best, ultra };

// The format's own number for a named level.
[[nodiscard]] BRAID_API int level_number(Algorithm algorithm, Level level) noexcept;

// Integrity check of xz blocks.
enum class Check : std::uint8_t { none, crc32, crc64, sha256 };

// How a stream is laid out.
enum class Layout : std::uint8_t {
  standard,  // the format's default: readable everywhere and in parallel by braid
  single,    // one frame or block as the format's own tool writes by default: no parallel reading
  members,   // gzip: one member a chunk, each with its size in the header
  bgzf,      // gzip: blocked gzip of bioinformatics, members of at most 64 KiB
};

// How matches are searched. The first five are zlib's (deflate family), the others zstd's.
enum class Strategy : std::uint8_t {
  automatic,
  filtered,
  huffman_only,
  rle,
  fixed,
  fast,
  dfast,
  greedy,
  lazy,
  lazy2,
  btlazy2,
  btopt,
  btultra,
  btultra2,
};

enum class BrotliMode : std::uint8_t { generic, text, font };

// How to compress: an algorithm, a level, and the settings that the algorithm has.
//
// A value: cheap to copy (a dictionary is shared, never changed), safe to read from many threads.
// Setters change the object and return it, so that calls chain; none of them fails. validate()
// and every function that takes a configuration report a setting that the algorithm lacks or a
// value out of range as invalid_argument, by the setting's name. Nothing is silently ignored.
class BRAID_API CompressionConfig {
 public:
  explicit CompressionConfig(Algorithm algorithm = Algorithm::zstd) noexcept;

  [[nodiscard]] Algorithm algorithm() const noexcept { return algorithm_; }

  // The format's own number; AlgorithmInfo::default_level until one is set.
  [[nodiscard]] int level() const noexcept { return level_; }

  CompressionConfig& level(Level level) noexcept;
  CompressionConfig& level(int number) noexcept;

  // Any knob by its number; the functions below are the same with types.
  CompressionConfig& set(Knob knob, std::int64_t value) noexcept;

  // The value set, or `otherwise` when the knob was left alone.
  [[nodiscard]] std::int64_t get(Knob knob, std::int64_t otherwise) const noexcept {
    return is_set(knob) ? values_[static_cast<std::size_t>(knob)] : otherwise;
  }

  [[nodiscard]] bool is_set(Knob knob) const noexcept {
    return set_[static_cast<std::size_t>(knob)];
  }

  // Plain bytes of one independent piece. Larger pieces compress a little better, smaller ones
  // parallelise sooner and read back at finer grain. The default depends on format and level.
  CompressionConfig& chunk_size(std::uint64_t bytes) noexcept;

  // Ends chunks where the content says instead of by size, so that a change in the input changes
  // the output near it alone: for rsync and stores that keep equal parts once. chunk_size is then
  // the largest, by default 512 KiB (deflate, zlib, gzip) or 1 to 2 MiB (zstd).
  CompressionConfig& rsyncable(bool on) noexcept { return set(Knob::rsyncable, on ? 1 : 0); }

  CompressionConfig& checksum(bool on) noexcept { return set(Knob::checksum, on ? 1 : 0); }

  CompressionConfig& check(Check check) noexcept {
    return set(Knob::check, static_cast<std::int64_t>(check));
  }

  CompressionConfig& layout(Layout layout) noexcept {
    return set(Knob::layout, static_cast<std::int64_t>(layout));
  }

  CompressionConfig& strategy(Strategy strategy) noexcept {
    return set(Knob::strategy, static_cast<std::int64_t>(strategy));
  }

  CompressionConfig& window_log(int log) noexcept { return set(Knob::window_log, log); }

  CompressionConfig& long_distance(bool on) noexcept {
    return set(Knob::long_distance, on ? 1 : 0);
  }

  CompressionConfig& content_size(bool on) noexcept { return set(Knob::content_size, on ? 1 : 0); }

  CompressionConfig& extreme(bool on) noexcept { return set(Knob::extreme, on ? 1 : 0); }

  // Copies the bytes. An empty view takes the dictionary away.
  CompressionConfig& dictionary(ByteView bytes);

  // gzip header fields. Names and comments end at their first zero byte.
  CompressionConfig& header_name(std::string_view name);
  CompressionConfig& header_comment(std::string_view comment);
  CompressionConfig& header_extra(ByteView bytes);

  // Seconds since 1970; 0, the default, means "no time".
  CompressionConfig& header_time(std::uint32_t seconds) noexcept {
    return set(Knob::header_time, seconds);
  }

  CompressionConfig& header_checksum(bool on) noexcept {
    return set(Knob::header_checksum, on ? 1 : 0);
  }

  [[nodiscard]] ByteView dictionary() const noexcept;
  [[nodiscard]] ByteView header_name() const noexcept;
  [[nodiscard]] ByteView header_comment() const noexcept;
  [[nodiscard]] ByteView header_extra() const noexcept;

  // Checks every setting against the algorithm's table. Errors: invalid_argument naming the
  // setting; unsupported_feature when the algorithm was not built.
  [[nodiscard]] Result<void> validate() const;

  // Equal when they ask for the same: algorithm, level, and every setting, byte by byte.
  [[nodiscard]] bool operator==(const CompressionConfig& other) const noexcept;

 private:
  using Bytes = std::shared_ptr<const std::vector<std::byte>>;  // shared: configurations are copied
                                                                // to every worker, never changed
  CompressionConfig& set_bytes(Knob knob, Bytes& field, ByteView bytes);

  Algorithm algorithm_;
  int level_;
  std::array<std::int64_t, knob_count> values_{};
  std::bitset<knob_count> set_;
  Bytes dictionary_;
  Bytes name_;
  Bytes comment_;
  Bytes extra_;
};

// What to do with bytes behind the end of the last stream. Zero padding where the format allows it
// (gzip, xz) is never an error.
enum class Trailing : std::uint8_t { refuse, ignore };

// How to decompress. Every field has a sensible default. Checksums are always verified.
struct DecompressionConfig {
  // The format, or nothing to find it by content (formats without signature must be named).
  std::optional<Algorithm> algorithm{};

  // Most bytes that may come out. Errc::output_limit beyond.
  std::uint64_t output_limit = UINT64_MAX;

  // Most memory a decoder may need for its window or dictionary, checked before it is allocated.
  // 0: the smaller of 1 GiB and a quarter of this machine's memory. Errc::memory_limit beyond.
  std::uint64_t memory_limit = 0;

  Trailing trailing = Trailing::refuse;

  // Bytes both sides know beforehand (zlib, deflate, zstd, lz4). Borrowed: must outlive the call,
  // or the Decoder made with it.
  ByteView dictionary{};
};

}  // namespace braid
