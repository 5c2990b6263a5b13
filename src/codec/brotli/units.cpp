#include "codec/brotli/units.hpp"

#include <algorithm>

#include "codec/brotli/brotli.hpp"
#include "codec/outlook.hpp"

namespace braid::codec::brotli {

namespace {

// Larger parts are read in sequence: a unit is held in memory on both sides.
constexpr std::uint64_t largest_part = 256_MiB;

class PartSplitter final : public HeaderSplitter {
 public:
  void resume(std::uint64_t /*offset*/) override {
    in_stream_ = false;
    offset_ = 0;
  }

 private:
  Split cut(Outlook& ahead) override {
    const bool last = ahead.ended();
    const ByteView head = ahead.at(0, largest_block);
    Tag2 tag{.window = window_, .first = !in_stream_};
    if (!in_stream_) {
      const auto window = read_window(head);
      if (!window || window->log > most_window) return {.kind = Split::Kind::sequential};
      tag.window = *window;
    }
    const unsigned bits = tag.note_bits();
    const std::size_t note_size = note_end(bits);
    if (ahead.size() < note_size && !last && may_begin_block(head, bits)) {
      return {.kind = Split::Kind::need_input};
    }
    const auto block = read_block(head, bits);
    const bool usable =
        block && block->note.packed <= largest_part && block->note.plain <= largest_part;
    if (!usable) return in_stream_ ? broken(ahead, tag) : Split{.kind = Split::Kind::sequential};
    const std::uint64_t size = block->size + block->note.packed;
    if (ahead.size() < size && !last) return {.kind = Split::Kind::need_input};
    Split split{.kind = Split::Kind::unit,
                .unit = {.size = std::min<std::uint64_t>(size, ahead.size()),
                         .plain_size = block->note.plain,
                         .memory = decoder_memory(tag.window),
                         .tag = offset_,
                         .tag2 = tag.pack()}};
    window_ = tag.window;
    in_stream_ = !block->note.last;
    offset_ = in_stream_ ? offset_ + block->note.plain : 0;
    return split;
  }

  // The ring buffer, and another one that a first part, whose buffer grows, may have left.
  static std::uint64_t decoder_memory(const Window& window) {
    return (std::uint64_t{2} << window.log) + 1_MiB;
  }

  // Decoding a part alone takes its whole window; beyond the standard's, that is not worth it.
  static constexpr unsigned most_window = 24;

  // In mid-stream no StreamDecoder could go on: the unit's own error is final.
  // Enough of it for that error.
  Split broken(const Outlook& ahead, const Tag2& tag) const {
    return {.kind = Split::Kind::unit,
            .unit = {.size = std::min<std::uint64_t>(ahead.size(), 1_MiB),
                     .tag = offset_,
                     .tag2 = tag.pack()}};
  }

  bool in_stream_ = false;
  Window window_{};
  std::uint64_t offset_ = 0;
};

// The parts' lengths and checksums were checked where they were decoded; what is left is their
// order.
class PartVerifier final : public Verifier {
 public:
  Result<void> add(const Unit& unit, ByteView /*bytes*/, const Decoded& decoded,
                   ByteView /*plain*/) override {
    if (unit.tag != offset_ || Tag2::unpack(unit.tag2).first != !in_stream_) {
      return Error{.code = Errc::corrupt, .message = "a part is out of place"};
    }
    in_stream_ = decoded.tag == 0;
    offset_ = in_stream_ ? offset_ + decoded.plain_size : 0;
    streams_ += in_stream_ ? 0 : 1;
    return {};
  }

  Result<std::unique_ptr<StreamDecoder>> take_over(ByteView /*history*/) override {
    return std::unique_ptr<StreamDecoder>();
  }

  [[nodiscard]] bool at_stream() const override { return !in_stream_; }

  Result<void> finish() override {
    if (!in_stream_) return {};
    return Error{.code = Errc::truncated, .message = "the stream ends too early"};
  }

  void describe(StreamInfo& info) const override {
    info.streams += streams_;
    info.check = "XXH3-64";
  }

 private:
  bool in_stream_ = false;
  std::uint64_t offset_ = 0;
  std::uint64_t streams_ = 0;
};

}  // namespace

std::unique_ptr<Splitter> make_splitter() {
  return std::make_unique<PartSplitter>();
}

std::unique_ptr<Verifier> make_verifier(const DecoderSettings& /*settings*/) {
  return std::make_unique<PartVerifier>();
}

}  // namespace braid::codec::brotli
