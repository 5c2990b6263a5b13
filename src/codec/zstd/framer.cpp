#include <vector>

#include "base/byte_order.hpp"
#include "codec/zstd/frame.hpp"
#include "codec/zstd/zstd.hpp"

namespace braid::codec::zstd {

namespace {

// Frames stand side by side. Behind more than one comes the seek table of the seekable format: a
// skippable frame, which readers that do not know it pass over. Per frame it holds the compressed
// and the plain size as 32-bit numbers, then the number of frames, a descriptor (no checksums:
// every frame has its own) and a magic number of its own, found from the end of the file.
class SeekTableFramer final : public Framer {
 public:
  Result<void> begin(const StreamPlan& /*plan*/, bool /*only*/, Buffer& /*head*/) override {
    frames_.clear();
    wanted_ = true;
    return {};
  }

  Result<void> add(Piece& piece, ByteView /*plain*/, const ChunkPlace& place,
                   Buffer& /*head*/) override {
    wanted_ = wanted_ && !place.only() && frames_.size() < max_table_frames &&
              piece.bytes.size() <= UINT32_MAX && piece.plain_size <= max_frame_plain_size;
    if (wanted_) {
      frames_.push_back({static_cast<std::uint32_t>(piece.bytes.size()),
                         static_cast<std::uint32_t>(piece.plain_size)});
    } else {
      frames_ = {};
    }
    return {};
  }

  Result<void> finish(Buffer& tail) override {
    if (!wanted_) return {};
    const std::size_t size = frames_.size() * sizeof(Frame) + seekable_footer_size;
    tail.reserve(tail.size() + skippable_header_size + size);
    base::append_le(tail, seek_table_magic);
    base::append_le(tail, static_cast<std::uint32_t>(size));
    for (const Frame& frame : frames_) {
      base::append_le(tail, frame.compressed);
      base::append_le(tail, frame.plain);
    }
    base::append_le(tail, static_cast<std::uint32_t>(frames_.size()));
    base::append_byte(tail, 0);
    base::append_le(tail, seekable_footer_magic);
    return {};
  }

 private:
  struct Frame {
    std::uint32_t compressed;
    std::uint32_t plain;
  };

  static constexpr std::uint64_t max_frame_plain_size = 0x40000000;  // the seekable format's limit

  std::vector<Frame> frames_;
  bool wanted_ = true;
};

}  // namespace

Result<std::unique_ptr<Framer>> make_framer(const CompressionConfig& /*config*/) {
  return std::make_unique<SeekTableFramer>();
}

}  // namespace braid::codec::zstd
