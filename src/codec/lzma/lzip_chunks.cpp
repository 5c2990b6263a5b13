#include <algorithm>

#include "base/try.hpp"
#include "codec/joining_framer.hpp"
#include "codec/lzma/encode_slices.hpp"
#include "codec/lzma/lzip_format.hpp"
#include "codec/lzma/lzma.hpp"
#include "codec/lzma/options.hpp"

// Writing lzip as plzip does: one member a chunk.
namespace braid::codec::lzma {

namespace {

class MemberEncoder final : public ChunkEncoder {
 public:
  explicit MemberEncoder(const CompressionConfig& config) : options_(config, UINT64_MAX) {}

  Result<void> encode(ByteView chunk, const ChunkPlace& /*place*/, Piece& piece) override {
    options_.fit(chunk.size());
    if (const lzma_ret code = lzma_raw_encoder(coder_.get(), options_.chain()); code != LZMA_OK) {
      return encode_error(code);
    }
    const unsigned dictionary = lzip::code_of(options_.properties()->dict_size);
    Buffer& bytes = piece.bytes;
    bytes.clear();
    bytes.append(ByteView(lzip::magic.data(), lzip::magic.size()));
    const std::array<std::byte, 2> rest = {static_cast<std::byte>(lzip::version),
                                           static_cast<std::byte>(dictionary)};
    bytes.append(ByteView(rest.data(), rest.size()));
    BRAID_TRY(append_data(chunk, bytes));
    append_trailer(chunk, bytes);
    piece.plain_size = chunk.size();
    return {};
  }

 private:
  Result<void> append_data(ByteView chunk, Buffer& bytes) {
    // What cannot be compressed grows by little more than one percent.
    const std::size_t more = chunk.size() / 64 + 4096;
    bytes.resize(bytes.size() + chunk.size() + more);
    std::size_t done = lzip::header_size;
    for (;;) {
      BRAID_TRY_VALUE(const lzma_ret code, encode_in_slices(coder_, chunk, bytes.writable(), done,
                                                            [this] { return go_on(); }));
      if (code == LZMA_STREAM_END) break;
      if (code != LZMA_OK) return encode_error(code);
      bytes.resize(bytes.size() + more);
    }
    bytes.resize(done);
    return {};
  }

  static void append_trailer(ByteView chunk, Buffer& bytes) {
    std::array<std::byte, lzip::trailer_size> trailer;
    base::store_le(trailer.data(), lzma_crc32(octets(chunk), chunk.size(), 0));
    base::store_le(trailer.data() + 4, std::uint64_t{chunk.size()});
    base::store_le(trailer.data() + 12, std::uint64_t{bytes.size() + trailer.size()});
    bytes.append(ByteView(trailer.data(), trailer.size()));
  }

  EncoderOptions options_;
  Coder coder_;
};

}  // namespace

Result<std::unique_ptr<ChunkEncoder>> make_lzip_chunk_encoder(const CompressionConfig& config) {
  return std::make_unique<MemberEncoder>(config);
}

Result<std::unique_ptr<Framer>> make_lzip_framer(const CompressionConfig& /*config*/) {
  return std::make_unique<JoiningFramer>();
}

}  // namespace braid::codec::lzma
