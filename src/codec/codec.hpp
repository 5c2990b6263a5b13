#pragma once

#include <braid/stream.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/cancelled.hpp"

// The seam between the engine and the formats. A codec turns bytes into fewer bytes and back: it
// sees no file, no thread and no other codec. It never allocates from a size that the data claims.
//
// Writing has two forms. Formats with seams are written as chunks: ChunkEncoder objects, one per
// worker, encode chunks in any order; one Framer joins the pieces, in order, into one valid stream.
// Formats or layouts without seams are written by a StreamEncoder.
//
// Reading has two forms too. A StreamDecoder reads any stream of the format from its beginning, a
// step at a time. Where independent parts can be found without decoding, a Splitter runs ahead and
// cuts the input into units, UnitDecoder objects, one per worker, decode them in any order, and one
// Verifier checks sums and sizes in order.
namespace braid::codec {

// ---- Writing -----------------------------------------------------------------------------------

// Where a chunk stands in its stream.
struct ChunkPlace {
  std::uint64_t index = 0;   // zero-based
  std::uint64_t offset = 0;  // plain bytes before it
  bool last = false;         // no chunk follows

  // The whole input in one piece: a codec then writes what the format's own tool would.
  [[nodiscard]] bool only() const noexcept { return index == 0 && last; }
};

// One encoded chunk. Pieces are reused: encode() overwrites everything but keeps the memory.
struct Piece {
  Buffer bytes;
  std::uint64_t plain_size = 0;
  std::uint64_t checksum = 0;  // of the plain bytes, as the format combines it
  std::uint64_t tag = 0;       // the format's own
};

// Encodes chunks of one configuration. Holds one library context, reused from chunk to chunk.
// One thread at a time. The result depends on the configuration, the bytes and the place alone.
class ChunkEncoder {
 public:
  virtual ~ChunkEncoder() = default;

  // Errors: out_of_memory, internal.
  [[nodiscard]] virtual Result<void> encode(ByteView chunk, const ChunkPlace& place,
                                            Piece& piece) = 0;

  // The same, asking now and then whether the chunk is still wanted, where it takes long and the
  // library can be left in its middle. Errors: also cancelled, as soon as the answer is no.
  [[nodiscard]] Result<void> encode_while(std::function<bool()> wanted, ByteView chunk,
                                          const ChunkPlace& place, Piece& piece) {
    struct Asking {
      ChunkEncoder& encoder;

      ~Asking() { encoder.wanted_ = nullptr; }
    };

    const Asking asking{*this};
    wanted_ = std::move(wanted);
    return encode(chunk, place, piece);
  }

 protected:
  // Errors: cancelled.
  [[nodiscard]] Result<void> go_on() const {
    if (wanted_ == nullptr || wanted_()) return {};
    return base::cancelled();
  }

 private:
  std::function<bool()> wanted_;
};

// What is known of a stream before its first chunk.
struct StreamPlan {
  std::optional<std::uint64_t> content_size;  // when the source knows it
};

// Joins pieces into one stream, and then into another. Called in the order of the chunks.
class Framer {
 public:
  virtual ~Framer() = default;

  // Starts a stream: whatever came of the one before, ended or not, is forgotten. Appends to `head`
  // what comes before the first piece. `only`: one chunk will hold everything.
  [[nodiscard]] virtual Result<void> begin(const StreamPlan& plan, bool only, Buffer& head) = 0;

  // Whether add() looks at the chunks themselves. Where it does not, their memory is used again as
  // soon as they are encoded.
  [[nodiscard]] virtual bool wants_plain() const noexcept { return false; }

  // Appends to `head` what comes between the last piece and this one; may change piece.bytes, which
  // are written after it. `plain` is the chunk itself, where that is wanted.
  [[nodiscard]] virtual Result<void> add(Piece& piece, ByteView plain, const ChunkPlace& place,
                                         Buffer& head) = 0;

  // Appends what ends the stream. Comes after the piece with place.last; a stream always has at
  // least one chunk, which may be empty.
  [[nodiscard]] virtual Result<void> finish(Buffer& tail) = 0;
};

// Writes a stream without seams. The contract of Encoder::step; no-progress checks are made above.
class StreamEncoder {
 public:
  virtual ~StreamEncoder() = default;
  [[nodiscard]] virtual Result<Step> step(ByteView in, MutableBytes out, Flush flush) = 0;

