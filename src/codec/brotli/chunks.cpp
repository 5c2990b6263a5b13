#include <algorithm>
#include <bit>
#include <cstring>

#include "base/no_memory.hpp"
#include "base/try.hpp"
#include "codec/brotli/brotli.hpp"
#include "codec/brotli/options.hpp"
#include "codec/brotli/part.hpp"
#include "codec/brotli/part_sum.hpp"

namespace braid::codec::brotli {

namespace {

Error no_memory() {
  return base::no_memory("no memory to encode");
}

// Runs one operation over all of `in`, appending to `out`.
bool run(BrotliEncoderState* state, BrotliEncoderOperation operation, ByteView in, Buffer& out) {
  const auto* next_in = reinterpret_cast<const std::uint8_t*>(in.data());
  std::size_t left = in.size();
  std::size_t used = out.size();
  do {
    if (out.capacity() - used < 1024) out.reserve(out.capacity() + out.capacity() / 2 + 4096);
    out.resize(out.capacity());
    std::size_t room = out.size() - used;
    auto* next_out = reinterpret_cast<std::uint8_t*>(out.data() + used);
    const bool good = BrotliEncoderCompressStream(state, operation, &left, &next_in, &room,
                                                  &next_out, nullptr) != BROTLI_FALSE;
    used = out.size() - room;
    out.resize(used);
    if (!good) return false;
  } while (left != 0 || BrotliEncoderHasMoreOutput(state) != BROTLI_FALSE);
  return true;
}

// One part a chunk, each made by a context of its own that is told where in the stream it stands.
class PartEncoder final : public ChunkEncoder {
 public:
  explicit PartEncoder(const CompressionConfig& config) : options_(config) {}

  Result<void> encode(ByteView chunk, const ChunkPlace& place, Piece& piece) override {
    piece.bytes.clear();
    piece.plain_size = chunk.size();
    piece.checksum = place.only() ? 0 : PartSum::of(chunk);
    piece.bytes.reserve(room_for(chunk));
    auto state = options_.start(memory_, window(chunk, place), place.offset, chunk.size());

    std::size_t note_at = 0;
    const bool first = place.offset == 0;
    if (first && !place.only()) {
      // The window bits are the encoder's, so it also writes the first note, still without sizes.
      const auto blank = write(Note{});
      if (!run(state.get(), BROTLI_OPERATION_EMIT_METADATA, blank, piece.bytes)) return no_memory();
      note_at = piece.bytes.size() - Note::size;
    }
    const std::size_t head = piece.bytes.size();
    const auto operation = place.last ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_FLUSH;
    const std::size_t slice = options_.level < least_sliced_level ? chunk.size() : encoder_slice;
    ByteView rest = chunk;
    for (; rest.size() > slice; rest = rest.drop(slice)) {
      BRAID_TRY(go_on());
      if (!run(state.get(), BROTLI_OPERATION_PROCESS, rest.first(slice), piece.bytes)) {
        return no_memory();
      }
    }
    if (!run(state.get(), operation, rest, piece.bytes)) return no_memory();
    if (first && !place.only()) {
      BRAID_TRY_VALUE(const Note note, note_of(piece, piece.bytes.size() - head, place));
      const auto content = write(note);
      std::memcpy(piece.bytes.data() + note_at, content.data(), content.size());
    }
    return {};
  }

  static Result<Note> note_of(const Piece& piece, std::size_t packed, const ChunkPlace& place) {
    if (packed > UINT32_MAX || piece.plain_size > UINT32_MAX) {
      return Error{.code = Errc::internal, .message = "a part is too long for its note"};
    }
    return Note{.last = place.last,
                .packed = static_cast<std::uint32_t>(packed),
                .plain = static_cast<std::uint32_t>(piece.plain_size),
                .checksum = piece.checksum};
  }

 private:
  // Levels 0 and 1 make a block of what they are given at a time, and are quick. The others gather
  // blocks themselves: for them slices change nothing.
  static constexpr int least_sliced_level = 2;
  static constexpr std::size_t encoder_slice = 256 << 10;

  // Levels 0 and 1 encode straight into the room when it is twice a block, of a window at most, and
  // go through memory of their own otherwise. What is not written to costs no page.
  [[nodiscard]] std::size_t room_for(ByteView chunk) const {
    const std::size_t usual = chunk.size() / 2 + 4096;
    if (options_.level > 1) return usual;
    return usual + 2 * std::min(chunk.size(), std::size_t{1} << options_.window_log);
  }

  // All parts of a stream share the window; one that stands alone takes what it can use.
  [[nodiscard]] unsigned window(ByteView chunk, const ChunkPlace& place) const {
    if (!place.only() || options_.window_chosen) return options_.window_log;
    const auto enough = static_cast<unsigned>(std::bit_width(chunk.size() + 15));
    return std::clamp(enough, 16U, options_.window_log);
  }

  EncoderOptions options_;
  Memory memory_;
};

class PartFramer final : public Framer {
 public:
  Result<void> begin(const StreamPlan& /*plan*/, bool /*only*/, Buffer& /*head*/) override {
    return {};
  }

  Result<void> add(Piece& piece, ByteView /*plain*/, const ChunkPlace& place,
                   Buffer& head) override {
    if (place.offset == 0) return {};  // the encoder has written the first note
    BRAID_TRY_VALUE(const Note note, PartEncoder::note_of(piece, piece.bytes.size(), place));
    head.append(write_block(note));
    return {};
  }

  Result<void> finish(Buffer& /*tail*/) override { return {}; }
};

}  // namespace

Result<std::unique_ptr<ChunkEncoder>> make_chunk_encoder(const CompressionConfig& config) {
  return std::make_unique<PartEncoder>(config);
}

Result<std::unique_ptr<Framer>> make_framer(const CompressionConfig& /*config*/) {
  return std::make_unique<PartFramer>();
}

}  // namespace braid::codec::brotli
