#include "bench/raw_codecs.hpp"

#include <cstdlib>
#include <cstring>
#include <memory>

#include <brotli/decode.h>
#include <brotli/encode.h>
#include <bzlib.h>
#include <isa-l.h>
#include <libdeflate.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zstd.h>

namespace braid::bench {

namespace {

// A benchmark that computes nonsense measures nothing.
void require(bool good) {
  if (!good) std::abort();
}

const std::uint8_t* in(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

std::uint8_t* out(std::string& text) {
  return reinterpret_cast<std::uint8_t*>(text.data());
}

std::size_t gzip_isal(std::string_view plain, std::string& packed, int level) {
  isal_zstream stream;
  isal_deflate_init(&stream);
  static constexpr unsigned sizes[] = {ISAL_DEF_LVL0_DEFAULT, ISAL_DEF_LVL1_DEFAULT,
                                       ISAL_DEF_LVL2_DEFAULT, ISAL_DEF_LVL3_DEFAULT};
  const std::unique_ptr<std::uint8_t[]> buffer(new std::uint8_t[sizes[level]]);
  stream.level = static_cast<std::uint32_t>(level);
  stream.level_buf = buffer.get();
  stream.level_buf_size = sizes[level];
  stream.gzip_flag = IGZIP_GZIP;
  stream.end_of_stream = 1;
  stream.next_in = const_cast<std::uint8_t*>(in(plain));
  stream.avail_in = static_cast<std::uint32_t>(plain.size());
  stream.next_out = out(packed);
  stream.avail_out = static_cast<std::uint32_t>(packed.size());
  require(isal_deflate(&stream) == COMP_OK && stream.avail_in == 0);
  return stream.total_out;
}

std::size_t gzip_libdeflate(std::string_view plain, std::string& packed, int level) {
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(
      libdeflate_alloc_compressor(level), libdeflate_free_compressor);
  return libdeflate_gzip_compress(compressor.get(), plain.data(), plain.size(), packed.data(),
                                  packed.size());
}

void gunzip(std::string_view packed, std::string& plain) {
  inflate_state state;
  isal_inflate_init(&state);
  state.crc_flag = ISAL_GZIP;
  state.next_in = const_cast<std::uint8_t*>(in(packed));
  state.avail_in = static_cast<std::uint32_t>(packed.size());
  state.next_out = out(plain);
  state.avail_out = static_cast<std::uint32_t>(plain.size());
  require(isal_inflate(&state) == ISAL_DECOMP_OK && state.block_state == ISAL_BLOCK_FINISH);
}

std::size_t zstd(std::string_view plain, std::string& packed, int level) {
  const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(),
                                                                        ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  const std::size_t size =
      ZSTD_compress2(context.get(), packed.data(), packed.size(), plain.data(), plain.size());
  require(ZSTD_isError(size) == 0);
  return size;
}

void unzstd(std::string_view packed, std::string& plain) {
  require(ZSTD_decompress(plain.data(), plain.size(), packed.data(), packed.size()) ==
          plain.size());
}

std::size_t lz4(std::string_view plain, std::string& packed, int level) {
  LZ4F_preferences_t preferences{};
  preferences.frameInfo.blockSizeID = LZ4F_max4MB;
  preferences.frameInfo.blockMode = LZ4F_blockIndependent;
  preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
  preferences.compressionLevel = level;
  const std::size_t size =
      LZ4F_compressFrame(packed.data(), packed.size(), plain.data(), plain.size(), &preferences);
  require(LZ4F_isError(size) == 0);
  return size;
}

void unlz4(std::string_view packed, std::string& plain) {
  LZ4F_dctx* context = nullptr;
  require(LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)) == 0);
  std::size_t produced = 0;
  std::size_t consumed = 0;
  LZ4F_decompressOptions_t options{};
  options.stableDst = 1;
  for (;;) {
    std::size_t room = plain.size() - produced;
    std::size_t given = packed.size() - consumed;
    const std::size_t hint = LZ4F_decompress(context, plain.data() + produced, &room,
                                             packed.data() + consumed, &given, &options);
    require(LZ4F_isError(hint) == 0);
    produced += room;
    consumed += given;
    if (hint == 0) break;
  }
  LZ4F_freeDecompressionContext(context);
  require(produced == plain.size());
}

std::size_t xz(std::string_view plain, std::string& packed, int level) {
  std::size_t size = 0;
  require(lzma_easy_buffer_encode(static_cast<std::uint32_t>(level), LZMA_CHECK_CRC64, nullptr,
                                  in(plain), plain.size(), out(packed), &size,
                                  packed.size()) == LZMA_OK);
  return size;
}

void unxz(std::string_view packed, std::string& plain) {
  std::uint64_t limit = UINT64_MAX;
  std::size_t consumed = 0;
  std::size_t produced = 0;
  require(lzma_stream_buffer_decode(&limit, 0, nullptr, in(packed), &consumed, packed.size(),
                                    out(plain), &produced, plain.size()) == LZMA_OK);
}

std::size_t bzip2(std::string_view plain, std::string& packed, int level) {
  auto size = static_cast<unsigned>(packed.size());
  require(BZ2_bzBuffToBuffCompress(packed.data(), &size, const_cast<char*>(plain.data()),
                                   static_cast<unsigned>(plain.size()), level, 0, 0) == BZ_OK);
  return size;
}

void bunzip2(std::string_view packed, std::string& plain) {
  auto size = static_cast<unsigned>(plain.size());
  require(BZ2_bzBuffToBuffDecompress(plain.data(), &size, const_cast<char*>(packed.data()),
                                     static_cast<unsigned>(packed.size()), 0, 0) == BZ_OK);
}

std::size_t brotli(std::string_view plain, std::string& packed, int level) {
  std::size_t size = packed.size();
  require(BrotliEncoderCompress(level, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, plain.size(),
                                in(plain), &size, out(packed)) == BROTLI_TRUE);
  return size;
}

void unbrotli(std::string_view packed, std::string& plain) {
  std::size_t size = plain.size();
  require(BrotliDecoderDecompress(packed.size(), in(packed), &size, out(plain)) ==
          BROTLI_DECODER_RESULT_SUCCESS);
}

}  // namespace

// The gzip levels name the engine that braid maps them to; see docs/benchmarks/deflate-levels.md.
const RawCodec raw_codecs[] = {
    {"gzip", 1, [](std::string_view p, std::string& o, int) { return gzip_isal(p, o, 1); }, gunzip},
    {"gzip", 6, gzip_libdeflate, gunzip},
    {"gzip", 9, gzip_libdeflate, gunzip},
    {"zstd", 1, zstd, unzstd},
    {"zstd", 3, zstd, unzstd},
    {"zstd", 9, zstd, unzstd},
    {"lz4", 1, lz4, unlz4},
    {"lz4", 9, lz4, unlz4},
    {"xz", 1, xz, unxz},
    {"bzip2", 9, bzip2, bunzip2},
    {"brotli", 1, brotli, unbrotli},
    {"brotli", 5, brotli, unbrotli},
};
const std::size_t raw_codec_count = sizeof raw_codecs / sizeof *raw_codecs;

}  // namespace braid::bench