  // Begins a new stream. `plan` also applies to the first stream when given before the first step.
  [[nodiscard]] virtual Result<void> reset(const StreamPlan& plan) = 0;
};

// ---- Reading, in sequence ----------------------------------------------------------------------

class BlockObserver;
class Frontier;

// Reads one stream: a gzip member, a zstd frame (skippable ones too), an xz stream.
class StreamDecoder {
 public:
  virtual ~StreamDecoder() = default;

  // As Decoder::step, but `finished` means the end of this one stream; later input is not consumed.
  // Bytes that do not begin a stream of the format are unknown_format, and nothing is produced;
  // `truncated` comes only with Input::last. Error::offset, where known, counts from the start of
  // this stream; left unset, the caller fills in that start, for `truncated` the end of the input.
  // With room for output and unread input a step makes progress or fails.
  [[nodiscard]] virtual Result<Step> step(ByteView in, MutableBytes out, Input input) = 0;

  // Prepares for the next stream of the same file.
  [[nodiscard]] virtual Result<void> reset() = 0;

  // Fills in what the current stream's headers told so far (check, sizes, names of a first member).
  virtual void describe(StreamInfo& info) const = 0;

  // After `finished`: bytes that earlier steps took from behind the end of the stream. Not 0 only
  // where a codec must look ahead.
  [[nodiscard]] virtual std::size_t taken_too_many() const { return 0; }

  // What lets others decode ahead of it (ahead.hpp); null where the format has no such thing.
  [[nodiscard]] virtual Frontier* frontier() { return nullptr; }

  // From now on tells of the blocks (survey.hpp), where the format has such. Borrowed.
  void observe(BlockObserver& observer) noexcept { observer_ = &observer; }

  // False for a stream that can hold no data, like a skippable frame: it is not counted.
  [[nodiscard]] virtual bool holds_data() const { return true; }

 protected:
  // Who wants to hear of blocks; null for nobody.
  [[nodiscard]] BlockObserver* observer() const noexcept { return observer_; }

 private:
  BlockObserver* observer_ = nullptr;
};

// What a decoder is made with; resolved from DecompressionConfig (no zero defaults left).
struct DecoderSettings {
  std::uint64_t memory_limit = UINT64_MAX;
  ByteView dictionary{};
};

// ---- Reading, in parts -------------------------------------------------------------------------

// A run of compressed bytes that follows the unit before it without a gap. When a unit ended too
// early and is joined with the next, the whole has the first one's plain_size and tag, and the last
// one's tag2.
struct Unit {
  enum class Kind : std::uint8_t {
    data,   // decodable by itself: goes to a UnitDecoder, then to the Verifier
    frame,  // header, padding, index or trailer: goes to the Verifier alone
  };
  static constexpr std::uint64_t unknown = UINT64_MAX;

  Kind kind = Kind::data;
  std::uint64_t size = 0;              // compressed bytes
  std::uint64_t plain_size = unknown;  // exactly what decoding must give, when it is known
  std::uint64_t plain_most = unknown;  // else the most it can give, when that is known
  std::uint64_t plain_usual = 0;       // where neither is known: what to make room for at first
  std::uint64_t memory = 0;            // what its UnitDecoder will hold, where that is much
  bool bounded = false;                // headers tell its end: it is never joined with the next
  std::uint64_t tag = 0;               // the format's own
  std::uint64_t tag2 = 0;              // the format's own
};

// A unit of data and where in its file it begins.
struct PlacedUnit {
  std::uint64_t offset = 0;  // bytes
  Unit unit{};
};

// What a Splitter says about the bytes ahead.
struct Split {
  enum class Kind : std::uint8_t {
    unit,        // `unit` comes next
    need_input,  // the view is too short to tell; called again with a longer one
    sequential,  // from here a StreamDecoder must read one stream; then split goes on behind it
    end,         // the view was the last of the input and it is used up
  };
  Kind kind = Kind::need_input;
  Unit unit{};
};

class Outlook;

// Cuts compressed input into units by looking at headers, sizes and marks, never by decoding.
// It is a guess until the Verifier agrees: wrong bytes are impossible, wasted time is not.
class Splitter {
 public:
  virtual ~Splitter() = default;

  // `ahead` begins where the last unit ended and holds at least as much as the call before that
  // asked for more; `last`: nothing follows it. Malformed framing is reported as `sequential`, so
  // that the StreamDecoder gives the authoritative error.
  [[nodiscard]] virtual Split next(ByteView ahead, bool last) = 0;

  // The same, `rest` being all that follows in a file: cuts by headers, so that what lies between
  // them is not read. Nothing, and nothing changed, for a format whose units must be searched for.
  [[nodiscard]] virtual std::optional<Split> hop(Outlook& /*rest*/) { return std::nullopt; }

