#pragma once

#include <braid/bytes.hpp>
#include <braid/result.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

// Decoding ahead: the seam for formats whose streams can be entered in the middle by a guess.
//
// A Frontier is a StreamDecoder that reads the stream as always. Meanwhile AheadDecoder objects,
// one per worker, look for a place further on where decoding can begin, and decode from there
// without knowing what comes before: an Excerpt. When the frontier arrives at exactly that place it
// leaps over the excerpt, and what was missing is filled in by anybody. A wrong guess is never
// arrived at: it costs time and changes nothing.
namespace braid::codec {

// Plain bytes that one thread reads of a stream before others join it: shorter ones are done before
// a second thread is awake.
inline constexpr std::uint64_t read_alone = 2 << 20;

// Where decoding can begin or go on, from the front of the file.
struct StreamPlace {
  enum class Kind : std::uint8_t {
    block,          // within a stream, between two of its blocks
    behind_stream,  // outside: a stream may begin, or what stands between streams
  };
  Kind kind = Kind::block;
  std::uint64_t bit = 0;  // of behind_stream a multiple of eight

  [[nodiscard]] std::uint64_t byte() const noexcept { return bit / 8; }

  friend bool operator==(const StreamPlace&, const StreamPlace&) = default;
};

// A run of plain bytes with its sum, for checks that wait until everything before is known.
struct SummedPart {
  std::uint64_t plain_size = 0;
  std::uint32_t sum = 0;
  bool ends_stream = false;
  std::uint64_t end = 0;               // with ends_stream: where the trailer begins in the file
  std::array<std::byte, 8> trailer{};  // with ends_stream
};

// What an AheadDecoder made. Reused; touched by one thread at a time.
class Excerpt {
 public:
  virtual ~Excerpt() = default;

  // Whether reading that has come to `place` may go on with this excerpt.
  [[nodiscard]] virtual bool begins_at(const StreamPlace& place) const noexcept = 0;

  // The bits between which such a place lies.
  [[nodiscard]] virtual std::uint64_t first_bit() const noexcept = 0;
  [[nodiscard]] virtual std::uint64_t last_first_bit() const noexcept = 0;

  // Where reading goes on behind it.
  [[nodiscard]] virtual StreamPlace end() const noexcept = 0;

  [[nodiscard]] virtual std::uint64_t plain_size() const noexcept = 0;

  // Streams that end in it.
  [[nodiscard]] virtual std::uint64_t streams() const noexcept = 0;

  // After a frontier leaped over it, once: fills in what was not known, and sums. The bulk of the
  // work.
  virtual void resolve() = 0;

  // After resolve(): the plain bytes, in two pieces, and their parts in order.
  [[nodiscard]] virtual std::array<ByteView, 2> plain() const noexcept = 0;
  [[nodiscard]] virtual std::span<const SummedPart> parts() const noexcept = 0;
};

// Compressed bytes as an AheadDecoder sees them.
struct AheadInput {
  ByteView bytes;
  std::uint64_t offset = 0;  // of the first of them in the file
  std::size_t size = 0;      // begin within so many bytes, and end at the first block behind them
};

// Makes excerpts. Holds tables, reused. One thread at a time.
class AheadDecoder {
 public:
  virtual ~AheadDecoder() = default;

  // Finds a place to begin and decodes as far as input.size says or as `most_plain` bytes and the
  // input allow; false when nothing came of it. Throws std::bad_alloc.
  [[nodiscard]] virtual bool decode(const AheadInput& input, std::size_t most_plain,
                                    Excerpt& excerpt) = 0;
};

// What a StreamDecoder of such a format offers beside.
class Frontier {
 public:
  virtual ~Frontier() = default;

  // From now on sums are handed out by take_part() instead of being checked, and steps end, with
  // need_output, before the first block that begins `bytes` or more behind all input taken so far.
  virtual void defer_checks() = 0;
  virtual void stop_behind(std::uint64_t bytes) = 0;

  // After a step that ended so: bits of the last byte taken that belong to the block.
  [[nodiscard]] virtual std::optional<unsigned> at_block() const = 0;

  // The plain bytes before that block, as far as it may refer to them.
  [[nodiscard]] virtual ByteView history() const = 0;

  // Enters a stream before a block whose header begins in the upper `bits` (0 to 7) bits of
  // `first`, with the plain bytes before it. Its sums then mean nothing: see defer_checks().
  virtual void enter(std::byte first, unsigned bits, ByteView history) = 0;

  // The part made since the last call. After a step that ended the stream, ends_stream is true and
  // `end` counts back from the input taken.
  [[nodiscard]] virtual SummedPart take_part() = 0;

  // Whether a block began since the last call that an AheadDecoder can know for one.
  [[nodiscard]] virtual bool take_findable() = 0;

  // At the place where the excerpt begins: goes on behind it, as if it had been read, with `packed`
  // more bytes taken. The excerpt can then be resolved. False, and nothing changed, when the stream
  // does not reach back as far as the excerpt may.
  [[nodiscard]] virtual bool leap(Excerpt& excerpt, std::uint64_t packed) = 0;
};

// Checks parts in order. One thread at a time.
class PartChecker {
 public:
  virtual ~PartChecker() = default;

  // Errors: checksum_mismatch with the offset in the file.
  [[nodiscard]] virtual Result<void> add(const SummedPart& part) = 0;
};

// Makers for one format.
struct Ahead {
  std::unique_ptr<Excerpt> (*make_excerpt)();
  std::unique_ptr<AheadDecoder> (*make_decoder)();
  std::unique_ptr<PartChecker> (*make_checker)();
};

}  // namespace braid::codec
