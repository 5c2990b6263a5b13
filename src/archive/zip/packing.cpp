#include "archive/zip/packing.hpp"

#include <cstring>

#include "archive/zip/method.hpp"
#include "base/byte_order.hpp"
#include "base/try.hpp"

namespace braid::archive::zip {

namespace {

// What a member without seams is read, and passed on, by.
constexpr std::size_t plain_part_bytes = 1 << 20;

}  // namespace

Result<Packing> Packing::make(const CompressionConfig& config) {
  const auto method = method_of(config.algorithm());
  if (!method) {
    return Error{.code = Errc::invalid_argument,
                 .message = "zip archives have no " + std::string(info(config.algorithm()).name) +
                            "; they have deflate, zstd, xz, bzip2, lzma and none"};
  }
  BRAID_TRY(config.validate());
  if (!config.dictionary().empty()) {
    return Error{.code = Errc::invalid_argument,
                 .message = "zip archives cannot say that a dictionary was used"};
  }
  Packing packing;
  packing.config_ = &config;
  packing.format_ = &codec::format(config.algorithm());
  packing.method_ = *method;
  const bool cuts = !packing.stores() && packing.format_->chunk_size != nullptr;
  const std::size_t chunk = cuts ? packing.format_->chunk_size(config) : 0;
  packing.in_chunks_ = chunk != 0;
  packing.part_bytes_ = packing.in_chunks_ ? chunk : plain_part_bytes;
  return packing;
}

bool Packing::stores() const noexcept {
  return method_ == method_stored;
}

Result<Buffer> Packer::whole(ByteView plain) {
  if (members_ == nullptr) {
    BRAID_TRY_VALUE(members_, engine::EncodeContext::make(packing_.config()));
  }
  BRAID_TRY_VALUE(Buffer packed,
                  members_->compress(plain, std::pmr::get_default_resource(), std::stop_token()));
  if (packing_.method() != method_lzma) return packed;
  const std::size_t begin = reframe_lzma(packed.writable());
  std::memmove(packed.data(), packed.data() + begin, packed.size() - begin);
  packed.resize(packed.size() - begin);
  return packed;
}

Result<void> Packer::part(ByteView plain, const codec::ChunkPlace& place, codec::Piece& piece) {
  if (parts_ == nullptr) {
    BRAID_TRY_VALUE(parts_, packing_.format().make_chunk_encoder(packing_.config()));
  }
  return parts_->encode(plain, place, piece);
}

std::size_t reframe_lzma(MutableBytes bytes) noexcept {
  constexpr std::size_t file_header = 13;
  constexpr std::size_t member_header = 9;
  constexpr std::size_t properties = 5;
  constexpr std::size_t begin = file_header - member_header;
  std::memmove(bytes.data() + begin + 4, bytes.data(), properties);
  base::store_le<std::uint16_t>(bytes.data() + begin, 5 << 8 | 2);  // version of liblzma's kind
  base::store_le<std::uint16_t>(bytes.data() + begin + 2, properties);
  return begin;
}

}  // namespace braid::archive::zip
