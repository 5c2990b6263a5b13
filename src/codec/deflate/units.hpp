#pragma once

#include "codec/deflate/inflate_stream.hpp"
#include "codec/deflate/mark_scan.hpp"
#include "codec/deflate/readers.hpp"

// Reading in parts: which parts there are, and what happens to each. docs/formats/gzip.md tells how
// they look in a file.
namespace braid::codec::deflate {

// Unit::tag: what the unit is, or how it begins.
enum UnitTag : std::uint64_t {
  tag_head,        // frame: the header of a stream in parts
  tag_padding,     // frame: zeros between members
  tag_members,     // data: whole gzip members, each with its size in its header
  tag_first_part,  // data: deflate data; before it stands nothing but the header
  tag_part,        // data: deflate data
  tag_no_part,     // data: not cut, because no end was found where it must be: never decodes
};

// Unit::tag2: how a unit of deflate data ends. When the engine joins units, the later one's counts.
enum UnitEnd : std::uint64_t {
  end_mark,    // at a mark
  end_stream,  // with the stream, its trailer, and what else the input holds
};

enum class Wrapper : std::uint8_t { raw, zlib, gzip };

[[nodiscard]] constexpr Sum sum_of(Wrapper wrapper) noexcept {
  return wrapper == Wrapper::gzip   ? Sum::crc32
         : wrapper == Wrapper::zlib ? Sum::adler32
                                    : Sum::none;
}

[[nodiscard]] constexpr std::size_t trailer_size_of(Wrapper wrapper) noexcept {
  return wrapper == Wrapper::gzip   ? gzip_trailer_size
         : wrapper == Wrapper::zlib ? ZlibHeader::trailer_size
                                    : 0;
}

// gzip tells by its extra field what it is made of. zlib and raw data do not: there the marks
// themselves are taken for a hint.
class DeflateSplitter final : public Splitter {
 public:
  explicit DeflateSplitter(Wrapper wrapper) : wrapper_(wrapper) {}

  [[nodiscard]] Split next(ByteView ahead, bool last) override;
  void resume(std::uint64_t /*offset*/) override;

 private:
  enum class State : std::uint8_t { start, between, parts, done };

  [[nodiscard]] Split next_stream(ByteView ahead, bool last);
  [[nodiscard]] Split next_member(ByteView ahead, bool last);
  [[nodiscard]] Split next_members(ByteView ahead, bool last);
  [[nodiscard]] Split next_part(ByteView ahead, bool last);

  Wrapper wrapper_;
  State state_ = State::start;
  bool first_part_ = true;
  std::uint64_t part_size_ = Unit::unknown;  // plain bytes of every part but the last
  MarkScan scan_;
};

class DeflateUnitDecoder final : public UnitDecoder {
 public:
  // `dictionary` is what raw data begins with as history.
  DeflateUnitDecoder(Wrapper wrapper, ByteView dictionary)
      : wrapper_(wrapper), dictionary_(dictionary) {}

  [[nodiscard]] Result<Decoded> decode(ByteView bytes, const Unit& unit, Target& target) override;

 private:
  struct Run {
    Inflate::Status status;
    std::size_t consumed;
    std::uint64_t plain_size;
    std::uint32_t sum;
  };

  [[nodiscard]] Result<Run> run(ByteView bytes, Target& target, std::uint64_t limit);
  [[nodiscard]] Result<Decoded> decode_part(ByteView bytes, const Unit& unit, Target& target);
  [[nodiscard]] Result<Decoded> end_stream_part(ByteView bytes, const Run& run) const;
  [[nodiscard]] Result<Decoded> decode_members(ByteView bytes, Target& target);

  Wrapper wrapper_;
  ByteView dictionary_;
  Inflate inflate_;
};

class DeflateVerifier final : public Verifier {
 public:
  DeflateVerifier(Wrapper wrapper, ByteView dictionary)
      : wrapper_(wrapper), dictionary_(dictionary) {}

  [[nodiscard]] Result<void> add(const Unit& unit, ByteView bytes, const Decoded& decoded,
                                 ByteView plain) override;
  [[nodiscard]] Result<std::unique_ptr<StreamDecoder>> take_over(ByteView history) override;

  [[nodiscard]] bool may_take_over() const override { return true; }

  [[nodiscard]] Result<void> finish() override;
  void describe(StreamInfo& info) const override;

 private:
  [[nodiscard]] Result<void> add_part(const Unit& unit, ByteView bytes, const Decoded& decoded);
  void note_header(ByteView bytes);
  [[nodiscard]] std::unique_ptr<Reader> new_reader() const;

  Wrapper wrapper_;
  ByteView dictionary_;
  bool open_ = false;          // between a stream's header and its end
  std::uint64_t size_ = 0;     // plain bytes of the open stream
  std::uint32_t sum_ = 0;      // of them
  std::uint64_t streams_ = 0;  // ended
  std::optional<GzipHeader> first_;
};

}  // namespace braid::codec::deflate