  // A StreamDecoder has read one stream, and the next call begins at `offset` in the file: forget
  // the state within a stream.
  virtual void resume(std::uint64_t offset) = 0;

  // The whole file, of `size` bytes, for formats with a table at their end. Called before the first
  // next(), where it can be read so. Borrowed. What it says is a guess like everything else.
  virtual void look_at(const RandomAccess& /*file*/, std::uint64_t /*size*/) {}
};

// Where a UnitDecoder puts plain bytes: an area of known size, a buffer that grows to a limit, or
// pieces that are written as they come.
class Target {
 public:
  virtual ~Target() = default;

  // Room for at least `least` bytes, more if it is at hand; behind what was committed, where the
  // format's units are not in steps.
  // Errors: output_limit, also where there is no room for all at once; out_of_memory; cancelled;
  // for a unit of known size, corrupt.
  [[nodiscard]] virtual Result<MutableBytes> room(std::size_t least) = 0;

  // Room for some of the `left` bytes that a unit of known size still gives, and for no more than
  // these; none when it gives no more.
  [[nodiscard]] Result<MutableBytes> room_for_rest(std::uint64_t left) {
    constexpr std::uint64_t piece = 64 << 10;
    if (left == 0) return MutableBytes();
    auto rest = room(static_cast<std::size_t>(std::min(left, piece)));
    if (rest && rest->size() > left) *rest = rest->first(static_cast<std::size_t>(left));
    return rest;
  }

  // The first `count` bytes of the room are now plain bytes.
  virtual void commit(std::size_t count) = 0;

  // All committed bytes; perhaps none of a unit in steps.
  [[nodiscard]] virtual ByteView view() const = 0;
};

// What decoding one unit found out, for the Verifier.
struct Decoded {
  std::uint64_t plain_size = 0;
  std::uint64_t checksum = 0;  // of the plain bytes, as the format combines it
  std::uint64_t tag = 0;       // the format's own
};

// Plain bytes: see Format::units_in_steps.
inline constexpr std::size_t unit_step = 128 << 10;

// Decodes units. Holds one library context, reused. One thread at a time.
class UnitDecoder {
 public:
  virtual ~UnitDecoder() = default;

  // Errors as a StreamDecoder's; `truncated` when the unit ends too early, which lets the engine
  // try it again joined with the next one (a mark that lied). Error::offset counts from the unit.
  [[nodiscard]] virtual Result<Decoded> decode(ByteView bytes, const Unit& unit,
                                               Target& target) = 0;
};

// A sum over plain bytes that cannot be combined from those of parts, and so takes all of them in
// order. One thread at a time, but any: it runs beside the Verifier, which compares.
class RunningSum {
 public:
  virtual ~RunningSum() = default;

  // Takes the plain bytes of the unit that comes next and sets decoded.checksum to the sum so far.
  // What begins a stream is known from the unit alone.
  virtual void add(const Unit& unit, ByteView plain, Decoded& decoded) = 0;
};

// Bytes of a unit that its Verifier may look at: the longest header of one.
inline constexpr std::size_t unit_head = 32;

// Checks, in order, that the units make the stream that its headers and trailers promise.
class Verifier {
 public:
  virtual ~Verifier() = default;

  // `bytes`: all of a frame; of data perhaps only the first `unit_head`. `decoded` and `plain` are
  // empty for a frame. Errors: corrupt, checksum_mismatch, truncated.
  [[nodiscard]] virtual Result<void> add(const Unit& unit, ByteView bytes, const Decoded& decoded,
                                         ByteView plain) = 0;

  // A StreamDecoder that goes on in the middle of a stream, at the beginning of the unit that comes
  // next, because that unit turned out not to be independent. `history`: the last plain bytes, up
  // to 64 KiB. Null when the format needs no such thing: then the unit's own error is final.
  [[nodiscard]] virtual Result<std::unique_ptr<StreamDecoder>> take_over(ByteView history) = 0;

  // Where take_over() gave null: whether the unit that comes next begins a stream, so that any
  // StreamDecoder can go on.
  [[nodiscard]] virtual bool at_stream() const { return true; }

  // Whether take_over() may ever give a decoder: the engine then keeps the history for it.
  [[nodiscard]] virtual bool may_take_over() const { return false; }

  // Called at the end of the input: nothing may be left open.
  [[nodiscard]] virtual Result<void> finish() = 0;

  // Adds to `info` the streams that ended among the units so far, and fills in what their headers
  // told, as StreamDecoder::describe() would.
  virtual void describe(StreamInfo& info) const = 0;
};

}  // namespace braid::codec
