#include "tests/robustness/reference.hpp"

#include <algorithm>
#include <vector>

#include <brotli/decode.h>
#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

namespace braid::testing {

namespace {

// Room for a step; what a step put there is taken over by take().
class Plain {
 public:
  explicit Plain(std::size_t most) : most_(most), room_(64 << 10) {}

  char* room() { return room_.data(); }
  [[nodiscard]] std::size_t size() const { return room_.size(); }

  // False when it became too much.
  bool take(std::size_t count) {
    text_.append(room_.data(), count);
    return text_.size() <= most_;
  }

  Reference restored() && { return {Verdict::restored, std::move(text_)}; }

 private:
  std::size_t most_;
  std::vector<char> room_;
  std::string text_;
};

const Reference refused{Verdict::refused};
const Reference too_large{Verdict::too_large};

Reference inflate_all(std::string_view packed, std::size_t most, int window_bits, bool members) {
  Plain plain(most);
  z_stream stream{};
  inflateInit2(&stream, window_bits);
  std::string copy(packed);  // zlib wants it writable
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  Reference result = refused;
  for (;;) {
    stream.next_out = reinterpret_cast<Bytef*>(plain.room());
    stream.avail_out = static_cast<uInt>(plain.size());
    const int status = inflate(&stream, Z_NO_FLUSH);
    if (!plain.take(plain.size() - stream.avail_out)) {
      result = too_large;
      break;
    }
    if (status == Z_STREAM_END) {
      if (members) {  // zeros behind the last member are a tape's padding
        while (stream.avail_in != 0 && *stream.next_in == 0) {
          ++stream.next_in;
          --stream.avail_in;
        }
      }
      if (stream.avail_in == 0) result = std::move(plain).restored();
      if (stream.avail_in == 0 || !members) break;
      inflateReset(&stream);
    } else if (status != Z_OK) {
      break;
    }
  }
  inflateEnd(&stream);
  return result;
}

Reference zstd_all(std::string_view packed, std::size_t most) {
  Plain plain(most);
  ZSTD_DCtx* context = ZSTD_createDCtx();
  ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 30);
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  Reference result = refused;
  std::size_t wanted = 1;
  for (;;) {
    ZSTD_outBuffer out{plain.room(), plain.size(), 0};
    wanted = ZSTD_decompressStream(context, &out, &in);
    if (ZSTD_isError(wanted) != 0) break;
    if (!plain.take(out.pos)) {
      result = too_large;
      break;
    }
    if (in.pos == in.size && out.pos < out.size) {
      if (wanted == 0) result = std::move(plain).restored();
      break;
    }
  }
  ZSTD_freeDCtx(context);
  return result;
}

Reference lzma_all(Algorithm algorithm, std::string_view packed, std::size_t most) {
  Plain plain(most);
  lzma_stream stream = LZMA_STREAM_INIT;
  const lzma_ret made = algorithm == Algorithm::lzma ? lzma_alone_decoder(&stream, 1 << 30)
                        : algorithm == Algorithm::lzip
                            ? lzma_lzip_decoder(&stream, 1 << 30, LZMA_CONCATENATED)
                            : lzma_stream_decoder(&stream, 1 << 30, LZMA_CONCATENATED);
  Reference result = refused;
  stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
  stream.avail_in = packed.size();
  while (made == LZMA_OK) {
    stream.next_out = reinterpret_cast<std::uint8_t*>(plain.room());
    stream.avail_out = plain.size();
    const lzma_ret status = lzma_code(&stream, LZMA_FINISH);
    if (!plain.take(plain.size() - stream.avail_out)) {
      result = too_large;
      break;
    }
    if (status == LZMA_STREAM_END && algorithm == Algorithm::lzip && stream.avail_in != 0 &&
        *stream.next_in == 0) {  // padding
      for (; stream.avail_in != 0 && *stream.next_in == 0; --stream.avail_in) ++stream.next_in;
      if (stream.avail_in != 0 &&
          lzma_lzip_decoder(&stream, 1 << 30, LZMA_CONCATENATED) == LZMA_OK) {
        continue;
      }
    }
    if (status == LZMA_STREAM_END && stream.avail_in == 0) result = std::move(plain).restored();
    if (status != LZMA_OK) break;
  }
  lzma_end(&stream);
  return result;
}

Reference bzip2_all(std::string_view packed, std::size_t most) {
  Plain plain(most);
  std::string copy(packed);
  char* next = copy.data();
  auto left = static_cast<unsigned>(copy.size());
  Reference result = refused;
  for (bool more = left != 0; more;) {
    bz_stream stream{};
    BZ2_bzDecompressInit(&stream, 0, 0);
    stream.next_in = next;
    stream.avail_in = left;
    int status = BZ_OK;
    while (status == BZ_OK) {
      stream.next_out = plain.room();
      stream.avail_out = static_cast<unsigned>(plain.size());
      status = BZ2_bzDecompress(&stream);
      const bool stuck = stream.avail_in == 0 && stream.avail_out != 0;
      if (!plain.take(plain.size() - stream.avail_out)) {
        result = too_large;
        status = BZ_OUTBUFF_FULL;
      } else if (status == BZ_OK && stuck) {
        status = BZ_UNEXPECTED_EOF;
      }
    }
    next = stream.next_in;
    left = stream.avail_in;
    BZ2_bzDecompressEnd(&stream);
    for (; status == BZ_STREAM_END && left != 0 && *next == 0; --left) ++next;  // padding
    if (status == BZ_STREAM_END && left == 0) result = std::move(plain).restored();
    more = status == BZ_STREAM_END && left != 0;
  }
  return result;
}

Reference brotli_all(std::string_view packed, std::size_t most) {
  Plain plain(most);
  BrotliDecoderState* state = BrotliDecoderCreateInstance(nullptr, nullptr, nullptr);
  const auto* next = reinterpret_cast<const std::uint8_t*>(packed.data());
  std::size_t left = packed.size();
  Reference result = refused;
  for (;;) {
    auto* room = reinterpret_cast<std::uint8_t*>(plain.room());
    std::size_t space = plain.size();
    const auto status = BrotliDecoderDecompressStream(state, &left, &next, &space, &room, nullptr);
    if (!plain.take(plain.size() - space)) {
      result = too_large;
      break;
    }
    if (status == BROTLI_DECODER_RESULT_SUCCESS && left == 0) result = std::move(plain).restored();
    if (status != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) break;
  }
  BrotliDecoderDestroyInstance(state);
  return result;
}

Reference lz4_all(std::string_view packed, std::size_t most) {
  Plain plain(most);
  LZ4F_dctx* context = nullptr;
  LZ4F_createDecompressionContext(&context, LZ4F_VERSION);
  Reference result = refused;
  for (std::size_t at = 0;;) {
    std::size_t consumed = packed.size() - at;
    std::size_t produced = plain.size();
    const std::size_t hint =
        LZ4F_decompress(context, plain.room(), &produced, packed.data() + at, &consumed, nullptr);
    if (LZ4F_isError(hint) != 0) break;
    at += consumed;
    if (!plain.take(produced)) {
      result = too_large;
      break;
    }
    if (hint == 0 && at == packed.size()) {
      result = std::move(plain).restored();
      break;
    }
    if (hint != 0 && at == packed.size() && produced < plain.size()) break;
  }
  LZ4F_freeDecompressionContext(context);
  return result;
}

}  // namespace

std::optional<Reference> read_by_library(Algorithm algorithm, std::string_view packed,
                                         std::size_t most) {
  switch (algorithm) {
    case Algorithm::deflate:
      return inflate_all(packed, most, -15, false);
    case Algorithm::zlib:
      return inflate_all(packed, most, 15, false);
    case Algorithm::gzip:
      return inflate_all(packed, most, 31, true);
    case Algorithm::zstd:
      return zstd_all(packed, most);
    case Algorithm::lz4:
      return lz4_all(packed, most);
    case Algorithm::xz:
    case Algorithm::lzma:
    case Algorithm::lzip:
      return lzma_all(algorithm, packed, most);
    case Algorithm::bzip2:
      return bzip2_all(packed, most);
    case Algorithm::brotli:
      return brotli_all(packed, most);
    default:
      return std::nullopt;
  }
}

}  // namespace braid::testing
