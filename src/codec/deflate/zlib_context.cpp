#include "codec/deflate/zlib_context.hpp"

#include <algorithm>
#include <limits>

#include "base/no_memory.hpp"
#include "codec/deflate/block_format.hpp"

namespace braid::codec::deflate {

namespace {

constexpr int default_memory_level = 8;

int zlib_strategy(const CompressionConfig& config) noexcept {
  switch (static_cast<Strategy>(config.get(Knob::strategy, 0))) {
    case Strategy::filtered:
      return Z_FILTERED;
    case Strategy::huffman_only:
      return Z_HUFFMAN_ONLY;
    case Strategy::rle:
      return Z_RLE;
    case Strategy::fixed:
      return Z_FIXED;
    default:
      return Z_DEFAULT_STRATEGY;
  }
}

int window_log(const CompressionConfig& config) noexcept {
  return static_cast<int>(config.get(Knob::window_log, max_window_log));
}

int memory_level(const CompressionConfig& config) noexcept {
  return static_cast<int>(config.get(Knob::memory_level, default_memory_level));
}

uInt capped(std::size_t size) noexcept {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

}  // namespace

ZlibContext::~ZlibContext() {
  if (opened_) deflateEnd(&stream_);
}

Result<void> ZlibContext::open(const CompressionConfig& config) {
  config_ = config;
  // A negative window asks for raw deflate.
  const int status = deflateInit2(&stream_, config.level(), Z_DEFLATED, -window_log(config),
                                  memory_level(config), zlib_strategy(config));
  if (status == Z_MEM_ERROR) {
    return base::no_memory("no memory for the compressor");
  }
  if (status != Z_OK) return Error{.code = Errc::internal, .message = "zlib refused its settings"};
  opened_ = true;
  return {};
}

void ZlibContext::begin(bool with_dictionary) noexcept {
  deflateReset(&stream_);
  const ByteView dictionary = config_.dictionary();
  if (with_dictionary && !dictionary.empty()) {
    // Only fails in the middle of a stream.
    deflateSetDictionary(&stream_, reinterpret_cast<const Bytef*>(dictionary.data()),
                         capped(dictionary.size()));
  }
}

Result<ZlibContext::Progress> ZlibContext::run(ByteView in, MutableBytes out, int mode) noexcept {
  const uInt in_size = capped(in.size());
  const uInt out_size = capped(out.size());
  // The library does not write to its input.
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data()));
  stream_.avail_in = in_size;
  stream_.next_out = reinterpret_cast<Bytef*>(out.data());
  stream_.avail_out = out_size;
  const int status = ::deflate(&stream_, in_size == in.size() ? mode : Z_NO_FLUSH);
  if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
    return Error{.code = Errc::internal, .message = "zlib refused to deflate"};
  }
  Progress progress{in_size - stream_.avail_in, out_size - stream_.avail_out, false};
  const bool all_taken = progress.consumed == in.size();
  progress.done = mode == Z_FINISH ? status == Z_STREAM_END : all_taken && stream_.avail_out != 0;
  return progress;
}

std::uint64_t zlib_memory(const CompressionConfig& config) noexcept {
  // zconf.h: "(1 << (windowBits+2)) + (1 << (memLevel+9))", "plus a few kilobytes".
  return (std::uint64_t{1} << (window_log(config) + 2)) +
         (std::uint64_t{1} << (memory_level(config) + 9)) + (std::uint64_t{16} << 10);
}

}  // namespace braid::codec::deflate
