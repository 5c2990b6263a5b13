#pragma once

#include <memory>

#include "archive/zip/member.hpp"
#include "codec/format.hpp"
#include "engine/codec_context.hpp"

namespace braid::archive::zip {

// How the members of one archive are packed.
class Packing {
 public:
  // `config` is borrowed. Errors: invalid_argument, for an algorithm that zip lacks and for
  // settings that readers would have to know.
  [[nodiscard]] static Result<Packing> make(const CompressionConfig& config);

  [[nodiscard]] const codec::Format& format() const noexcept { return *format_; }

  [[nodiscard]] const CompressionConfig& config() const noexcept { return *config_; }

  // Of members that get smaller by it; the others are stored.
  [[nodiscard]] std::uint16_t method() const noexcept { return method_; }

  // Nothing is packed at all.
  [[nodiscard]] bool stores() const noexcept;

  // Whether the parts of a large member are packed in any order, and joined.
  [[nodiscard]] bool in_chunks() const noexcept { return in_chunks_; }

  // Plain bytes that are packed at once: a whole member of up to this size, or a part of a larger.
  [[nodiscard]] std::size_t part_bytes() const noexcept { return part_bytes_; }

 private:
  const CompressionConfig* config_ = nullptr;
  const codec::Format* format_ = nullptr;
  std::uint16_t method_ = 0;
  bool in_chunks_ = false;
  std::size_t part_bytes_ = 0;
};

// Packs members and parts of members, with contexts kept from one to the next. One thread at a
// time.
class Packer {
 public:
  explicit Packer(const Packing& packing) : packing_(packing) {}

  // A whole member, as it is to be written. Errors: out_of_memory, internal.
  [[nodiscard]] Result<Buffer> whole(ByteView plain);

  // One part of a larger member, to be joined by the format's Framer. Errors: the same.
  [[nodiscard]] Result<void> part(ByteView plain, const codec::ChunkPlace& place,
                                  codec::Piece& piece);

 private:
  const Packing& packing_;
  std::unique_ptr<engine::EncodeContext> members_;
  std::unique_ptr<codec::ChunkEncoder> parts_;
};

// Turns the header of a .lzma file, at the beginning of `bytes`, into that of a zip member
// (APPNOTE 5.8.8), which is four bytes shorter: the first byte of the member is at the result.
[[nodiscard]] std::size_t reframe_lzma(MutableBytes bytes) noexcept;

}  // namespace braid::archive::zip
