#include "codec/brotli/options.hpp"

#include <algorithm>
#include <bit>
#include <new>

#include "codec/brotli/brotli.hpp"

namespace braid::codec::brotli {

namespace {

bool single(const CompressionConfig& config) {
  return static_cast<Layout>(config.get(Knob::layout, 0)) == Layout::single;
}

// Below the levels that search in earnest, a window beyond the library's default finds nothing more
// and costs a tenth of the time: what is looked up no longer lies in the cache. At 8 and 9 each
// doubling finds 0.8 % and costs half as much time again, for readers too: once is enough to come
// near a stream with the largest window.
// Levels 0 and 1 look back 2^18 bytes, and forget what they have seen after each window: twice a
// megabyte costs 0.5 % in size, and the least memory is the fastest to go through.
unsigned default_window(int level) {
  if (level <= 1) return 20;
  if (level <= 7) return BROTLI_DEFAULT_WINDOW;
  return level <= 9 ? BROTLI_DEFAULT_WINDOW + 1 : BROTLI_MAX_WINDOW_BITS;
}

// Parts share no history, and the higher the level, the more it would have found there. With these
// sizes the loss stays under 1.5 % of what one stream of the largest standard window takes.
std::size_t default_part(int level) {
  if (level <= 3) return 4 << 20;
  if (level <= 7) return 16 << 20;
  return level == 9 ? 48 << 20 : 32 << 20;
}

}  // namespace

Result<void> validate(const CompressionConfig& config) {
  if (single(config) && config.is_set(Knob::chunk_size)) {
    return Error{.code = Errc::invalid_argument,
                 .message = "chunk_size has no meaning in the layout of a single part",
                 .algorithm = Algorithm::brotli};
  }
  return {};
}

std::size_t chunk_size(const CompressionConfig& config) {
  if (single(config)) return 0;
  const auto otherwise = static_cast<std::int64_t>(default_part(config.level()));
  return static_cast<std::size_t>(config.get(Knob::chunk_size, otherwise));
}

EncoderOptions::EncoderOptions(const CompressionConfig& config)
    : level(config.level()),
      window_log(default_window(config.level())),
      window_chosen(config.is_set(Knob::window_log)),
      mode(static_cast<std::uint32_t>(config.get(Knob::text_mode, BROTLI_MODE_GENERIC))) {
  if (window_chosen) {
    window_log = static_cast<unsigned>(config.get(Knob::window_log, BROTLI_MAX_WINDOW_BITS));
  } else if (const std::size_t chunk = chunk_size(config); chunk != 0) {
    // No part can use more, and readers of parts pay for it. Levels 0 and 1 know no less than 18.
    const auto enough = static_cast<unsigned>(std::bit_width(chunk - 1));
    window_log = std::clamp(enough, 18U, window_log);
  }
}

EncoderState EncoderOptions::start(Memory& memory, unsigned window, std::uint64_t offset,
                                   std::uint64_t size_hint) const {
  EncoderState state(BrotliEncoderCreateInstance(Memory::allocate, Memory::release, &memory));
  if (state == nullptr) throw std::bad_alloc();
  const auto set = [&](BrotliEncoderParameter name, std::uint64_t value) {
    // Both limits are the library's: 2^30, beyond which larger values would change nothing.
    constexpr std::uint64_t most = std::uint64_t{1} << 30;
    // Cannot fail: values were validated and nothing was encoded yet.
    (void)BrotliEncoderSetParameter(state.get(), name,
                                    static_cast<std::uint32_t>(std::min(value, most)));
  };
  set(BROTLI_PARAM_QUALITY, static_cast<std::uint64_t>(level));
  set(BROTLI_PARAM_MODE, mode);
  set(BROTLI_PARAM_LARGE_WINDOW, window > BROTLI_MAX_WINDOW_BITS ? 1 : 0);
  set(BROTLI_PARAM_LGWIN, window);
  set(BROTLI_PARAM_SIZE_HINT, std::max<std::uint64_t>(size_hint, 1));
  if (offset != 0) set(BROTLI_PARAM_STREAM_OFFSET, offset);
  return state;
}

std::uint64_t encoder_memory(const CompressionConfig& config) {
  const EncoderOptions options(config);
  const std::uint64_t window = std::uint64_t{1} << options.window_log;
  const std::size_t part = chunk_size(config);
  // The ring buffer; from level 10 on also a binary tree of two 32-bit links a byte of window; a
  // table of positions; from level 2 on a list of commands for up to 16 MiB, in the sizes that it
  // has had (see Memory). Measured, and rounded up.
  const std::uint64_t history = part == 0 ? window : std::min<std::uint64_t>(window, part);
  const std::uint64_t listed = part == 0 ? 16_MiB : std::min<std::uint64_t>(part, 16_MiB);
  std::uint64_t memory = 2 * history + 4_MiB;
  if (options.level >= 2) memory += 4 * listed;
  if (options.level >= 10) memory += 8 * history + 64_MiB;
  if (options.level >= 5 && options.level <= 9) {
    memory += std::uint64_t{1} << (options.level + 16);  // 2^15 buckets of 2^(level-1) entries
  }
  return memory;
}

}  // namespace braid::codec::brotli
